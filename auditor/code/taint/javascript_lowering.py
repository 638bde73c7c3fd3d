"""Lowers the syntax trees of JavaScript and TypeScript: statements, functions and classes."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final

from tree_sitter import Node

from auditor.code.taint import ir
from auditor.code.taint.javascript_expressions import arguments, expression, target
from auditor.code.taint.javascript_functions import function, set_block
from auditor.code.taint.javascript_modules import exports, imports
from auditor.code.taint.javascript_nodes import line_of, member_name, text_of
from auditor.code.taint.javascript_parser import parse

_Body = tuple[ir.Stmt, ...]


def lower(path: str, text: bytes) -> ir.Module:
    """Lower one file. What the parser cannot read is left out of the tree, and nothing is raised for it."""
    return ir.Module(path, "javascript", block(parse(path, text).named_children))


def block(nodes: Iterable[Node]) -> _Body:
    """Lower statements in their order; functions first, as they may be called before they stand."""
    hoisted: list[ir.Stmt] = []
    found: list[ir.Stmt] = []
    for node in nodes:
        lowered = _STATEMENTS.get(node.type)
        if lowered is not None:
            (hoisted if node.type in _HOISTED else found).extend(lowered(node))
    return (*hoisted, *found)


class _Lazy:
    """A body that is lowered once, when it is first needed."""

    def __init__(self, node: Node | None) -> None:
        self._node = node

    @cached_property
    def lowered(self) -> _Body:
        node = self._node
        if node is None:
            return ()
        if node.type == "statement_block":
            return block(node.named_children)
        return (ir.Leave("return", expression(node), line_of(node)),)

    def __call__(self) -> _Body:
        return self.lowered


set_block(_Lazy)


def _inner(node: Node | None) -> _Body:
    """The statements of a branch or body, braces or none."""
    if node is None:
        return ()
    if node.type == "else_clause":
        return block(node.named_children)
    return block(node.named_children) if node.type == "statement_block" else block([node])


def _declaration(node: Node) -> _Body:
    found: list[ir.Stmt] = []
    for one in node.named_children:
        if one.type != "variable_declarator":
            continue
        name, value = one.child_by_field_name("name"), one.child_by_field_name("value")
        if name is None:
            continue
        if value is None:
            found.append(ir.Let(target(name), ir.Name(ir.UNKNOWN, line_of(one)), line_of(one)))
            continue
        kind = one.child_by_field_name("type")
        found.append(ir.Let(target(name), expression(value), line_of(one), annotation=_type(kind)))
    return tuple(found)


def _type(node: Node | None) -> ir.Expr | None:
    named = node.named_children if node is not None else []
    return ir.Name(text_of(named[0]), line_of(named[0])) if named and named[0].type == "type_identifier" else None


def _function(node: Node) -> _Body:
    return (ir.Define(function(node)),)


def _class(node: Node) -> _Body:
    made = class_of(node)
    return (made,) if made is not None else ()


def class_of(node: Node) -> ir.Class:
    """A class with its methods, its fields, and the fields its constructor's parameters make."""
    name = node.child_by_field_name("name")
    bases: list[ir.Expr] = []
    for heritage in (one for one in node.named_children if one.type == "class_heritage"):
        clauses = [one for one in heritage.named_children if one.type == "extends_clause"] or [heritage]
        bases.extend(expression(one) for clause in clauses for one in clause.named_children[:1])
    body: list[ir.Stmt] = []
    decorators: list[ir.Expr] = []
    inside = node.child_by_field_name("body")
    for one in inside.named_children if inside is not None else []:
        if one.type == "decorator":
            decorators.extend(expression(part) for part in one.named_children)
        elif one.type == "method_definition":
            body.append(ir.Define(function(one, method=True, decorators=tuple(decorators))))
            decorators = []
        elif one.type in {"field_definition", "public_field_definition"}:
            body.extend(_member(one))
    return ir.Class(text_of(name) if name else "", tuple(bases), tuple(body), (), (), line_of(node))


def _member(node: Node) -> _Body:
    name = node.child_by_field_name("property") or node.child_by_field_name("name")
    value = node.child_by_field_name("value")
    if name is None or value is None:
        return ()
    return (ir.Let(ir.Name(member_name(name), line_of(node)), expression(value), line_of(node)),)


