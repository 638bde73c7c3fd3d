"""Lowers imports and exports of JavaScript and TypeScript."""

from collections.abc import Callable, Iterable
from typing import Final

from tree_sitter import Node

from auditor.code.taint import ir
from auditor.code.taint.javascript_expressions import expression
from auditor.code.taint.javascript_nodes import line_of, string_value, text_of

_Body = tuple[ir.Stmt, ...]
DEFAULT: Final = "default"


def imports(node: Node) -> _Body:
    """Bindings of an import."""
    source = node.child_by_field_name("source")
    module = string_value(source) if source is not None else ""
    line = line_of(node)
    found: list[ir.Stmt] = []
    for clause in (one for one in node.named_children if one.type == "import_clause"):
        for one in clause.named_children:
            if one.type == "identifier":
                found.append(ir.Import(module, DEFAULT, text_of(one), 0, line))
            elif one.type == "namespace_import":
                found.extend(ir.Import(module, "", text_of(part), 0, line) for part in one.named_children)
            elif one.type == "named_imports":
                found.extend(_specifier(part, module) for part in one.named_children if part.type == "import_specifier")
    return tuple(found) or (ir.Import(module, "", "", 0, line),)


def _specifier(node: Node, module: str) -> ir.Stmt:
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    member = text_of(name) if name is not None else ""
    return ir.Import(module, member, text_of(alias) if alias is not None else member, 0, line_of(node))


def exports(node: Node, block: Callable[[Iterable[Node]], _Body]) -> _Body:
    """Exports are members of `exports`, whichever way they are written."""
    inner, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
    source = node.child_by_field_name("source")
    line = line_of(node)
    is_default = any(one.type == "default" for one in node.children)
    if value is not None:
        return (_exported(DEFAULT, expression(value), line),)
    if inner is not None:
        body = block([inner])
        names = [name for one in body for name in _names(one)]
        return (*body, *(_exported(DEFAULT if is_default else name, ir.Name(name, line), line) for name in names))
    found: list[ir.Stmt] = []
    module = string_value(source) if source is not None else ""
    for clause in (one for one in node.named_children if one.type == "export_clause"):
        for part in clause.named_children:
            made = _specifier(part, module)
            if isinstance(made, ir.Import):
                if module:
                    found.append(made)
                found.append(_exported(made.name, ir.Name(made.name if module else made.member, line), line))
    if module and not found:
        found.append(ir.Import(module, "*", "\0exports", 0, line))
    return tuple(found)


def _exported(name: str, value: ir.Expr, line: int) -> ir.Stmt:
    return ir.Let(ir.Field(ir.Name("exports", line), name, line), value, line)


def _names(statement: ir.Stmt) -> tuple[str, ...]:
    if isinstance(statement, ir.Define):
        return (statement.function.name,)
    if isinstance(statement, ir.Class):
        return (statement.name,)
    if isinstance(statement, ir.Let):
        return _bound(statement.target)
    return ()


def _bound(where: ir.Target | None) -> tuple[str, ...]:
    if isinstance(where, ir.Name):
        return (where.name,)
    if isinstance(where, ir.RecordTarget):
        return tuple(name for _, one in where.targets for name in _bound(one))
    if isinstance(where, ir.ListTarget):
        return tuple(name for one in where.targets for name in _bound(one))
    return _bound(where.target) if isinstance(where, ir.DefaultTarget | ir.RestTarget) else ()
