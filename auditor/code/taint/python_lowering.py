"""Lowers Python's syntax tree: statements."""

import ast
from collections.abc import Callable
from functools import cached_property

from auditor.code.taint import ir
from auditor.code.taint.python_expressions import annotation, expression, target
from auditor.code.taint.python_patterns import matched

_Body = tuple[ir.Stmt, ...]


def lower(path: str, text: bytes) -> ir.Module:
    """Lower one file. Raises SyntaxError, ValueError, RecursionError or MemoryError for what Python cannot read."""
    return ir.Module(path, "python", block(ast.parse(text).body))


def block(nodes: list[ast.stmt]) -> _Body:
    """Lower statements in their order."""
    found: list[ir.Stmt] = []
    for node in nodes:
        lowered = _STATEMENTS.get(type(node))
        if lowered is not None:
            found.extend(lowered(node))
    return tuple(found)


class _Lazy:
    """A body that is lowered once, when it is first needed."""

    def __init__(self, nodes: list[ast.stmt]) -> None:
        self._nodes = nodes

    @cached_property
    def lowered(self) -> _Body:
        return block(self._nodes)

    def __call__(self) -> _Body:
        return self.lowered


def parameters(arguments: ast.arguments) -> tuple[ir.Parameter, ...]:
    """The parameters of a function or lambda, with their defaults."""
    found: list[ir.Parameter] = []
    positional = [*arguments.posonlyargs, *arguments.args]
    gap = len(positional) - len(arguments.defaults)
    for place, argument in enumerate(positional):
        found.append(_parameter(argument, arguments.defaults[place - gap] if place >= gap else None))
    if arguments.vararg is not None:
        found.append(_parameter(arguments.vararg, None, "*"))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(_parameter(argument, default))
    if arguments.kwarg is not None:
        found.append(_parameter(arguments.kwarg, None, "**"))
    return tuple(found)


def _parameter(argument: ast.arg, default: ast.expr | None, star: str = "") -> ir.Parameter:
    name: ir.Target = ir.Name(argument.arg, argument.lineno)
    if default is not None:
        name = ir.DefaultTarget(name, expression(default))
    return ir.Parameter(name, annotation(argument.annotation), star)


def function(node: ast.FunctionDef | ast.AsyncFunctionDef, *, method: bool = False) -> ir.Function:
    """A function or method."""
    decorators = tuple(expression(one) for one in node.decorator_list)
    static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in node.decorator_list)
    return ir.Function(
        node.name,
        parameters(node.args),
        _Lazy(node.body),
        decorators,
        node.lineno,
        method=method,
        static=static,
        accessor=next(filter(None, map(_accessor, node.decorator_list)), "") if method else "",
    )


def _accessor(decorator: ast.expr) -> str:
    """What a decorator makes of a method: `@property`, `@functools.cached_property`, `@name.setter`."""
    name = decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")
    if name in {"setter", "deleter"}:
        return "set"
    return "get" if name in {"property", "cached_property", "getter", "abstractproperty"} else ""


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> _Body:
    return (ir.Define(function(node)),)


def _class(node: ast.ClassDef) -> _Body:
    body: list[ir.Stmt] = []
    fields: list[tuple[str, ir.Expr]] = []
    for one in node.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            body.append(ir.Define(function(one, method=True)))
            continue
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            fields.append((one.target.id, annotation(one.annotation) or ir.Name(ir.UNKNOWN, one.lineno)))
        body.extend(block([one]))
    bases = tuple(expression(base) for base in node.bases)
    decorators = tuple(expression(one) for one in node.decorator_list)
    return (ir.Class(node.name, bases, tuple(body), tuple(fields), decorators, node.lineno),)


def _assign(node: ast.Assign) -> _Body:
    value = expression(node.value)
    return tuple(ir.Let(target(one), value, node.lineno) for one in node.targets)


def _annotated(node: ast.AnnAssign) -> _Body:
    if node.value is None:
        return ()
    return (ir.Let(target(node.target), expression(node.value), node.lineno, annotation=annotation(node.annotation)),)


def _augmented(node: ast.AugAssign) -> _Body:
    value = expression(node.value)
    if not isinstance(node.op, ast.Add | ast.Mod | ast.BitOr | ast.Div):
        return (ir.Eval(value, node.lineno),)
    return (ir.Let(target(node.target), value, node.lineno, adds=True),)


