"""Lists, records, maps and promises: what their methods do to what they hold."""

from typing import Final

from auditor.code.taint import guards, ir
from auditor.code.taint.calls import Calls
from auditor.code.taint.guards import of_all
from auditor.code.taint.members import PIECES, constant_text, piece
from auditor.code.taint.memory import Arguments, Unreachable, freed
from auditor.code.taint.values import MISSING, NOTHING, Closure, Shape, Value, deep_taints, join, merged

_ADDING: Final = frozenset({"append", "push", "add", "appendleft", "unshift", "insert", "put", "put_nowait"})
_GROWING: Final = frozenset({"extend", "update", "concat", "splice"})
_EACH: Final = frozenset(
    {"map", "forEach", "filter", "find", "some", "every", "flatMap", "findIndex", "findLast", "each"}
)
_THEN: Final = frozenset({"then", "finally", "tap"})
_READING: Final = frozenset({"pop", "popleft", "shift", "at", "get_nowait", "pop_front"})
_SAME: Final = frozenset({"copy", "values", "slice", "reverse", "sort", "flat", "toArray", "toSorted", "toReversed"})
_PYTHON_EACH: Final = frozenset({"map", "filter", "sorted", "min", "max"})
_ASYNC_EACH: Final = frozenset(
    {
        "async.map",
        "async.each",
        "async.forEach",
        "p-map",
        "bluebird.map",
        "Promise.map",
        "lodash.map",
        "lodash.forEach",
        "lodash.filter",
        "lodash.each",
        "Array.from",
    }
)
_OWN_LISTS: Final = frozenset({"Object.keys()", "Object.values()", "Array.from()", "Array()"})
_MERGING: Final = frozenset({"Object.assign", "lodash.extend", "lodash.assign", "deepmerge"})


