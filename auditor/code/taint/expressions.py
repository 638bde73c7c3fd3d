"""Follows expressions."""

from abc import abstractmethod
from typing import Any, Final

from auditor.code.taint import guards, ir
from auditor.code.taint.members import DYNAMIC, Members, constant_text, piece, placed
from auditor.code.taint.memory import OutOfSteps, Unreachable, facts_of, freed
from auditor.code.taint.values import (
    MISSING,
    NOTHING,
    Closure,
    Scope,
    Shape,
    Value,
    deep_taints,
    join,
    joined_things,
    merged,
)

_MOST_MEMBERS: Final = 400
HOLE: Final = "\1"
"""Stands in a text for a part that is not known, and does not come from outside."""

_BARE: Final = "Object.create()"
"""The name of a record that inherits nothing."""


class Expressions(Members):
    """Values of expressions."""

    def evaluate(self, expr: ir.Expr, scope: Scope) -> Value:
        self.left -= 1
        if self.left < 0:
            raise OutOfSteps
        found: Value = getattr(self, self._forms[type(expr)])(expr, scope)
        return found

    def _const(self, expr: ir.Const, _scope: Scope) -> Value:
        return Value(const=expr.value, text=True)

    def _pattern(self, expr: ir.Pattern, _scope: Scope) -> Value:
        return guards.pattern_value(expr.text, expr.flags, javascript=True)

    def _name(self, expr: ir.Name, scope: Scope) -> Value:
        found = scope.find(expr.name)
        if found is not None:
            return found
        if expr.name == "this":
            return self._this(scope)
        return NOTHING if expr.name == ir.UNKNOWN else Value(name=expr.name)

    @staticmethod
    def _this(scope: Scope) -> Value:
        at: Scope | None = scope
        while at is not None:
            if at.this is not None:
                return at.this
            at = at.parent
        return NOTHING

    def _field(self, expr: ir.Field, scope: Scope) -> Value:
        return self.load(self.evaluate(expr.of, scope), expr.name, expr)

    def _index(self, expr: ir.Index, scope: Scope) -> Value:
        of = self.evaluate(expr.of, scope)
        if expr.key is None:
            return of._replace(taints=self.derive(deep_taints(of), expr), const=MISSING, lead="", true=frozenset())
        key = self.evaluate(expr.key, scope)
        if isinstance(key.const, str):
            return self.load(of, key.const, expr)
        if isinstance(key.const, int):
            shapes = [one for one in of.objs if isinstance(one, Shape) and str(key.const) in one.members]
            if shapes and len(of.objs) == 1:
                return shapes[0].members[str(key.const)]
        if (key.taints or key.lead) and (named := self.named_methods(of, key)) is not None:
            return named
        found = self.element(of, expr, "[]" if isinstance(key.const, int) or not key.taints else ".*")
        if isinstance(key.const, int) and not isinstance(key.const, bool):
            return piece(of, placed(found, key.const), key.const)
        if key.taints and not found.true:
            found = found._replace(true=guards.listed(key, of))
        if key.taints and self.language == "javascript" and self.living(key, "prototype") and of.name != _BARE:
            return found._replace(name=DYNAMIC)
        return found

    def _text(self, expr: ir.Text, scope: Scope) -> Value:
        """Parts put together; what is before the first part from outside is kept."""
        values = [self.evaluate(part, scope) for part in expr.parts]
        objs = joined_things((), ()) if expr.sure else self._added(values)
        taints = merged((), ())
        lead: list[str] = []
        open_lead = True
        for value in values:
            of = deep_taints(value, 2) if not objs else value.taints
            if open_lead and of:
                lead.append(value.lead)
                open_lead = False
            elif open_lead:
                lead.append(str(value.const) if isinstance(value.const, str | int) else HOLE)
            taints = merged(taints, of)
        if not taints:
            const = "".join(lead) if all(isinstance(value.const, str) for value in values) else MISSING
            return Value(const=const, objs=objs, text=True, lead="".join(lead) if const is MISSING else "")
        string = expr.sure or any(isinstance(value.const, str) for value in values) or any(one.text for one in values)
        clears = frozenset({"nosql"}) if string and not objs else frozenset()
        made = self.derive(taints, expr, cleared=clears)
        return Value(taints=made, lead="".join(lead), text=string, objs=objs)

    def _added(self, values: list[Value]) -> tuple[Any, ...]:
        """`+` of lists, `|` of records: a new collection with the members of all."""
        shapes = [one for value in values for one in value.objs if isinstance(one, Shape)]
        if not shapes:
            return ()
        made = Shape(shapes[0].kind, self.level)
        for shape in shapes:
            if shape.kind == "record":
                made.members.update(shape.members)
            else:
                for member in shape.members.values():
                    made.members[str(len(made.members))] = member
            if shape.elem is not None:
                made.elem = shape.elem if made.elem is None else join(made.elem, shape.elem)
        return (made,)

    def _record(self, expr: ir.Record, scope: Scope) -> Value:
        made = Shape("record", self.level)
        found = Value(objs=(made,))
        for entry in expr.entries[:_MOST_MEMBERS]:
            value = self.evaluate(entry.value, scope)
            if entry.key is None:
                found = self._spread(made, found, value)
                continue
            key = self.evaluate(entry.key, scope)
            name = str(key.const) if isinstance(key.const, str | int) else None
            self.put(Value(objs=(made,)), name, value, entry.line)
        return found

    @staticmethod
    def _spread(made: Shape, found: Value, value: Value) -> Value:
        for thing in value.objs:
            if isinstance(thing, Shape):
                made.members.update(thing.members)
                made.lines.update(thing.lines)
                if thing.elem is not None:
                    made.elem = thing.elem if made.elem is None else join(made.elem, thing.elem)
        return found._replace(taints=merged(found.taints, value.taints))

    def _items(self, expr: ir.Items, scope: Scope) -> Value:
        made = Shape("list", self.level)
        for item in expr.items[:_MOST_MEMBERS]:
            value = self.evaluate(item.value, scope)
            known = self._known_items(value) if item.spread else None
            if known is not None:
                for member in known:
                    made.members[str(len(made.members))] = member
            elif item.spread or len(expr.items) > 60:
                value = self.element(value, expr) if item.spread else value
                made.elem = value if made.elem is None else join(made.elem, value)
            else:
                made.members[str(len(made.members))] = value
        return Value(objs=(made,))

    @staticmethod
    def _known_items(value: Value) -> list[Value] | None:
        """The members of a list of which every one is known."""
        for thing in value.objs:
            if len(value.objs) == 1 and not value.taints and isinstance(thing, Shape) and thing.kind == "list":
                return list(thing.members.values()) if thing.elem is None and len(thing.members) < 60 else None
        return None

    def _either(self, expr: ir.Either, scope: Scope) -> Value:
        test = self.evaluate(expr.test, scope)
        before = dict(self.cleared)
        self.assume(test.true)
        then = self._guarded(expr.then, scope, before)
        self.cleared = dict(before)
        self.assume(test.false)
        other = self._guarded(expr.other, scope, before)
        self.cleared = before
        if then is None or other is None:
            found = then if then is not None else other
            if found is None:
                raise Unreachable
            self.assume(test.true if other is None else test.false)
            return found
        return self._chosen(then, test, other)

    @staticmethod
    def _chosen(then: Value, test: Value, other: Value) -> Value:
        found = join(then, other)
        if other.const is False:
            return found._replace(true=then.true | test.true, false=frozenset())
        return found._replace(true=other.true | test.false) if then.const is False else found

    def _guarded(self, expr: ir.Expr, scope: Scope, before: Any) -> Value | None:
        """The value of a branch: what is proved on this branch alone is taken off the value itself."""
        try:
            value = self.evaluate(expr, scope)
        except Unreachable:
            return None
        proved = facts_of(self.cleared, before)
        return freed(value, proved)

    def _logic(self, expr: ir.Logic, scope: Scope) -> Value:
        value = self.evaluate(expr.operands[0], scope)
        before = dict(self.cleared)
        for operand in expr.operands[1:]:
            self.assume(value.true if expr.operator == "and" else value.false)
            other = self._guarded(operand, scope, before)
            if other is None:
                self.cleared = dict(before)
                self.assume(value.false if expr.operator == "and" else value.true)
                before = dict(self.cleared)
                continue
            value = self._combined(expr.operator, value, other)
        self.cleared = before
        return value

    @staticmethod
    def _combined(operator: str, left: Value, right: Value) -> Value:
        found = join(left, right)
        if operator == "and":
            found = right if not left.taints and not left.objs else found
            return found._replace(true=left.true | right.true, false=left.false & right.false, const=MISSING)
        if not left.taints and not left.objs and left.const is None:
            return right
        return found._replace(true=left.true & right.true, false=left.false | right.false, const=MISSING)

    def _not(self, expr: ir.Not, scope: Scope) -> Value:
        return guards.swapped(self.evaluate(expr.of, scope))

    def _compare(self, expr: ir.Compare, scope: Scope) -> Value:
        left, right = self.evaluate(expr.left, scope), self.evaluate(expr.right, scope)
        self.looked_at(left, expr.line)
        self.looked_at(right, expr.line)
        return guards.compared(expr, left, right)

    @abstractmethod
    def looked_at(self, value: Value, line: int) -> None:
        """Note that a decision depends on a value."""

    def _number(self, expr: ir.Number, scope: Scope) -> Value:
        for operand in expr.operands:
            self.evaluate(operand, scope)
        return NOTHING

    def _lambda(self, expr: ir.Lambda, scope: Scope) -> Value:
        return Value(objs=(Closure(expr.function, scope),))

    def _comprehension(self, expr: ir.Comprehension, scope: Scope) -> Value:
        found: list[Value] = []
        self.elements.append((expr, found))
        before = self.snapshot(scope)
        self.run(expr.body, scope)
        self.restore(scope, before)
        self.elements.pop()
        made = Shape("list" if expr.key is None else "record", self.level)
        for value in found:
            made.elem = value if made.elem is None else join(made.elem, value)
        facts = found[-1] if found else NOTHING
        return Value(objs=(made,), true=facts.true, false=facts.false)

    def collect(self, scope: Scope) -> None:
        """The expression of the comprehension that is followed, in the state of its loops."""
        expr, found = self.elements[-1]
        if expr.key is not None:
            self.evaluate(expr.key, scope)
        value = self.evaluate(expr.element, scope)
        found.append(freed(value, facts_of(self.cleared, {})))

    def _store(self, expr: ir.Store, scope: Scope) -> Value:
        value = self.evaluate(expr.value, scope)
        self.assign(expr.target, value, scope, expr.line)
        return value

    def _sequence(self, expr: ir.Sequence, scope: Scope) -> Value:
        value = NOTHING
        for item in expr.items:
            value = self.evaluate(item, scope)
        return value

    @abstractmethod
    def call(self, expr: ir.Call, scope: Scope) -> Value:
        """Follow a call."""

    def _call(self, expr: ir.Call, scope: Scope) -> Value:
        return self.call(expr, scope)

    _forms: Final[dict[type, str]] = {
        ir.Const: "_const",
        ir.Pattern: "_pattern",
        ir.Name: "_name",
        ir.Field: "_field",
        ir.Index: "_index",
        ir.Call: "_call",
        ir.Text: "_text",
        ir.Record: "_record",
        ir.Items: "_items",
        ir.Either: "_either",
        ir.Logic: "_logic",
        ir.Not: "_not",
        ir.Compare: "_compare",
        ir.Number: "_number",
        ir.Lambda: "_lambda",
        ir.Comprehension: "_comprehension",
        ir.Store: "_store",
        ir.Sequence: "_sequence",
    }
    """Methods by name: a class further down adds to what they do."""


__all__ = ["HOLE", "Expressions", "constant_text"]
