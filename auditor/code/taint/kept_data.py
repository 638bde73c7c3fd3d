"""Finds event data that outlives its invocation, where the next one finds it: in module variables, in ``/tmp``."""

import re
from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.expressions import HOLE
from auditor.code.taint.members import constant_text
from auditor.code.taint.memory import Arguments
from auditor.code.taint.switched_off import SwitchedOff
from auditor.code.taint.values import Scope, Step, Value, deep_taints
from auditor.code.taint.weaknesses import ERROR

VARIABLE: Final = "event-data-in-module-variable"
FILE: Final = "event-data-in-temporary-file"
_CERTAIN, _DOUBTFUL = 1, 2
_GROWING: Final = frozenset({"append", "push", "add", "extend", "unshift", "appendleft", "update"})
_TEMPORARY: Final = "/tmp/"  # noqa: S108 - looked for in code, not used
_OPENING: Final = re.compile(r"(?:io\.|codecs\.|aiofiles\.)?open|pathlib\.Path\(\)\.open|fs\.createWriteStream")
_WRITING: Final = re.compile(
    r"(?:fs(?:/promises|\.promises)?|fs-extra)\.(?:writeFile|appendFile|writeFileSync|appendFileSync|outputFile|outputFileSync)"
)
_INTO_HANDLE: Final = frozenset({"write", "writelines", "write_text", "write_bytes"})
_DUMPING: Final = re.compile(r"(?:json|pickle|yaml|marshal|joblib)\.(?:dump|safe_dump)")
_REMOVING: Final = re.compile(
    r"(?:os\.(?:remove|unlink)|shutil\.rmtree|pathlib\.Path\(\)\.unlink|\?\.unlink"
    r"|(?:fs(?:/promises|\.promises)?|fs-extra|rimraf|del)(?:\.(?:unlink|unlinkSync|rm|rmSync|remove|removeSync|emptyDir))?)"
)
_FILING: Final = _INTO_HANDLE | {
    "FileIO", "appendFile", "appendFileSync", "createWriteStream", "del", "dump", "emptyDir", "open", "outputFile",
    "outputFileSync", "remove", "removeSync", "rimraf", "rm", "rmSync", "rmtree", "safe_dump", "unlink", "unlinkSync",
    "writeFile", "writeFileSync",
}  # fmt: skip
"""Last parts of the names of calls that open, write or remove files."""


