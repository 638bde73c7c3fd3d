"""Lowers functions, methods and their parameters of JavaScript and TypeScript."""

import re
from collections.abc import Callable

from tree_sitter import Node

from auditor.code.taint import ir
from auditor.code.taint.javascript_expressions import set_function, target
from auditor.code.taint.javascript_nodes import line_of, member_name, text_of

_CONVERTING = re.compile(r"\bParse(?:Int|Float|Bool|UUID|Enum|Date)Pipe\b")
_Body = Callable[[], tuple[ir.Stmt, ...]]
_blocks: list[Callable[[Node | None], _Body]] = []


def set_block(made: Callable[[Node | None], _Body]) -> None:
    """Say how bodies are lowered: statements hold functions, and functions hold statements."""
    _blocks.append(made)


def function(node: Node, *, method: bool = False, decorators: tuple[ir.Expr, ...] = ()) -> ir.Function:
    """A function of any form."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    listed, single = node.child_by_field_name("parameters"), node.child_by_field_name("parameter")
    nodes = (
        [single]
        if single is not None
        else [one for one in listed.named_children if one.type != "comment"]
        if listed
        else []
    )
    parameters = tuple(_parameter(one) for one in nodes)
    lowered = _blocks[0](body)
    fields = tuple(field for one in nodes if (field := _own_field(one)))
    if fields:
        lowered = _with_fields(fields, lowered)
    arrow = node.type == "arrow_function"
    static = any(one.type == "static" for one in node.children)
    return ir.Function(
        member_name(name) if name is not None else "",
        parameters,
        lowered,
        decorators,
        line_of(node),
        method=method,
        static=static,
        arrow=arrow,
        accessor=next((one.type for one in node.children if one.type in {"get", "set"}), ""),
    )


def _with_fields(fields: tuple[str, ...], rest: _Body) -> _Body:
    """TypeScript's `constructor(private db)` also assigns `this.db`."""

    def body() -> tuple[ir.Stmt, ...]:
        return (*(ir.Let(ir.Field(ir.Name("this", 0), one, 0), ir.Name(one, 0), 0) for one in fields), *rest())

    return body


def _own_field(node: Node) -> str:
    modified = any(one.type in {"accessibility_modifier", "readonly", "override_modifier"} for one in node.children)
    pattern = node.child_by_field_name("pattern")
    return text_of(pattern) if modified and pattern is not None and pattern.type == "identifier" else ""


def _parameter(node: Node) -> ir.Parameter:
    decorators = [one for one in node.named_children if one.type == "decorator"]
    if node.type in {"required_parameter", "optional_parameter"}:
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        kind = node.child_by_field_name("type")
        where: ir.Target = target(pattern) if pattern is not None else ir.Name(ir.UNKNOWN, line_of(node))
        if value is not None:
            from auditor.code.taint.javascript_expressions import expression  # noqa: PLC0415

            where = ir.DefaultTarget(where, expression(value))
        if isinstance(where, ir.RestTarget):
            return ir.Parameter(where.target, None, "*")
        return ir.Parameter(where, _decorated(decorators) or annotation(kind))
    where = target(node)
    return ir.Parameter(where.target, None, "*") if isinstance(where, ir.RestTarget) else ir.Parameter(where)


def _decorated(decorators: list[Node]) -> ir.Expr | None:
    """NestJS's `@Query() q`: the decorator says what the parameter is."""
    for one in decorators:
        for part in one.named_children:
            callee = part.child_by_field_name("function") or part
            if _CONVERTING.search(text_of(part)):
                return ir.Name("number", line_of(callee))
            if callee.type == "identifier":
                return ir.Name(text_of(callee), line_of(callee))
    return None


def annotation(node: Node | None) -> ir.Expr | None:
    """The name of a type, without its arguments."""
    if node is None:
        return None
    for one in node.named_children:
        kind = one
        if kind.type == "generic_type":
            kind = kind.child_by_field_name("name") or kind
        if kind.type == "type_identifier":
            return ir.Name(text_of(kind), line_of(kind))
        if kind.type == "nested_type_identifier":
            parts = text_of(kind).split(".")
            found: ir.Expr = ir.Name(parts[0], line_of(kind))
            for part in parts[1:]:
                found = ir.Field(found, part, line_of(kind), attribute=True)
            return found
        if kind.type == "predefined_type":
            return ir.Name(text_of(kind), line_of(kind))
    return None


set_function(function)