def _expression(node: ast.Expr) -> _Body:
    return () if isinstance(node.value, ast.Constant) else (ir.Eval(expression(node.value), node.lineno),)


def _if(node: ast.If) -> _Body:
    if _is_main(node.test):
        return block(node.orelse)
    return (ir.If(expression(node.test), block(node.body), block(node.orelse), node.lineno),)


def _is_main(test: ast.expr) -> bool:
    """`__name__ == "__main__"`: never so in a module that a runtime imports."""
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and isinstance(test.ops[0], ast.Eq)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value == "__main__"
    )


def _for(node: ast.For | ast.AsyncFor) -> _Body:
    loop = ir.Loop(target(node.target), expression(node.iter), None, block(node.body), node.lineno)
    return (loop, *block(node.orelse))


def _while(node: ast.While) -> _Body:
    loop = ir.Loop(None, None, expression(node.test), block(node.body), node.lineno)
    return (loop, *block(node.orelse))


def _try(node: ast.Try) -> _Body:
    handlers = tuple(
        ir.Handler(ir.Name(one.name, one.lineno) if one.name else None, block(one.body)) for one in node.handlers
    )
    return (ir.Try(block([*node.body, *node.orelse]), handlers, block(node.finalbody), node.lineno),)


def _with(node: ast.With | ast.AsyncWith) -> _Body:
    found: list[ir.Stmt] = []
    for item in node.items:
        value = expression(item.context_expr)
        if item.optional_vars is None:
            found.append(ir.Eval(value, node.lineno))
        else:
            entered = ir.Call(ir.Name(ir.ENTERED, node.lineno), (ir.Arg(value),), node.lineno)
            found.append(ir.Let(target(item.optional_vars), entered, node.lineno))
    return (*found, *block(node.body))


def _return(node: ast.Return) -> _Body:
    return (ir.Leave("return", expression(node.value) if node.value else None, node.lineno),)


def _raise(node: ast.Raise) -> _Body:
    return (ir.Leave("raise", expression(node.exc) if node.exc else None, node.lineno),)


def _assert(node: ast.Assert) -> _Body:
    return (ir.If(expression(node.test), (), (ir.Leave("raise", None, node.lineno),), node.lineno),)


def _outer(node: ast.Global | ast.Nonlocal) -> _Body:
    return (ir.Outer(tuple(node.names), node.lineno, module=isinstance(node, ast.Global)),)


def _delete(_node: ast.stmt) -> _Body:
    return ()


def _leave(kind: str) -> Callable[[ast.stmt], _Body]:
    return lambda node: (ir.Leave(kind, None, node.lineno),)


def _import(node: ast.Import) -> _Body:
    found: list[ir.Stmt] = []
    for alias in node.names:
        if alias.asname:
            found.append(ir.Import(alias.name, "", alias.asname, 0, node.lineno))
        else:
            found.append(ir.Import(alias.name.split(".")[0], "", alias.name.split(".")[0], 0, node.lineno))
            if "." in alias.name:
                found.append(ir.Import(alias.name, "", "", 0, node.lineno))
    return tuple(found)


def _import_from(node: ast.ImportFrom) -> _Body:
    module = node.module or ""
    return tuple(
        ir.Import(module, alias.name, alias.asname or alias.name, node.level, node.lineno) for alias in node.names
    )


def _match(node: ast.Match) -> _Body:
    subject = expression(node.subject)
    chain: _Body = ()
    for case in reversed(node.cases):
        tests, bound = matched(case.pattern, subject)
        binding: _Body = tuple(ir.Let(where, value, node.lineno) for where, value in bound)
        if case.guard is not None:
            stores = tuple(ir.Store(where, value, node.lineno) for where, value in bound)
            tests, binding = [*tests, ir.Sequence((*stores, expression(case.guard)), node.lineno)], ()
        test = tests[0] if len(tests) == 1 else ir.Logic("and", tuple(tests), node.lineno)
        body = (*binding, *block(case.body))
        chain = (ir.If(test, body, chain, node.lineno),) if tests else body
    return chain


_STATEMENTS: dict[type[ast.stmt], Callable[..., _Body]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Expr: _expression,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Delete: _delete,
    ast.Break: _leave("break"),
    ast.Continue: _leave("continue"),
    ast.Global: _outer,
    ast.Nonlocal: _outer,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Match: _match,
}
