"""Lowers Python's syntax tree: expressions and targets."""

import ast
import re
from collections.abc import Callable
from typing import Final

from auditor.code.taint import ir

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_OPERATORS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "==",
    ast.IsNot: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def expression(node: ast.expr) -> ir.Expr:
    """Lower an expression; of what has no meaning for the flow of values, nothing is known."""
    lowered = _EXPRESSIONS.get(type(node))
    return lowered(node) if lowered is not None else ir.Name(ir.UNKNOWN, node.lineno)


def target(node: ast.expr) -> ir.Target:
    """Lower what is assigned to."""
    if isinstance(node, ast.Tuple | ast.List):
        return ir.ListTarget(tuple(target(one) for one in node.elts), node.lineno)
    if isinstance(node, ast.Starred):
        return ir.RestTarget(target(node.value))
    lowered = expression(node)
    return lowered if isinstance(lowered, ir.Name | ir.Field | ir.Index) else ir.Name(ir.UNKNOWN, node.lineno)


def annotation(node: ast.expr | None) -> ir.Expr | None:
    """An annotation; a quoted one is read."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value[:200], mode="eval").body
        except (SyntaxError, ValueError):
            return None
    return expression(node) if node is not None else None


def _constant(node: ast.Constant) -> ir.Expr:
    value = node.value
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    elif not isinstance(value, str | int | float | bool | None):
        value = None
    return ir.Const(value, node.lineno)


def _attribute(node: ast.Attribute) -> ir.Expr:
    return ir.Field(expression(node.value), node.attr, node.end_lineno or node.lineno, attribute=True)


def _subscript(node: ast.Subscript) -> ir.Expr:
    key = node.slice
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return ir.Field(expression(node.value), key.value, node.lineno)
    if isinstance(key, ast.Slice):
        return ir.Index(expression(node.value), None, node.lineno)
    return ir.Index(expression(node.value), expression(key), node.lineno)


def _call(node: ast.Call) -> ir.Expr:
    callee = expression(node.func)
    line = callee.line if isinstance(callee, ir.Field) else node.lineno
    args = tuple(
        ir.Arg(expression(one.value), spread="*") if isinstance(one, ast.Starred) else ir.Arg(expression(one))
        for one in node.args
    )
    keywords = tuple(
        ir.Arg(expression(one.value), keyword=one.arg) if one.arg else ir.Arg(expression(one.value), spread="**")
        for one in node.keywords
    )
    if isinstance(callee, ir.Field) and callee.name in {"format", "format_map"} and isinstance(callee.of, ir.Const):
        return _formatted(str(callee.of.value), (*args, *keywords), line)
    return ir.Call(callee, args + keywords, line)


def _formatted(text: str, args: tuple[ir.Arg, ...], line: int) -> ir.Expr:
    """`"…{}…".format(…)`: the arguments in their places where these are plain."""
    positional = [one.value for one in args if not one.keyword]
    named = {one.keyword: one.value for one in args if one.keyword}
    parts: list[ir.Expr] = []
    last, auto = 0, 0
    for found in _PLACE.finditer(text):
        parts.append(ir.Const(text[last : found.start()], line))
        last = found.end()
        field = re.split(r"[.\[:!]", found.group(1), maxsplit=1)[0]
        place = int(field) if field.isdigit() else auto
        auto += not field
        if field in named:
            parts.append(named[field])
        elif (not field or field.isdigit()) and place < len(positional):
            parts.append(positional[place])
        else:
            parts.extend(one.value for one in args)
    parts.append(ir.Const(text[last:], line))
    return ir.Text(tuple(parts), line, sure=True)


def _joined(node: ast.JoinedStr) -> ir.Expr:
    parts = [_interpolated(one) if isinstance(one, ast.FormattedValue) else expression(one) for one in node.values]
    return ir.Text(tuple(parts), node.lineno, sure=True)


def _interpolated(node: ast.FormattedValue) -> ir.Expr:
    spec = node.format_spec
    if isinstance(spec, ast.JoinedStr) and len(spec.values) == 1 and isinstance(spec.values[0], ast.Constant):
        text = spec.values[0].value
        if isinstance(text, str) and text[-1:] in set("dfxXobeEgGn%"):
            return ir.Number((expression(node.value),), node.lineno)
    return expression(node.value)


def _binary(node: ast.BinOp) -> ir.Expr:
    if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant | ast.JoinedStr):
        return _percent(node)
    if not isinstance(node.op, ast.Add | ast.Div | ast.Mod | ast.BitOr):
        return ir.Number((expression(node.left), expression(node.right)), node.lineno)
    operands: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and type(left.op) is type(node.op):
        operands.append(left.right)
        left = left.left
    operands.append(left)
    parts = [expression(one) for one in reversed(operands)]
    if isinstance(node.op, ast.Div):
        return ir.Call(ir.Name("\0divide", node.lineno), tuple(ir.Arg(one) for one in parts), node.lineno)
    return ir.Text(tuple(parts), node.lineno)


def _percent(node: ast.BinOp) -> ir.Expr:
    """`"…%s…" % values`; what `%d` takes is a number."""
    right = list(node.right.elts) if isinstance(node.right, ast.Tuple) else [node.right]
    values = [expression(one) for one in right]
    if not isinstance(node.left, ast.Constant) or not isinstance(node.left.value, str):
        return ir.Text((expression(node.left), *values), node.lineno, sure=True)
    parts: list[ir.Expr] = []
    pieces = re.split(r"(%(?:\([^)]*\))?[-#0 +]*[\d.*]*[a-zA-Z])", node.left.value.replace("%%", ""))
    for piece in pieces:
        if not piece.startswith("%"):
            parts.append(ir.Const(piece, node.lineno))
        elif "(" in piece or not values:
            parts.append(expression(node.right))
        elif piece[-1] in "dfioxXeg":
            parts.append(ir.Number((values.pop(0),), node.lineno))
        else:
            parts.append(values.pop(0))
    return ir.Text(tuple(parts), node.lineno, sure=True)


def _logic(node: ast.BoolOp) -> ir.Expr:
    operator = "and" if isinstance(node.op, ast.And) else "or"
    return ir.Logic(operator, tuple(expression(one) for one in node.values), node.lineno)


def _unary(node: ast.UnaryOp) -> ir.Expr:
    if isinstance(node.op, ast.Not):
        return ir.Not(expression(node.operand), node.lineno)
    if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        return ir.Const(-value if isinstance(value, int | float) else None, node.lineno)
    return ir.Number((expression(node.operand),), node.lineno)


def _compare(node: ast.Compare) -> ir.Expr:
    tests: list[ir.Expr] = []
    left = expression(node.left)
    for operator, right in zip(node.ops, node.comparators, strict=True):
        lowered = expression(right)
        tests.append(ir.Compare(_OPERATORS[type(operator)], left, lowered, node.lineno))
        left = lowered
    return tests[0] if len(tests) == 1 else ir.Logic("and", tuple(tests), node.lineno)


def _record(node: ast.Dict) -> ir.Expr:
    entries = tuple(
        ir.Entry(expression(key) if key is not None else None, expression(value), (key or value).lineno)
        for key, value in zip(node.keys, node.values, strict=True)
    )
    return ir.Record(entries, node.lineno)


def _items(node: ast.List | ast.Tuple | ast.Set) -> ir.Expr:
    return ir.Items(
        tuple(
            ir.Arg(expression(one.value), spread="*") if isinstance(one, ast.Starred) else ir.Arg(expression(one))
            for one in node.elts
        ),
        node.lineno,
    )


def _lambda(node: ast.Lambda) -> ir.Expr:
    from auditor.code.taint.python_lowering import parameters  # noqa: PLC0415 (a lambda has parameters, a default may be a lambda)

    returned = (ir.Leave("return", expression(node.body), node.lineno),)
    made = ir.Function("lambda", parameters(node.args), lambda: returned, (), node.lineno, arrow=True)
    return ir.Lambda(made, node.lineno)


def _comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> ir.Expr:
    if isinstance(node, ast.DictComp):
        key, element = expression(node.key), expression(node.value)
    else:
        key, element = None, expression(node.elt)
    body: tuple[ir.Stmt, ...] = (ir.Leave("element", None, node.lineno),)
    for generator in reversed(node.generators):
        for condition in reversed(generator.ifs):
            body = (ir.If(expression(condition), body, (), node.lineno),)
        body = (ir.Loop(target(generator.target), expression(generator.iter), None, body, node.lineno),)
    return ir.Comprehension(body, element, key, node.lineno)


def _walrus(node: ast.NamedExpr) -> ir.Expr:
    return ir.Store(target(node.target), expression(node.value), node.lineno)


def _inner(node: ast.Await | ast.Starred) -> ir.Expr:
    return expression(node.value)


def _yield_from(node: ast.YieldFrom) -> ir.Expr:
    return ir.Call(ir.Name("\0yield", node.lineno), (ir.Arg(expression(node.value), spread="*"),), node.lineno)


def _yield(node: ast.Yield) -> ir.Expr:
    value = expression(node.value) if node.value else ir.Const(None, node.lineno)
    return ir.Call(ir.Name("\0yield", node.lineno), (ir.Arg(value),), node.lineno)


_EXPRESSIONS: dict[type[ast.expr], Callable[..., ir.Expr]] = {
    ast.Constant: _constant,
    ast.Name: lambda node: ir.Name(node.id, node.lineno),
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.JoinedStr: _joined,
    ast.BinOp: _binary,
    ast.BoolOp: _logic,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.IfExp: lambda node: ir.Either(
        expression(node.test), expression(node.body), expression(node.orelse), node.lineno
    ),
    ast.Dict: _record,
    ast.List: _items,
    ast.Tuple: _items,
    ast.Set: _items,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.NamedExpr: _walrus,
    ast.Await: _inner,
    ast.Starred: _inner,
    ast.YieldFrom: _yield_from,
    ast.Yield: _yield,
}
