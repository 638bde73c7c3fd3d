"""Lowers the syntax trees of JavaScript and TypeScript: expressions and targets."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tree_sitter import Node

from auditor.code.taint import ir
from auditor.code.taint.javascript_nodes import line_of, member_name, string_value, text_of, unescaped

_functions: list[Callable[..., ir.Function]] = []
_COMPARISONS: Final = {
    "==": "==", "===": "==", "!=": "!=", "!==": "!=", "in": "in", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip
_LOGIC: Final = {"&&": "and", "||": "or", "??": "??"}


def set_function(made: Callable[..., ir.Function]) -> None:
    """Say how functions are lowered: expressions hold functions, and functions hold expressions."""
    _functions.append(made)


def expression(node: Node | None) -> ir.Expr:
    """Lower an expression; of what has no meaning for the flow of values, nothing is known."""
    while node is not None and node.type in _WRAPPERS:
        inside = [one for one in node.named_children if one.type != "comment"]
        node = inside[0] if inside else None
    if node is None:
        return ir.Name(ir.UNKNOWN, 0)
    lowered = _EXPRESSIONS.get(node.type)
    return lowered(node) if lowered is not None else ir.Name(ir.UNKNOWN, line_of(node))


def target(node: Node) -> ir.Target:
    """Lower what is assigned to."""
    lowered = _TARGETS.get(node.type)
    if lowered is not None:
        return lowered(node)
    made = expression(node)
    return made if isinstance(made, ir.Name | ir.Field | ir.Index) else ir.Name(ir.UNKNOWN, line_of(node))


def arguments(node: Node | None) -> tuple[ir.Arg, ...]:
    """The arguments of a call, or the items of an array."""
    found = []
    for one in node.named_children if node is not None else []:
        if one.type == "spread_element":
            found.append(ir.Arg(expression(one.named_children[0]), spread="*"))
        elif one.type != "comment":
            found.append(ir.Arg(expression(one)))
    return tuple(found)


def _list_target(node: Node) -> ir.Target:
    """Array patterns; a gap between two commas takes nothing."""
    targets: list[ir.Target | None] = []
    empty = True
    for one in node.children:
        if one.type == ",":
            if empty:
                targets.append(None)
            empty = True
        elif one.is_named and one.type != "comment":
            targets.append(target(one))
            empty = False
    return ir.ListTarget(tuple(targets), line_of(node))


def _record_target(node: Node) -> ir.Target:
    found: list[tuple[str, ir.Target]] = []
    for one in node.named_children:
        if one.type == "shorthand_property_identifier_pattern":
            found.append((text_of(one), ir.Name(text_of(one), line_of(one))))
        elif one.type == "pair_pattern":
            key, value = one.child_by_field_name("key"), one.child_by_field_name("value")
            if key is not None and value is not None:
                found.append((member_name(key), target(value)))
        elif one.type == "object_assignment_pattern":
            left, right = one.child_by_field_name("left"), one.child_by_field_name("right")
            if left is not None:
                name = ir.Name(text_of(left), line_of(one))
                found.append((name.name, ir.DefaultTarget(name, expression(right))))
        elif one.type == "rest_pattern":
            found.append(("", target(one.named_children[0])))
    return ir.RecordTarget(tuple(found), line_of(node))


def _default_target(node: Node) -> ir.Target:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    return ir.DefaultTarget(target(left), expression(right)) if left is not None else ir.Name(ir.UNKNOWN, line_of(node))


def _member(node: Node) -> ir.Expr:
    name = node.child_by_field_name("property")
    of = expression(node.child_by_field_name("object"))
    return ir.Field(of, text_of(name) if name else ir.UNKNOWN, line_of(name or node), attribute=True)


def _subscript(node: Node) -> ir.Expr:
    of, key = expression(node.child_by_field_name("object")), node.child_by_field_name("index")
    if key is not None and key.type == "string":
        return ir.Field(of, string_value(key), line_of(node))
    return ir.Index(of, expression(key), line_of(node))


def _call(node: Node) -> ir.Expr:
    callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    given = node.child_by_field_name("arguments")
    if callee is not None and callee.type == "identifier" and text_of(callee) == "await" and given is not None:
        return expression(given.named_children[0]) if given.named_children else expression(callee)
    lowered = expression(callee)
    line = lowered.line if isinstance(lowered, ir.Field) else line_of(node)
    if given is not None and given.type == "template_string":
        parts = [
            expression(one.named_children[0]) for one in given.named_children if one.type == "template_substitution"
        ]
        fixed = ir.Const(text_of(given)[:200], line)
        tagged = ir.Call(ir.Name("\0tag", line), (ir.Arg(fixed), *(ir.Arg(one) for one in parts)), line)
        return ir.Call(lowered, (ir.Arg(tagged),), line)
    return ir.Call(lowered, arguments(given), line, new=node.type == "new_expression")


def _template(node: Node) -> ir.Expr:
    parts: list[ir.Expr] = []
    for one in node.named_children:
        if one.type == "template_substitution":
            parts.append(expression(one.named_children[0] if one.named_children else None))
        else:
            text = text_of(one)
            parts.append(ir.Const(unescaped(text) if one.type == "escape_sequence" else text, line_of(one)))
    return ir.Text(tuple(parts), line_of(node), sure=True)


def _binary(node: Node) -> ir.Expr:
    operator = node.child_by_field_name("operator")
    kind = operator.type if operator is not None else ""
    operands: list[ir.Expr] = []
    left: Node | None = node
    while left is not None and left.type == "binary_expression" and _operator(left) == kind:
        operands.append(expression(left.child_by_field_name("right")))
        left = left.child_by_field_name("left")
    operands.append(expression(left))
    operands.reverse()
    line = line_of(node)
    if kind in _LOGIC:
        return ir.Logic(_LOGIC[kind], tuple(operands), line)
    if kind == "+":
        return ir.Text(tuple(operands), line)
    if kind in _COMPARISONS and len(operands) == 2:
        return ir.Compare(_COMPARISONS[kind], operands[0], operands[1], line)
    return ir.Number(tuple(operands), line)


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""


def _unary(node: Node) -> ir.Expr:
    of = node.child_by_field_name("argument")
    operator = _operator(node)
    if operator == "!":
        return ir.Not(expression(of), line_of(node))
    if operator == "typeof":
        return ir.Call(ir.Name("\0typeof", line_of(node)), (ir.Arg(expression(of)),), line_of(node))
    if operator == "-" and of is not None and of.type == "number":
        value = _number(of)
        return ir.Const(-value.value if isinstance(value.value, int | float) else None, line_of(node))
    return ir.Number((expression(of),), line_of(node))


def _number(node: Node) -> ir.Const:
    text = text_of(node).replace("_", "").rstrip("n")
    try:
        return ir.Const(int(text, 0), line_of(node))
    except ValueError:
        return ir.Const(0.5, line_of(node))


def _assignment(node: Node) -> ir.Expr:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    value = expression(right)
    if left is None:
        return value
    operator = _operator(node)
    if node.type == "augmented_assignment_expression":
        old = expression(left)
        if operator == "+=":
            value = ir.Text((old, value), line_of(node))
        elif operator in {"??=", "||=", "&&="}:
            value = ir.Logic("or", (old, value), line_of(node))
        else:
            return ir.Number((value,), line_of(node))
    return ir.Store(target(left), value, line_of(node))


def _record(node: Node) -> ir.Expr:
    entries: list[ir.Entry] = []
    for one in node.named_children:
        line = line_of(one)
        if one.type == "pair":
            key = one.child_by_field_name("key")
            value = expression(one.child_by_field_name("value"))
            computed = key.named_children[0] if key is not None and key.type == "computed_property_name" else None
            name = expression(computed) if computed is not None else ir.Const(member_name(key) if key else "", line)
            entries.append(ir.Entry(name, value, line))
        elif one.type == "shorthand_property_identifier":
            entries.append(ir.Entry(ir.Const(text_of(one), line), ir.Name(text_of(one), line), line))
        elif one.type == "spread_element":
            entries.append(ir.Entry(None, expression(one.named_children[0]), line))
        elif one.type == "method_definition":
            made = _functions[0](one)
            if made.accessor != "set":
                entries.append(ir.Entry(ir.Const(made.name, line), ir.Lambda(made, line), line))
    return ir.Record(tuple(entries), line_of(node))


def _either(node: Node) -> ir.Expr:
    return ir.Either(
        expression(node.child_by_field_name("condition")),
        expression(node.child_by_field_name("consequence")),
        expression(node.child_by_field_name("alternative")),
        line_of(node),
    )


def _class(node: Node) -> ir.Expr:
    from auditor.code.taint.javascript_lowering import class_of  # noqa: PLC0415 (a class may be an expression)

    made = class_of(node)
    name = made.name or "\0class"
    returned = (replace(made, name=name), ir.Leave("return", ir.Name(name, made.line), made.line))
    outer = ir.Function("", (), lambda: returned, (), made.line, arrow=True)
    return ir.Call(ir.Lambda(outer, made.line), (), made.line)


def _pattern(node: Node) -> ir.Expr:
    body, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
    return ir.Pattern(text_of(body) if body else "", text_of(flags) if flags else "", line_of(node))


_WRAPPERS: Final = frozenset(
    {
        "parenthesized_expression", "await_expression", "as_expression", "satisfies_expression", "non_null_expression",
        "spread_element", "template_substitution", "expression_statement",
    }
)  # fmt: skip
_TARGETS: Final[dict[str, Callable[[Node], ir.Target]]] = {
    "array_pattern": _list_target,
    "object_pattern": _record_target,
    "assignment_pattern": _default_target,
    "rest_pattern": lambda node: ir.RestTarget(target(node.named_children[0])),
}
_EXPRESSIONS: Final[dict[str, Callable[[Node], ir.Expr]]] = {
    "identifier": lambda node: ir.Name(text_of(node), line_of(node)),
    "shorthand_property_identifier": lambda node: ir.Name(text_of(node), line_of(node)),
    "this": lambda node: ir.Name("this", line_of(node)),
    "super": lambda node: ir.Name("super", line_of(node)),
    "undefined": lambda node: ir.Const(None, line_of(node)),
    "null": lambda node: ir.Const(None, line_of(node)),
    "true": lambda node: ir.Const(True, line_of(node)),
    "false": lambda node: ir.Const(False, line_of(node)),
    "string": lambda node: ir.Const(string_value(node), line_of(node)),
    "number": _number,
    "regex": _pattern,
    "template_string": _template,
    "member_expression": _member,
    "subscript_expression": _subscript,
    "call_expression": _call,
    "new_expression": _call,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "update_expression": lambda node: ir.Number((expression(node.child_by_field_name("argument")),), line_of(node)),
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _assignment,
    "ternary_expression": _either,
    "object": _record,
    "array": lambda node: ir.Items(arguments(node), line_of(node)),
    "arrow_function": lambda node: ir.Lambda(_functions[0](node), line_of(node)),
    "function_expression": lambda node: ir.Lambda(_functions[0](node), line_of(node)),
    "generator_function": lambda node: ir.Lambda(_functions[0](node), line_of(node)),
    "class": _class,
    "sequence_expression": lambda node: ir.Sequence(
        tuple(expression(one) for one in node.named_children), line_of(node)
    ),
    "yield_expression": lambda node: ir.Call(
        ir.Name("\0yield", line_of(node)),
        tuple(
            ir.Arg(expression(one), spread="*" if any(part.type == "*" for part in node.children) else "")
            for one in node.named_children
        ),
        line_of(node),
    ),
    "import": lambda node: ir.Name("require", line_of(node)),
}
