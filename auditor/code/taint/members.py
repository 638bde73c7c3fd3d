"""Reads and writes members: of the package's own objects, of events, and of what libraries hand out."""

import re
from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.memory import Arguments, Memory
from auditor.code.taint.values import (
    ANY,
    MISSING,
    NO_FACTS,
    NOTHING,
    ClassRef,
    Closure,
    ModuleRef,
    Scope,
    Shape,
    Source,
    Step,
    Taint,
    Value,
    deep_taints,
    join,
    merged,
)

URL: Final = "\0url"
PIECES: Final = "\0pieces"
"""Begins the name of what a path was split into at its separators; what follows says which pieces hold none."""
PARENTS: Final = "\0parents"
"""The name of the directories above a path."""
DYNAMIC: Final = "\0dynamic"
MODEL: Final = "\0model"
SAFE_PARSER: Final = "\0safe parser"
_VALIDATORS: Final = frozenset({"model_validate", "parse_obj", "model_validate_json", "parse_raw", "validate_python"})
_HOST: Final = frozenset({"hostname", "host", "netloc", "origin", "registered_domain", "fqdn"})
_SIZES: Final = frozenset({"length", "size", "byteLength"})
_DEEPEST: Final = 9
_MADE: Final = "~"
"""Begins the name of a member of what an expression made."""
_PLACE: Final = re.compile(r"#-?\d+")


