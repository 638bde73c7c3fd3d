"""Lowers the patterns of Python's `match`: what must hold, and which names are bound to which part."""

import ast

from auditor.code.taint import ir
from auditor.code.taint.python_expressions import expression

Bound = list[tuple[ir.Target, ir.Expr]]


def matched(pattern: ast.pattern, subject: ir.Expr) -> tuple[list[ir.Expr], Bound]:
    """Conditions that all hold where the pattern matches (none: it always does), and what it binds."""
    line = pattern.lineno
    if isinstance(pattern, ast.MatchValue):
        return [ir.Compare("==", subject, expression(pattern.value), line)], []
    if isinstance(pattern, ast.MatchSingleton):
        return [ir.Compare("==", subject, ir.Const(pattern.value, line), line)], []
    if isinstance(pattern, ast.MatchAs):
        tests, bound = matched(pattern.pattern, subject) if pattern.pattern is not None else ([], [])
        return tests, [*bound, (ir.Name(pattern.name, line), subject)] if pattern.name else bound
    if isinstance(pattern, ast.MatchOr):
        return _any(pattern, subject)
    return _parts(pattern, subject)


def _any(pattern: ast.MatchOr, subject: ir.Expr) -> tuple[list[ir.Expr], Bound]:
    tests: list[ir.Expr] = []
    bound: Bound = []
    always = False
    for one in pattern.patterns:
        inner, names = matched(one, subject)
        bound.extend(names)
        always = always or not inner
        tests.append(inner[0] if len(inner) == 1 else ir.Logic("and", tuple(inner), one.lineno)) if inner else None
    return ([] if always else [ir.Logic("or", tuple(tests), pattern.lineno)]), bound


def _parts(pattern: ast.pattern, subject: ir.Expr) -> tuple[list[ir.Expr], Bound]:
    """Mappings, sequences and classes: beside what their parts prove, something that is not known holds."""
    line = pattern.lineno
    parts: list[tuple[ast.pattern, ir.Expr]] = []
    bound: Bound = []
    tests: list[ir.Expr] = [ir.Name(ir.UNKNOWN, line)]
    if isinstance(pattern, ast.MatchMapping):
        for key, one in zip(pattern.keys, pattern.patterns, strict=True):
            text = key.value if isinstance(key, ast.Constant) else None
            at: ir.Expr = (
                ir.Field(subject, text, line) if isinstance(text, str) else ir.Index(subject, expression(key), line)
            )
            parts.append((one, at))
        bound = [(ir.Name(pattern.rest, line), subject)] if pattern.rest else []
    elif isinstance(pattern, ast.MatchSequence):
        for place, one in enumerate(pattern.patterns):
            star = isinstance(one, ast.MatchStar)
            parts.append((one, ir.Index(subject, None if star else ir.Const(place, line), line)))
    elif isinstance(pattern, ast.MatchClass):
        of = ir.Name("isinstance", line)
        tests = [ir.Call(of, (ir.Arg(subject), ir.Arg(expression(pattern.cls))), line)]
        parts = [(one, subject) for one in pattern.patterns]
        attributes = zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True)
        parts += [(one, ir.Field(subject, name, line, attribute=True)) for name, one in attributes]
    elif isinstance(pattern, ast.MatchStar):
        return [], [(ir.Name(pattern.name, line), subject)] if pattern.name else []
    for one, at in parts:
        inner, names = matched(one, at)
        tests.extend(inner)
        bound.extend(names)
    return tests, bound


__all__ = ["matched"]
