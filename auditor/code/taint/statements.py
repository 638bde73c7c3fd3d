"""Follows statements."""

from abc import abstractmethod
from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.expressions import Expressions
from auditor.code.taint.memory import Snapshot, Unreachable
from auditor.code.taint.values import NOTHING, ClassRef, Closure, Scope, Shape, Value, join, merged

_MOST_ROUNDS: Final = 2


class Statements(Expressions):
    """Effects of statements; each says whether what comes after it is reached."""

    def run(self, body: tuple[ir.Stmt, ...], scope: Scope) -> bool:
        for statement in body:
            try:
                if not getattr(self, self._kinds[type(statement)])(statement, scope):
                    return False
            except Unreachable:
                return False
        return True

    def _eval(self, statement: ir.Eval, scope: Scope) -> bool:
        self.evaluate(statement.value, scope)
        return True

    def _let(self, statement: ir.Let, scope: Scope) -> bool:
        value = self.evaluate(statement.value, scope)
        if statement.adds and isinstance(statement.target, ir.Name | ir.Field):
            old = self.evaluate(statement.target, scope)
            value = self._sum(old, value, statement)
        if isinstance(statement.target, ir.Name) and isinstance(statement.value, ir.Lambda | ir.Call):
            value = self._typed(value, statement.annotation, scope)
        if isinstance(statement.target, ir.Name) and self.language == "javascript":
            scope.variables[statement.target.name] = self.stepped(value, statement.line)
            return True
        self.assign(statement.target, value, scope, statement.line)
        return True

    def _typed(self, value: Value, annotation: ir.Expr | None, scope: Scope) -> Value:
        """What an annotation says of a value of which nothing else is known."""
        if annotation is None or value.name or value.objs:
            return value
        kind = self.evaluate(annotation, scope)
        return value._replace(name=self.sources.canonical(f"{kind.name}()")) if kind.name else value

    def _sum(self, old: Value, new: Value, node: object) -> Value:
        """`a += b`."""
        if old.objs:
            for thing in old.objs:
                if isinstance(thing, Shape):
                    got = self.element(new, node) if new.objs else new
                    thing.elem = got if thing.elem is None else join(thing.elem, got)
            return old
        if not old.taints and not new.taints:
            return Value(text=True, lead=old.lead)
        taints = merged(old.taints, new.taints)
        lead = old.lead if old.taints else (str(old.const) if isinstance(old.const, str) else "\1") + new.lead
        return Value(taints=self.derive(taints, node), lead=lead, text=old.text or new.text)

    def _if(self, statement: ir.If, scope: Scope) -> bool:
        test = self.evaluate(statement.test, scope)
        before = self.snapshot(scope)
        self.level += 1
        self.assume(test.true)
        then = self.run(statement.then, scope)
        after = self.snapshot(scope) if then else None
        self.restore(scope, before)
        self.assume(test.false)
        other = self.run(statement.other, scope)
        self.level -= 1
        if after is not None and other:
            self.meet(scope, (after,))
        elif after is not None:
            self.restore(scope, after)
        return then or other

    def _loop(self, statement: ir.Loop, scope: Scope) -> bool:
        iterable = self.evaluate(statement.iterable, scope) if statement.iterable is not None else None
        rounds = _MOST_ROUNDS if len(self.loops) < 3 else 1
        for _ in range(rounds):
            before = self.snapshot(scope)
            self.level += 1
            self.loops.append([])
            exit_facts = self._enter(statement, iterable, scope)
            falls = self.run(statement.body, scope)
            left = self.loops.pop()
            self.level -= 1
            if not falls:
                self.restore(scope, left.pop() if left else before)
            self.meet(scope, (before, *left))
        self.assume(exit_facts)
        return True

    def _enter(self, statement: ir.Loop, iterable: Value | None, scope: Scope) -> frozenset[tuple[str | int, str]]:
        """Bind what a round of the loop begins with; what holds once the loop is over."""
        if iterable is not None:
            value = self._key(iterable, statement) if statement.keys else self.element(iterable, statement)
            if not statement.keys and self.language == "python" and self._is_record(iterable):
                value = self._key(iterable, statement)
            self.assign(statement.target, value, scope, statement.line)
        if statement.test is None:
            return frozenset()
        test = self.evaluate(statement.test, scope)
        self.assume(test.true)
        return test.false

    @staticmethod
    def _is_record(value: Value) -> bool:
        return bool(value.objs) and all(isinstance(one, Shape) and one.kind == "record" for one in value.objs)

    def _key(self, iterable: Value, node: object) -> Value:
        """A key of a record: from outside where the record is."""
        return Value(taints=self.derive(iterable.taints, node), text=True)

    def _try(self, statement: ir.Try, scope: Scope) -> bool:
        before = self.snapshot(scope)
        self.level += 1
        falls = self.run(statement.body, scope)
        after = self.snapshot(scope)
        ends = [after] if falls else []
        survived: list[Snapshot] = []
        for handler in statement.handlers:
            self.restore(scope, after)
            self.meet(scope, (before,))
            self.cleared = dict(before.cleared)
            self.assign(handler.target, self.caught(), scope, 0)
            scope.variables["\0handling"] = NOTHING
            reached = self.run(handler.body, scope)
            scope.variables.pop("\0handling", None)
            if reached:
                ends.append(self.snapshot(scope))
                survived.append(ends[-1])
        self.level -= 1
        self.restore(scope, ends[0] if ends else before)
        self.meet(scope, ends[1:])
        self.failed(survived, scope)
        return self.run(statement.final, scope) and bool(ends)

    @abstractmethod
    def failed(self, survived: list[Snapshot], scope: Scope) -> None:
        """Note what holds where exception handlers went on."""

    @abstractmethod
    def caught(self) -> Value:
        """What a handler catches."""

    def _leave(self, statement: ir.Leave, scope: Scope) -> bool:
        if statement.kind == "element":
            self.collect(scope)
            return True
        value = self.evaluate(statement.value, scope) if statement.value is not None else Value(const=None)
        if statement.kind == "return" and self.frames:
            self.frames[-1].append((self.stepped(value, statement.line), dict(self.cleared)))
        elif statement.kind in {"break", "continue"} and self.loops:
            self.loops[-1].append(self.snapshot(scope))
        return False

    def _define(self, statement: ir.Define, scope: Scope) -> bool:
        value = Value(objs=(Closure(statement.function, scope),))
        scope.variables[statement.function.name] = self.decorated(statement.function, value, scope)
        return True

    @abstractmethod
    def decorated(self, function: ir.Function, value: Value, scope: Scope) -> Value:
        """What the decorators make of a function."""

    def _class(self, statement: ir.Class, scope: Scope) -> bool:
        made = ClassRef(statement.name, scope)
        bases = [self.evaluate(base, scope) for base in statement.bases]
        made.bases = tuple(one for base in bases for one in base.objs if isinstance(one, ClassRef))
        made.outside = tuple(base.name for base in bases if base.name)
        made.fields = {name: self.evaluate(kind, scope) for name, kind in statement.fields}
        inner = Scope(scope, scope.file, scope.language)
        inner.this = Value(objs=(made,))
        for one in statement.body:
            if isinstance(one, ir.Define) and one.function.accessor == "set" and one.function.name in made.members:
                continue
            if isinstance(one, ir.Define):
                value = Value(objs=(Closure(one.function, scope, owner=made),))
                made.members[one.function.name] = self.decorated(one.function, value, inner)
                inner.variables[one.function.name] = made.members[one.function.name]
            else:
                self.run((one,), inner)
        for name, value in inner.variables.items():
            made.members.setdefault(name, value)
        scope.variables[statement.name] = Value(objs=(made,))
        return True

    @abstractmethod
    def imported(self, statement: ir.Import, scope: Scope) -> None:
        """Bind what an import gives."""

    def _import(self, statement: ir.Import, scope: Scope) -> bool:
        self.imported(statement, scope)
        return True

    @staticmethod
    def _outer(statement: ir.Outer, scope: Scope) -> bool:
        scope.outer = {**scope.outer, **dict.fromkeys(statement.names, statement.module)}
        return True

    _kinds: Final[dict[type, str]] = {
        ir.Eval: "_eval",
        ir.Let: "_let",
        ir.If: "_if",
        ir.Loop: "_loop",
        ir.Try: "_try",
        ir.Leave: "_leave",
        ir.Define: "_define",
        ir.Class: "_class",
        ir.Import: "_import",
        ir.Outer: "_outer",
    }
    """Methods by name: a class further down adds to what they do."""


__all__ = ["NOTHING", "Snapshot", "Statements"]