class Members(Memory):
    """Members of values."""

    def load(self, value: Value, name: str, node: ir.Expr) -> Value:
        if name == "parents" and value.taints and self.language == "python" and not value.objs:
            return Value(taints=value.taints, name=PARENTS)
        found = NOTHING
        for thing in value.objs:
            got = self._of_thing(thing, name, value)
            if got is not None and got.objs:
                got = self._read(got, thing, node)
            if got is not None:
                found = join(found, got) if found is not NOTHING else got
        if value.name:
            found = self._of_name(value, name, found)
        if value.taints and not (found.objs and not value.name) and not self._known(value, name):
            taints, text = self._extended(value, name, node)
            found = found._replace(taints=merged(found.taints, taints), text=text and not found.taints)
            if value.name == URL and name in _HOST:
                found = found._replace(false=frozenset(fact for one in taints for fact in one.parents))
        return found

    def _read(self, member: Value, of: object, node: ir.Expr) -> Value:
        """What reading a member gives: a getter is called."""
        for one in member.objs:
            if isinstance(one, Closure) and one.function.accessor == "get":
                if isinstance(of, Shape) or (isinstance(of, ClassRef) and one.function.static):
                    return self.invoke(one, Arguments(), node, Value(objs=(of,)))
                return member
        return member

    @staticmethod
    def _known(value: Value, name: str) -> bool:
        return any(isinstance(one, Shape) and one.kind != "list" and name in one.members for one in value.objs)

    def _of_thing(self, thing: object, name: str, value: Value) -> Value | None:
        if isinstance(thing, Shape):
            found = thing.members.get(name)
            if found is None and thing.kind == "list" and name in _SIZES:
                return NOTHING
            if found is None and thing.cls is not None:
                found = self._bound(thing.cls.member(name), Value(objs=(thing,)))
                if found is None and thing.cls.outside:
                    found = Value(name=f"{thing.cls.outside[0]}().{name}")
            return found if found is not None else thing.elem
        if isinstance(thing, ModuleRef):
            return thing.scope.variables.get(name) or self._exported(thing, name)
        if isinstance(thing, ClassRef):
            return self._of_class(thing, name)
        if isinstance(thing, Closure) and name in {"call", "apply", "bind"}:
            return Value(name=f"\0{name}", objs=value.objs)
        return None

    @staticmethod
    def _of_class(of: ClassRef, name: str) -> Value | None:
        found = of.member(name)
        for one in found.objs if found is not None else ():
            if isinstance(one, Closure) and any(
                isinstance(decorator, ir.Name) and decorator.name == "classmethod"
                for decorator in one.function.decorators
            ):
                return Value(objs=(one.bound(Value(objs=(of,))),))
        if found is None and name in _VALIDATORS:
            return Value(name=MODEL, objs=(of,))
        if found is None and of.outside:
            return Value(name=f"{of.outside[0]}.{name}")
        return found

    def _exported(self, module: ModuleRef, name: str) -> Value | None:
        """What a JavaScript module exports under a name; `default` may be all of it."""
        exports = module.scope.variables.get("exports")
        for thing in exports.objs if exports is not None else ():
            if isinstance(thing, Shape) and name in thing.members:
                return thing.members[name]
            if isinstance(thing, Closure | ClassRef) and name == "default":
                return exports
        return exports if name == "default" else None

    @staticmethod
    def _bound(found: Value | None, receiver: Value) -> Value | None:
        if found is None or not found.objs:
            return found
        objs = tuple(
            one.bound(receiver) if isinstance(one, Closure) and one.function.method and not one.function.static else one
            for one in found.objs
        )
        return found._replace(objs=objs)

    def _of_name(self, value: Value, name: str, found: Value) -> Value:
        """A member of something outside the package."""
        if value.name.startswith("\0"):
            return found
        kind = self.sources.types.get(value.name)
        if kind is not None and name in kind.members:
            source = Source(f"request.{name}" if "http" in kind.kinds else name, kind.kinds)
            return self.outside(source, text=name in kind.text)
        made = self.sources.canonical(f"{value.name}.{name}")
        return found._replace(name=found.name or made)

    def outside(self, source: Source, *, text: bool = False) -> Value:
        """A value that comes from outside."""
        key = f"{'event' if source.event else source.kinds[0]}:{source.path}"
        keys = frozenset({key})
        taint = Taint(source, keys, keys, frozenset(), frozenset(), (), 0)
        return Value(taints=(taint,), text=text)

    def _extended(self, value: Value, name: str, node: object) -> tuple[tuple[Taint, ...], bool]:
        """Origins of a member of a value from outside, and whether it is always text."""
        if name in _SIZES:
            return (), False
        if value.name == URL:
            parents = frozenset((key, cls) for one in value.taints for key in one.own for cls in ("ssrf", "redirect"))
            return self.derive(value.taints, node, parents=parents if name in _HOST else frozenset()), True
        found: list[Taint] = []
        texts = []
        rest: list[Taint] = []
        for one in value.taints:
            key = next(iter(one.own)) if len(one.own) == 1 else ""
            if not key or (isinstance(key, str) and key.count(".") + key.count("[]") >= _DEEPEST):
                rest.append(one)
                texts.append(value.text)
                continue
            if value.text or isinstance(key, int) or key.startswith(_MADE):
                found.append(with_key(one, _member_key(key if isinstance(key, str) else f"{_MADE}{key}", name)))
                texts.append(value.text)
                continue
            made = self._part(one, key, name)
            if made is not None:
                found.append(made)
                texts.append(
                    value.text or (made.source.event and self.sources.is_text(made.source.path)) or "request." in key
                )
        joined = (*found, *self.derive(tuple(rest), node))
        return joined, bool(texts) and all(texts) and self._text_only(value)

    @staticmethod
    def _text_only(value: Value) -> bool:
        """A member of a record of texts is text: `query.id`; a member of a parsed body may be anything."""
        return value.text or all(one.source.event for one in value.taints)

    def _part(self, taint: Taint, key: str, name: str) -> Taint | None:
        source = taint.source
        path = source.path + name if name == "[]" or not source.path else f"{source.path}.{name}"
        if source.event:
            kinds = self.sources.kinds(path)
            if kinds is None and self._in_shape(path):
                return None
            kinds = kinds or ("direct",)
            source = Source(path, kinds, event=True, stored=source.stored)
        else:
            source = source._replace(path=path)
        return with_key(taint._replace(source=source), _member_key(key, name))

    def _in_shape(self, path: str) -> bool:
        """Whether the code reads the event that a field of this name is the cloud's in; any caller may send an `id`."""
        words = self.sources.shape(path)
        return words is None or any(self.says(path, words) for path in {self.file, self.entry.partition(":")[0]})

    def named_methods(self, value: Value, name: Value) -> Value | None:
        """The methods a computed name may stand for: those that begin with the part of it that is known."""
        found: Value | None = None
        for thing in value.objs:
            cls = thing.cls if isinstance(thing, Shape) else thing if isinstance(thing, ClassRef) else None
            every = cls.names() if cls is not None else thing.scope.variables if isinstance(thing, ModuleRef) else ()
            for one in every:
                if one.startswith(name.lead) and (name.lead or not one.startswith("_")) and one != "constructor":
                    got = self._of_thing(thing, one, value)
                    if got is not None and any(isinstance(of, Closure) for of in got.objs):
                        found = got if found is None else join(found, got)
        return found

    def element(self, value: Value, node: object, suffix: str = "[]") -> Value:
        found: Value | None = None
        for thing in value.objs:
            if isinstance(thing, Shape):
                for got in (*thing.members.values(), *((thing.elem,) if thing.elem is not None else ())):
                    found = got if found is None else join(found, got)
        found = found if found is not None else NOTHING
        if value.taints:
            taints, text = self._extended(value, suffix, node)
            found = found._replace(taints=merged(found.taints, taints), text=text or value.text)
        if value.name and not found.name and not value.name.startswith("\0"):
            found = found._replace(name=f"{value.name}[]")
        return found

    def put(self, of: Value, name: str | None, value: Value, line: int) -> None:
        """Write a member; with no name, one that is not known."""
        for thing in of.objs:
            if isinstance(thing, Shape):
                sure = len(of.objs) == 1 and thing.level >= self.level
                if name is None:
                    thing.elem = value if thing.elem is None else join(thing.elem, value)
                    continue
                old = thing.members.get(name)
                thing.members[name] = value if old is None or sure else join(old, value)
                thing.lines[name] = Step(self.file, line)
            elif isinstance(thing, ClassRef) and name is not None:
                thing.members[name] = value
            elif isinstance(thing, ModuleRef) and name is not None:
                thing.scope.variables[name] = value
        if of.taints and name is not None:
            self._put_outside(of, name, value)
        if of.name == "azure.Context()" and name == "res":
            self.returned(value, line, html=False)

    def _put_outside(self, of: Value, name: str, value: Value) -> None:
        """Write a member of what came from outside: from here on it is as harmless as what was written."""
        inner = deep_taints(value, 2)
        classes = frozenset({ANY}) if not inner else frozenset.intersection(*(one.cleared for one in inner))
        for taint in of.taints:
            for key in taint.own:
                if isinstance(key, str):
                    self.cleared[f"{key}.{name}"] = classes

    def assign(self, where: ir.Target | None, value: Value, scope: Scope, line: int) -> None:
        """Bind a target."""
        if isinstance(where, ir.Name):
            self._bind(where.name, self.stepped(value, line), scope)
        elif isinstance(where, ir.Field):
            of = self.evaluate(where.of, scope)
            if isinstance(where.of, ir.Name) and where.of.name == "module" and where.name == "exports":
                self._bind("exports", value, scope)
            else:
                self.put(of, where.name, value, line)
        elif isinstance(where, ir.Index):
            self._assign_index(where, value, scope, line)
        elif isinstance(where, ir.DefaultTarget):
            default = self.evaluate(where.default, scope)
            given = value is not NOTHING
            self.assign(where.target, join(value, default) if given else default, scope, line)
        elif isinstance(where, ir.RestTarget):
            self.assign(where.target, value, scope, line)
        elif where is not None:
            self._unpack(where, value, scope, line)

    def _assign_index(self, where: ir.Index, value: Value, scope: Scope, line: int) -> None:
        of = self.evaluate(where.of, scope)
        key = self.evaluate(where.key, scope) if where.key is not None else NOTHING
        constant = isinstance(key.const, str | int) and not isinstance(key.const, bool)
        self.put(of, str(key.const) if constant else None, value, line)
        dynamic = of.name == DYNAMIC and not (value.name == DYNAMIC and value.objs)
        if dynamic and self.language == "javascript" and not constant and value.taints:
            self.hit("prototype", "computed member", line, self.living(key, "prototype"))

    def _bind(self, name: str, value: Value, scope: Scope) -> None:
        owner = scope.owner(name) if self.language == "javascript" else scope.declared(name) if scope.outer else scope
        if owner is not scope and self.level and name in owner.variables:
            value = join(owner.variables[name], value)
        owner.variables[name] = value

    def _unpack(self, where: ir.ListTarget | ir.RecordTarget, value: Value, scope: Scope, line: int) -> None:
        if isinstance(where, ir.RecordTarget):
            for name, target in where.targets:
                got = value if not name else self.load(value, name, ir.Name(name, line))
                self.assign(target, got, scope, line)
            return
        shape = next((one for one in value.objs if isinstance(one, Shape) and one.kind == "list"), None)
        for place, part in enumerate(where.targets):
            if part is None:
                continue
            known = shape.members.get(str(place)) if shape is not None and len(value.objs) == 1 else None
            given = known if known is not None else placed(self.element(value, part), place)
            self.assign(part, value if isinstance(part, ir.RestTarget) else given, scope, line)