def _expression(node: Node) -> _Body:
    return tuple(ir.Eval(expression(one), line_of(one)) for one in node.named_children[:1])


def _if(node: Node) -> _Body:
    test = node.child_by_field_name("condition")
    then, other = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    return (ir.If(expression(test), _inner(then), _inner(other), line_of(node)),)


def _for_in(node: Node) -> _Body:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    keys = operator is not None and operator.type == "in"
    where = target(left) if left is not None else None
    body = _inner(node.child_by_field_name("body"))
    return (ir.Loop(where, expression(right), None, body, line_of(node), keys=keys),)


def _for(node: Node) -> _Body:
    start = node.child_by_field_name("initializer")
    test, step = node.child_by_field_name("condition"), node.child_by_field_name("increment")
    body = _inner(node.child_by_field_name("body"))
    if step is not None:
        body = (*body, ir.Eval(expression(step), line_of(step)))
    condition = test.named_children[0] if test is not None and test.type == "expression_statement" else test
    loop = ir.Loop(None, None, expression(condition), body, line_of(node))
    return (*(block([start]) if start is not None else ()), loop)


def _while(node: Node) -> _Body:
    test = expression(node.child_by_field_name("condition"))
    return (ir.Loop(None, None, test, _inner(node.child_by_field_name("body")), line_of(node)),)


def _try(node: Node) -> _Body:
    caught, final = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
    handlers: tuple[ir.Handler, ...] = ()
    if caught is not None:
        name = caught.child_by_field_name("parameter")
        body = _inner(caught.child_by_field_name("body"))
        handlers = (ir.Handler(target(name) if name is not None else None, body),)
    closing = _inner(final.child_by_field_name("body")) if final is not None else ()
    return (ir.Try(_inner(node.child_by_field_name("body")), handlers, closing, line_of(node)),)


def _switch(node: Node) -> _Body:
    """Cases as a chain of comparisons; a case that falls through shares the body of the next."""
    subject = expression(node.child_by_field_name("value"))
    body = node.child_by_field_name("body")
    chain: _Body = ()
    following: _Body = ()
    cases: list[tuple[ir.Expr | None, _Body]] = []
    for case in reversed(body.named_children if body is not None else []):
        label = case.child_by_field_name("value")
        inside = block(one for one in case.named_children if one != label)
        falls = not inside or not isinstance(inside[-1], ir.Leave)
        own = (*inside, *following) if falls else inside
        following = own
        test = ir.Compare("==", subject, expression(label), line_of(case)) if label is not None else None
        kept = tuple(one for one in own if not (isinstance(one, ir.Leave) and one.kind == "break"))
        cases.append((test, kept))
    for label_test, own in cases:
        if label_test is None:
            chain = own
    for label_test, own in cases:
        if label_test is not None:
            chain = (ir.If(label_test, own, chain, line_of(node)),)
    return chain


def _leave(kind: str) -> Callable[[Node], _Body]:
    def lowered(node: Node) -> _Body:
        inside = node.named_children if kind in {"return", "raise"} else []
        inside = [one for one in inside if one.type != "comment"]
        return (ir.Leave(kind, expression(inside[0]) if inside else None, line_of(node)),)

    return lowered


def _decorated(node: Node) -> _Body:
    return block(node.named_children)


_HOISTED: Final = frozenset({"function_declaration", "generator_function_declaration", "import_statement"})
_STATEMENTS: dict[str, Callable[[Node], _Body]] = {
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "using_declaration": _declaration,
    "function_declaration": _function,
    "generator_function_declaration": _function,
    "class_declaration": _class,
    "abstract_class_declaration": _class,
    "expression_statement": _expression,
    "if_statement": _if,
    "for_in_statement": _for_in,
    "for_statement": _for,
    "while_statement": _while,
    "do_statement": _while,
    "try_statement": _try,
    "switch_statement": _switch,
    "return_statement": _leave("return"),
    "throw_statement": _leave("raise"),
    "break_statement": _leave("break"),
    "continue_statement": _leave("continue"),
    "import_statement": imports,
    "export_statement": lambda node: exports(node, block),
    "statement_block": lambda node: block(node.named_children),
    "labeled_statement": lambda node: _inner(node.child_by_field_name("body")),
    "ERROR": _decorated,
}
__all__ = ["arguments", "block", "class_of", "lower"]
