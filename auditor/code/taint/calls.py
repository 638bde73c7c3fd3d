"""Follows calls: into functions and classes of the package, and up to the edge of libraries."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.members import MODEL
from auditor.code.taint.memory import Arguments, Cleared, Unreachable, common, facts_of, freed
from auditor.code.taint.statements import Statements
from auditor.code.taint.values import (
    NOTHING,
    ClassRef,
    Closure,
    Partial,
    Scope,
    Shape,
    Value,
    deep_taints,
    join,
    merged,
)

_DEEPEST: Final = 14
_REBINDING: Final = frozenset({"\0call", "\0apply", "\0bind"})
_MOST_CALLS: Final = 25
"""How often a function is followed anew for values of other origins."""


class Calls(Statements):
    """Calls."""

    entry_function = 0
    entry_returns: list[tuple[Value, Cleared]]

    def call(self, expr: ir.Call, scope: Scope) -> Value:
        callee = expr.callee
        receiver = NOTHING
        if isinstance(callee, ir.Field):
            receiver = self.evaluate(callee.of, scope)
            target = self.load(receiver, callee.name, callee)
            name = callee.name
        else:
            target = self.evaluate(callee, scope)
            name = ""
        given = self.arguments(expr.args, scope)
        if isinstance(callee, ir.Name) and callee.name == "super":
            return self._super(scope, given, expr)
        self.file = scope.file
        return self.apply(target, receiver, name, given, expr)

    def _super(self, scope: Scope, given: Arguments, expr: ir.Call) -> Value:
        """Python's `super()` is the instance seen as its base; JavaScript's calls the constructor of the base."""
        this = self._this(scope)
        if self.language == "python":
            return this
        for thing in this.objs:
            if isinstance(thing, Shape) and thing.cls is not None:
                for base in thing.cls.bases:
                    made = base.member("constructor")
                    for one in made.objs if made is not None else ():
                        if isinstance(one, Closure):
                            self.invoke(one, given, expr, this)
        return NOTHING

    def arguments(self, args: tuple[ir.Arg, ...], scope: Scope) -> Arguments:
        """Evaluate arguments; spread records give keywords, spread lists what may be at any place."""
        items: list[Value] = []
        named: dict[str, Value] = {}
        rest: Value | None = None
        for arg in args:
            value = self.evaluate(arg.value, scope)
            if arg.keyword:
                named[arg.keyword] = value
            elif arg.spread == "**":
                for thing in value.objs:
                    if isinstance(thing, Shape):
                        named.update(thing.members)
                if value.taints:
                    rest = value if rest is None else join(rest, value)
            elif arg.spread:
                known = [one for one in value.objs if isinstance(one, Shape) and one.elem is None]
                if len(known) == len(value.objs) == 1 and not value.taints:
                    items.extend(known[0].members.values())
                else:
                    got = self.element(value, arg)
                    rest = got if rest is None else join(rest, got)
            else:
                items.append(value)
        return Arguments(tuple(items), named, rest)

    def apply(self, target: Value, receiver: Value, name: str, given: Arguments, node: ir.Call) -> Value:
        """Call whatever the target may be."""
        found: Value | None = None
        for thing in target.objs:
            got: Value | None = None
            if isinstance(thing, Closure) and target.name not in _REBINDING:
                got = self.invoke(thing, given, node, receiver if receiver.objs else None)
            elif isinstance(thing, ClassRef):
                model = target.name == MODEL
                got = self.modelled(thing, given.at(0)) if model else self._construct(thing, given, node)
            elif isinstance(thing, Shape) and thing.cls is not None and self.language == "python":
                got = self._called_instance(thing, given, node)
            elif isinstance(thing, Partial):
                whole = given._replace(items=(*thing.given, *given.items), named={**thing.named, **given.named})
                got = self.apply(thing.target, NOTHING, "", whole, node)
            if got is not None:
                found = got if found is None else join(found, got)
        if found is not None:
            return found
        return self.outside_call(target, receiver, name, given, node)

    def _called_instance(self, of: Shape, given: Arguments, node: ir.Call) -> Value | None:
        made = of.cls.member("__call__") if of.cls is not None else None
        found: Value | None = None
        for one in made.objs if made is not None else ():
            if isinstance(one, Closure):
                got = self.invoke(one, given, node, Value(objs=(of,)))
                found = got if found is None else join(found, got)
        return found

    @abstractmethod
    def outside_call(self, target: Value, receiver: Value, name: str, given: Arguments, node: ir.Call) -> Value:
        """A call of something outside the package."""

    def _construct(self, cls: ClassRef, given: Arguments, node: ir.Call) -> Value:
        made = Shape("instance", self.level)
        made.cls = cls
        value = Value(objs=(made,))
        start = cls.member("__init__" if self.language == "python" else "constructor")
        if self.language == "javascript":
            made.members.update(
                {
                    name: one
                    for name, one in cls.members.items()
                    if not any(isinstance(of, Closure) and of.owner for of in one.objs)
                }
            )
        started = False
        for thing in start.objs if start is not None else ():
            if isinstance(thing, Closure):
                self.invoke(thing.bound(value), given, node, value)
                started = True
        if not started:
            self._filled(cls, made, given)
        return value

    def _filled(self, cls: ClassRef, made: Shape, given: Arguments) -> None:
        """Data classes and models: arguments become the members of their names."""
        fields = self._fields(cls)
        for name, value in zip(fields, given.items, strict=False):
            made.members[name] = value
        made.members.update({name: self.converted(value, fields.get(name)) for name, value in given.named.items()})
        if given.rest is not None:
            for name, kind in fields.items():
                if name not in made.members:
                    made.members[name] = self.converted(self.load(given.rest, name, ir.Name(name, 0)), kind)
        if not fields:
            for value in given.items:
                made.elem = value if made.elem is None else join(made.elem, value)

    def _fields(self, cls: ClassRef, depth: int = 0) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for base in cls.bases if depth < 8 else ():
            found.update(self._fields(base, depth + 1))
        found.update(cls.fields)
        return found

    @abstractmethod
    def modelled(self, cls: ClassRef, value: Value) -> Value:
        """What a model makes of a record."""

    @abstractmethod
    def converted(self, value: Value, kind: Value | None) -> Value:
        """What a model makes of a value of a declared type."""

    def invoke(self, closure: Closure, given: Arguments, node: ir.Expr, receiver: Value | None = None) -> Value:
        function = closure.function
        key = id(function)
        if closure.given or closure.named:
            given = given._replace(items=(*closure.given, *given.items), named={**closure.named, **given.named})
        tainted = any(deep_taints(value) for value in given.all())
        mark = self._signature(closure, given, receiver)
        remembered = self.memo.get(mark)
        if remembered is not None and (not tainted or self.invoked.get(key, 0) > _MOST_CALLS):
            return remembered
        if self.stack.count(key) >= 2 or len(self.stack) >= _DEEPEST:
            return self._unfollowed(given, node)
        self.invoked[key] = self.invoked.get(key, 0) + 1
        if self.invoked[key] > _MOST_CALLS * 4:
            return remembered if remembered is not None else self._unfollowed(given, node)
        self.stack.append(key)
        try:
            value = self._followed(closure, given, node, receiver)
        finally:
            self.stack.pop()
        self.memo[mark] = value
        return value

    @staticmethod
    def _signature(closure: Closure, given: Arguments, receiver: Value | None) -> tuple[object, ...]:
        """What decides on the outcome of a call, roughly."""

        def mark(value: Value) -> object:
            things = tuple(id(one.function) if isinstance(one, Closure) else id(one) for one in value.objs)
            return (value.name, str(value.const), things, tuple(one.keys for one in value.taints))

        of = receiver if receiver is not None else closure.receiver
        return (
            id(closure.function),
            id(closure.scope),
            (mark(of), frozenset(one.keys for one in deep_taints(of, 2))) if of is not None else 0,
            tuple(mark(one) for one in given.items),
            tuple(sorted((name, mark(one)) for name, one in given.named.items())) if given.named else (),
        )

    def _unfollowed(self, given: Arguments, node: ir.Expr) -> Value:
        taints = merged((), ())
        for value in given.all():
            taints = merged(taints, deep_taints(value))
        return Value(taints=self.derive(taints, node, doubt=1))

    def _followed(self, closure: Closure, given: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
        function = closure.function
        scope = Scope(closure.scope, closure.scope.file, closure.scope.language)
        file, language, level = self.file, self.language, self.level
        self._bind_parameters(closure, given, scope, receiver, node)
        self.file, self.language = scope.file, scope.language
        entered = dict(self.cleared)
        self.frames.append([])
        loops, self.loops = self.loops, []
        falls = self.run(function.body(), scope)
        self.loops = loops
        ends = self.frames.pop()
        self.file, self.language, self.level = file, language, level
        if falls:
            ends.append((Value(const=None), self.cleared))
        if id(function) == self.entry_function and len(self.stack) == 1:
            self.entry_returns.extend(ends)
        if not ends:
            raise Unreachable
        return self._result(ends, entered)

    def _result(self, ends: list[tuple[Value, Cleared]], entered: Cleared) -> Value:
        """What a function gives: a truth value carries what was proved where it was returned."""
        found: Value | None = None
        true: frozenset[tuple[str | int, str]] | None = None
        false: frozenset[tuple[str | int, str]] | None = None
        after = ends[0][1]
        for value, cleared in ends:
            after = common(after, cleared)
            proved = facts_of(cleared, entered)
            safe = freed(value, proved)
            found = safe if found is None else join(found, safe)
            if value.const not in (False, None, 0, ""):
                true = (value.true | proved) if true is None else true & (value.true | proved)
            if value.const is not True:
                false = (value.false | proved) if false is None else false & (value.false | proved)
        self.cleared = dict(after)
        value = found if found is not None else NOTHING
        return value._replace(true=true or frozenset(), false=false or frozenset())

    def _bind_parameters(
        self, closure: Closure, given: Arguments, scope: Scope, receiver: Value | None, node: ir.Expr
    ) -> None:
        parameters = closure.function.parameters
        this = closure.receiver if closure.receiver is not None else receiver
        if closure.function.method and not closure.function.static and closure.scope.language == "python":
            if this is not None and parameters:
                self.assign(parameters[0].target, this, scope, 0)
                scope.this = this
                parameters = parameters[1:]
        elif not closure.function.arrow:
            scope.this = this
        self._bind_each(parameters, given, scope, node)

    def _bind_each(self, parameters: Iterable[ir.Parameter], given: Arguments, scope: Scope, node: ir.Expr) -> None:
        place = 0
        for parameter in parameters:
            if parameter.star:
                self.assign(parameter.target, self._starred(parameter.star, given, place), scope, 0)
                continue
            name = _name_of(parameter.target)
            value = given.named.get(name) or given.at(place)
            place += name not in given.named
            if value is NOTHING and parameter.annotation is not None:
                value = self.declared(parameter.annotation, scope)
            if value is NOTHING and isinstance(parameter.target, ir.Name):
                scope.variables[parameter.target.name] = value
                continue
            self.assign(parameter.target, self.stepped(value, node.line), scope, 0)
        scope.variables.setdefault("arguments", NOTHING)

    def declared(self, annotation: ir.Expr, scope: Scope) -> Value:
        """What a parameter's type says of it."""
        kind = self.evaluate(annotation, scope)
        if kind.name and "." in kind.name:
            return Value(name=self.sources.canonical(f"{kind.name}()"))
        return NOTHING

    def _starred(self, star: str, given: Arguments, place: int) -> Value:
        made = Shape("list" if star == "*" else "record", self.level)
        if star == "*":
            for one in given.items[place:]:
                made.members[str(len(made.members))] = one
        else:
            made.members.update(given.named)
        made.elem = given.rest
        return Value(objs=(made,))


def _name_of(target: ir.Target) -> str:
    if isinstance(target, ir.DefaultTarget | ir.RestTarget):
        return _name_of(target.target)
    return target.name if isinstance(target, ir.Name) else ""