def _member_key(key: str, name: str) -> str:
    return f"{key}{name}" if name == "[]" else f"{key}.{name}"


def with_key(taint: Taint, key: str) -> Taint:
    """The same origin, of a part that goes by this name, and by that of any place in its list."""
    names = {key, _PLACE.sub("", key)} if "#" in key else {key}
    return taint._replace(keys=taint.keys | names, own=frozenset({key}), parents=NO_FACTS)


def placed(value: Value, place: int) -> Value:
    """An element that goes by its place in the list, so that a check of one is none of another."""
    taints = [
        with_key(one, f"{key}#{place}") if len(one.own) == 1 and isinstance(key := next(iter(one.own)), str) else one
        for one in value.taints
    ]
    return value._replace(taints=tuple(taints))


def piece(of: Value, found: Value, place: int) -> Value:
    """A piece of a path that was split: the name of a file or folder."""
    if not of.name.startswith(PIECES) or (of.name != PIECES and f" {place} " not in of.name):
        return found
    return found._replace(taints=tuple(one._replace(cleared=one.cleared | {"path"}) for one in found.taints))


def constant_text(value: Value) -> str | None:
    """The text of a constant."""
    return value.const if isinstance(value.const, str) else None


def is_known(value: Value) -> bool:
    """Whether a constant is known."""
    return value.const is not MISSING