class KeptData(SwitchedOff):
    """Finds event data that is kept."""

    _tests: tuple[ir.Expr, ...] = ()
    """The conditions that what is followed hangs on."""

    def _if(self, statement: ir.If, scope: Scope) -> bool:
        before, self._tests = self._tests, (*self._tests, statement.test)
        try:
            return super()._if(statement, scope)
        finally:
            self._tests = before

    def _let(self, statement: ir.Let, scope: Scope) -> bool:
        falls = super()._let(statement, scope)
        if self.stack and (scope.language == "python" or statement.adds):
            self._assigned(statement, statement.target if statement.adds else None, scope)
        return falls

    def _store(self, expr: ir.Store, scope: Scope) -> Value:
        value = super()._store(expr, scope)
        if self.stack:
            self._assigned(expr, None, scope)
        return value

    def _assigned(self, node: ir.Let | ir.Store, added: ir.Target | None, scope: Scope) -> None:
        """Note event data that goes into a module variable, where what was there before is looked at."""
        target, name = node.target, _root(node.target)
        if not name or not _of_module(name, scope) or self._keyed(target, scope):
            return
        read = (*self._tests, added, *_fallbacks(node.value))
        if not isinstance(target, ir.Name | ir.Field | ir.Index) or not self._read_before(name, read):
            return
        if self._of_event(self.evaluate(target, scope)):
            self.note(VARIABLE, 488, node.line, f"module variable {name}", _CERTAIN)

    @staticmethod
    def _read_before(name: str, expressions: tuple[object, ...]) -> bool:
        """Whether what was there before is looked at: only then does a later invocation meet it."""
        return any(_mentions(one, name) for one in expressions)

    def _keyed(self, target: ir.Target, scope: Scope) -> bool:
        """Whether the key comes from the event: each caller finds its own."""
        while isinstance(target, ir.Field):
            target = target.of  # type: ignore[assignment]
        return isinstance(target, ir.Index) and (target.key is None or bool(self.evaluate(target.key, scope).taints))

    def call(self, expr: ir.Call, scope: Scope) -> Value:
        found = super().call(expr, scope)
        callee = expr.callee
        if self.stack and isinstance(callee, ir.Field) and callee.name in _GROWING:
            self._grown_by(_root(callee.of), callee.of, expr, scope)
        return found

    def _grown_by(self, name: str, collection: ir.Expr, expr: ir.Call, scope: Scope) -> None:
        """Note event data that is added to a collection of the module."""
        ours = bool(name) and _of_module(name, scope) and bool(self.evaluate(collection, scope).objs)
        if ours and any(self._of_event(self.evaluate(arg.value, scope)) for arg in expr.args):
            self.note(VARIABLE, 488, expr.line, f"module variable {name}", _CERTAIN)

    @staticmethod
    def _of_event(value: Value) -> bool:
        return any(not one.source.stored and one.source != ERROR for one in deep_taints(value))

    def outside_call(self, target: Value, receiver: Value, name: str, given: Arguments, node: ir.Call) -> Value:
        found = super().outside_call(target, receiver, name, given, node)
        called = target.name or f"?.{name}"
        if called.rpartition(".")[2] in _FILING:
            return self._filed(called, receiver, given, node.line, found)
        return found

    def _filed(self, called: str, receiver: Value, given: Arguments, line: int, found: Value) -> Value:
        """A call that opens, writes or removes files."""
        if _OPENING.fullmatch(called):
            place = _place(given.at(0)) or _place(receiver)
            return found._replace(lead=place) if place and not found.taints else found
        if _WRITING.fullmatch(called):
            self._left(_place(given.at(0)), given.at(1), line)
        elif called.rpartition(".")[2] in _INTO_HANDLE:
            self._left(_place(receiver), given.at(0), line)
        elif _DUMPING.fullmatch(called):
            self._left(_place(given.at(1)), given.at(0), line)
        elif _REMOVING.fullmatch(called):
            place = _place(given.at(0)) or _place(receiver)
            self.removed.add("" if HOLE in place else place)
        return found

    def _left(self, place: str, data: Value, line: int) -> None:
        if place and self._of_event(data):
            self.left_files.setdefault(Step(self.file, line), place)

    def finish(self) -> None:
        """Note the files that nothing removes."""
        for step, place in self.left_files.items():
            if not self.removed & {place, ""}:
                self.file = step.file
                doubt = _CERTAIN if HOLE not in place and not place.endswith("/") else _DOUBTFUL
                self.note(FILE, 459, step.line, f"file {place.replace(HOLE, '…')}", doubt)


def _place(value: Value) -> str:
    """The path of a file below /tmp, as far as it is known; "" for any other."""
    text = constant_text(value) or value.lead
    return text if text.startswith(_TEMPORARY) else ""


def _root(target: object) -> str:
    """The variable that a target belongs to."""
    while isinstance(target, ir.Field | ir.Index):
        target = target.of
    return target.name if isinstance(target, ir.Name) else ""


def _of_module(name: str, scope: Scope) -> bool:
    """Whether a name is a variable of the module, seen from within a function."""
    at: Scope | None = scope
    while at is not None and at.parent is not None:
        if name in at.variables:
            return False
        at = at.parent
    return at is not None and at is not scope and name in at.variables


def _fallbacks(expr: ir.Expr) -> tuple[ir.Expr, ...]:
    """What a value is taken from before another: `a` in `a or b`, the test of a conditional expression."""
    if isinstance(expr, ir.Logic):
        return expr.operands[:1]
    return (expr.test,) if isinstance(expr, ir.Either) else ()


def _mentions(expr: object, name: str) -> bool:
    """Whether an expression reads a variable."""
    if isinstance(expr, ir.Name):
        return expr.name == name
    if isinstance(expr, tuple):
        return any(_mentions(one, name) for one in expr)
    if isinstance(expr, ir.Field | ir.Not):
        return _mentions(expr.of, name)
    if isinstance(expr, ir.Index):
        return _mentions(expr.of, name)
    if isinstance(expr, ir.Compare):
        return _mentions((expr.left, expr.right), name)
    if isinstance(expr, ir.Logic | ir.Number):
        return _mentions(expr.operands, name)
    if isinstance(expr, ir.Call):
        return _mentions(expr.callee, name) or any(_mentions(arg.value, name) for arg in expr.args)
    return False