class Collections(Calls):
    """Methods of collections."""

    def collection_call(
        self, receiver: Value, name: str, given: Arguments, node: ir.Call, *, known: bool
    ) -> Value | None:
        """The outcome of a method of a collection; None where it is none."""
        if not name:
            return self._builtin(given, node)
        full = f"{receiver.name}.{name}"
        if full in _ASYNC_EACH:
            return self._each("map", given.at(0), Arguments(given.items[1:]), node)
        if full == "Object.entries":
            return self._pairs(given.at(0), node)
        if full in _MERGING:
            return self._merged(given)
        if name in _EACH and self._closures(given) and (not known or receiver.name in _OWN_LISTS):
            return self._each(name, receiver, given, node)
        if name in _THEN and self._closures(given):
            return self._then(receiver, given, node)
        if name == "catch" and self._closures(given):
            for one in self._closures(given):
                self._quietly(one, Arguments((Value(name="\0error"),)), node)
            return receiver
        if name in {"reduce", "reduceRight"} and self._closures(given):
            return self._reduce(receiver, given, node)
        shapes = [one for one in receiver.objs if isinstance(one, Shape) and one.kind != "instance"]
        if shapes:
            return self._of_shapes(shapes, receiver, name, given, node)
        return self._of_outside(receiver, name, given, node) if receiver.taints or known else None

    @staticmethod
    def _closures(given: Arguments) -> list[Closure]:
        return [one for value in given.items for one in value.objs if isinstance(one, Closure)]

    def _builtin(self, given: Arguments, node: ir.Call) -> Value | None:
        """`map(f, items)`, `filter`, `any` and `all`."""
        callee = node.callee
        if not isinstance(callee, ir.Name) or self.language != "python":
            return None
        closures = [one for one in given.at(0).objs if isinstance(one, Closure)]
        if callee.name in {"map", "filter"} and closures:
            return self._each(callee.name, given.at(1), Arguments((given.at(0),)), node)
        if callee.name == "any" and given.items:
            return Value(true=given.at(0).true)
        if callee.name == "all" and given.items:
            return Value(true=of_all(given.at(0).true))
        if callee.name == "zip":
            made = Shape("list", self.level)
            for value in given.items:
                made.members[str(len(made.members))] = self.element(value, node)
            outer = Shape("list", self.level)
            outer.elem = Value(objs=(made,))
            return Value(objs=(outer,))
        return self._enumerated(given, node) if callee.name == "enumerate" else None

    def _enumerated(self, given: Arguments, node: ir.Call) -> Value:
        pair, outer = Shape("list", self.level), Shape("list", self.level)
        pair.members = {"0": NOTHING, "1": self.element(given.at(0), node)}
        outer.elem = Value(objs=(pair,))
        return Value(objs=(outer,))

    def _quietly(self, closure: Closure, given: Arguments, node: ir.Call) -> Value:
        """Call a function that may never return without ending the path that hands it over."""
        try:
            return self.invoke(closure, given, node)
        except Unreachable:
            return NOTHING

    def _each(self, name: str, receiver: Value, given: Arguments, node: ir.Call) -> Value:
        element = self.element(receiver, node)
        before = dict(self.cleared)
        found = NOTHING
        for one in self._closures(given):
            got = self._quietly(one, Arguments((element, NOTHING, receiver)), node)
            found = got if found is NOTHING else join(found, got)
        self.cleared = before
        if name in {"some", "every"}:
            true = of_all(found.true) if name == "every" else found.true
            return Value(true=true, false=of_all(found.false) if name == "some" else frozenset())
        if name in {"find", "findLast"}:
            return element._replace(true=found.true)
        if name in {"forEach", "each", "findIndex"}:
            return Value(name=guards.INDEX, true=found.true) if name == "findIndex" else NOTHING
        made = Shape("list", self.level)
        if name == "filter":
            made.elem = freed(element, found.true)
        else:
            made.elem = self.element(found, node) if name == "flatMap" and (found.objs or found.taints) else found
        return Value(objs=(made,))

    def _then(self, receiver: Value, given: Arguments, node: ir.Call) -> Value:
        found = NOTHING
        for one in self._closures(given)[:1]:
            found = self._quietly(one, Arguments((receiver,)), node)
        for one in self._closures(given)[1:]:
            self._quietly(one, Arguments((Value(name="\0error"),)), node)
        return found

    def _reduce(self, receiver: Value, given: Arguments, node: ir.Call) -> Value:
        element = self.element(receiver, node)
        found = given.at(1) if len(given.items) > 1 else element
        for one in self._closures(given)[:1]:
            for _ in range(2):
                found = join(found, self._quietly(one, Arguments((found, element, NOTHING)), node))
        return found

    def _merged(self, given: Arguments) -> Value:
        made = Shape("record", self.level)
        taints = merged((), ())
        for value in given.items:
            for thing in value.objs:
                if isinstance(thing, Shape):
                    made.members.update(thing.members)
                    made.elem = thing.elem if thing.elem is not None else made.elem
            taints = merged(taints, value.taints)
        for thing in given.at(0).objs:
            if isinstance(thing, Shape):
                thing.members.update(made.members)
        return Value(objs=(made,), taints=taints)

    def _of_shapes(
        self, shapes: list[Shape], receiver: Value, name: str, given: Arguments, node: ir.Call
    ) -> Value | None:
        """Methods of lists, records, sets and maps that the package made."""
        if name in _ADDING or (name == "set" and len(given.items) == 2):
            return self._added_to(shapes, receiver, name, given)
        if name in _GROWING:
            return self._grown(receiver, given, node)
        if name in {"get", "setdefault", "pop", "__getitem__", "getlist"} and (given.items or name != "pop"):
            found = self._got(receiver, given, node)
            return found if given.items or name != "get" else NOTHING
        if name in _READING:
            return self.element(receiver, node)
        if name in _SAME:
            return receiver
        if name in {"items", "entries"}:
            return self._pairs(receiver, node)
        if name in {"keys", "clear", "remove", "delete"}:
            return NOTHING
        if name in {"includes", "has", "__contains__"}:
            true, false = guards.contained(given.at(0), receiver)
            return Value(true=true, false=false)
        if name == "indexOf":
            return Value(name=guards.INDEX, true=guards.contained(given.at(0), receiver)[0])
        if name == "index" and self.language == "python":
            self.assume(guards.contained(given.at(0), receiver)[0])
            return NOTHING
        return self._joined_text(receiver, given, node) if name == "join" else None

    def _added_to(self, shapes: list[Shape], receiver: Value, name: str, given: Arguments) -> Value:
        key = constant_text(given.at(0)) if name == "set" else None
        values = given.items[1:] if name in {"insert", "set"} else given.items
        for value in values:
            if key is not None:
                self.put(receiver, key, value, 0)
                continue
            plain = [one for one in shapes if one.kind == "list" and one.elem is None and one.level >= self.level]
            if len(plain) == 1 == len(receiver.objs) and name in {"append", "push"} and len(plain[0].members) < 40:
                plain[0].members[str(len(plain[0].members))] = value
            else:
                self.put(receiver, None, value, 0)
        return receiver

    def _grown(self, receiver: Value, given: Arguments, node: ir.Call) -> Value:
        for value in given.all():
            records = [one for one in value.objs if isinstance(one, Shape) and one.kind == "record"]
            for one in records:
                for name, member in one.members.items():
                    self.put(receiver, name, member, 0)
            if value.taints or not records:
                self.put(receiver, None, self.element(value, node) if value.objs or value.taints else value, 0)
        for name, value in given.named.items():
            self.put(receiver, name, value, 0)
        return receiver

    def _got(self, receiver: Value, given: Arguments, node: ir.Call) -> Value:
        """`get` with a default: a constant table gives constants, whatever the key."""
        key = constant_text(given.at(0))
        known = any(isinstance(one, Shape) and key in one.members for one in receiver.objs)
        if key is not None and (known or receiver.taints):
            found = self.load(receiver, key, node)
        else:
            found = self.element(receiver, node)
            if len(given.items) == 1:
                return found._replace(true=guards.listed(given.at(0), receiver))
        return join(found, given.at(1)) if len(given.items) > 1 else found

    def _pairs(self, receiver: Value, node: ir.Call) -> Value:
        pair, outer = Shape("list", self.level), Shape("list", self.level)
        key = Value(taints=self.derive(receiver.taints, pair), text=True)
        pair.members = {"0": key, "1": self.element(receiver, node)}
        outer.elem = Value(objs=(pair,), const=MISSING)
        return Value(objs=(outer,))

    def _joined_text(self, receiver: Value, given: Arguments, node: ir.Call) -> Value:
        """JavaScript's `[a, b].join(" ")`."""
        taints = deep_taints(receiver)
        lead = ""
        glue = constant_text(given.at(0)) or ""
        for thing in receiver.objs[:1]:
            for member in thing.members.values() if isinstance(thing, Shape) else ():
                if deep_taints(member, 1):
                    lead += member.lead
                    break
                lead += (str(member.const) if isinstance(member.const, str) else "\1") + glue
        return Value(taints=self.derive(taints, node, cleared=frozenset({"nosql"})), text=True, lead=lead)

    def _of_outside(self, receiver: Value, name: str, given: Arguments, node: ir.Call) -> Value | None:
        """Methods of what came from outside, as far as they read members."""
        key = constant_text(given.at(0))
        if not receiver.taints:
            return None
        if receiver.name.startswith(PIECES) and name in {"pop", "shift", "at"}:
            last = given.at(0).const if name == "at" else -1 if name == "pop" else 0
            found = self.element(receiver._replace(name=""), node)
            return piece(receiver, found, last) if isinstance(last, int) else found
        if name in {"get", "pop", "setdefault", "getlist", "getAll", "__getitem__", "getFirst", "header", "param"}:
            found = self.load(receiver, key, node) if key is not None else self.element(receiver, node, ".*")
            return join(found, given.at(1)) if len(given.items) > 1 else found
        if name in {"items", "entries"} and not given.items:
            return self._pairs(receiver, node)
        if name in {"startswith", "startsWith", "endswith", "endsWith", "test"}:
            return None
        if name == "indexOf":
            text = key or ""
            absent = guards.contained(Value(const=text), receiver)[1]
            return Value(name=guards.PREFIX, true=guards.begins_with(receiver, given.at(0)), false=absent)
        return None
