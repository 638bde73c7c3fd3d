"""What the engine knows of a value: where it came from, what it can no longer do, and its shape."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, Union

from auditor.code.taint import ir

Key = str | int
"""Names a value, so that a check of it is remembered: the path of a source, or the expression that made it."""

Fact = tuple[Key, str]
"""The value under this key can do no harm of this class; `*` for every class."""

Facts = frozenset[Fact]
ANY: Final = "*"
NO_FACTS: Final[Facts] = frozenset()
LOCAL: Final = ("begins with /", "begins not with //")
"""What makes an address one of the same host, where both are proved."""
_WIDEST: Final = 10
"""Origins a value keeps."""

_MOST_LOOKED_INTO: Final = 150
"""Objects within one another that are looked into for origins."""


class Step(NamedTuple):
    """A place the value went through."""

    file: str
    line: int


class Source(NamedTuple):
    """Where a value came in: the path of a field, the triggers that carry it, and whether it was stored before."""

    path: str
    kinds: tuple[str, ...]
    event: bool = False
    stored: bool = False


class Taint(NamedTuple):
    """One origin of a value."""

    source: Source
    keys: frozenset[Key]
    own: frozenset[Key]
    parents: Facts
    cleared: frozenset[str]
    steps: tuple[Step, ...]
    doubt: int


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


class Value(NamedTuple):
    """All that is known of a value. `lead` is the text before the first part that came from outside."""

    taints: tuple[Taint, ...] = ()
    const: Any = MISSING
    name: str = ""
    objs: "tuple[Thing, ...]" = ()
    lead: str = ""
    true: Facts = NO_FACTS
    false: Facts = NO_FACTS
    text: bool = False


NOTHING: Final = Value()


class Shape:
    """A record, a list or an instance: known members, and what may be under any other key."""

    __slots__ = ("cls", "elem", "kind", "level", "lines", "members")

    def __init__(self, kind: str, level: int = 0) -> None:
        self.kind = kind
        self.members: dict[str, Value] = {}
        self.elem: Value | None = None
        self.cls: ClassRef | None = None
        self.level = level
        self.lines: dict[str, Step] = {}


_NONE: Final[dict[str, bool]] = {}
"""No name is said to be bound further out; replaced, never changed."""


NO_NAMES: Final[Mapping[str, Value]] = {}
"""No argument is given by name; replaced, never changed."""


class Scope:
    """Variables of a function or module."""

    __slots__ = ("file", "function", "language", "outer", "parent", "this", "variables")

    def __init__(self, parent: "Scope | None", file: str, language: str) -> None:
        self.outer = _NONE
        self.parent = parent
        self.variables: dict[str, Value] = {}
        self.file = file
        self.language = language
        self.this: Value | None = None
        self.function: object = None

    def find(self, name: str) -> Value | None:
        """The value of a variable, here or further out."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.variables.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def declared(self, name: str) -> "Scope":
        """The scope that Python binds a name in: this one, unless it says `global` (True) or `nonlocal`."""
        if name not in self.outer:
            return self
        if not self.outer[name]:
            return self.parent.owner(name) if self.parent is not None else self
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def owner(self, name: str) -> "Scope":
        """The scope that declares the variable; this one where none does."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.variables:
                return scope
            scope = scope.parent
        return self


class Closure:
    """A function with the variables around it, the receiver it is bound to and arguments given before."""

    __slots__ = ("function", "given", "named", "owner", "receiver", "scope")

    def __init__(
        self,
        function: ir.Function,
        scope: Scope,
        receiver: Value | None = None,
        owner: "ClassRef | None" = None,
        given: tuple[Value, ...] = (),
        named: Mapping[str, Value] = NO_NAMES,
    ) -> None:
        self.function = function
        self.scope = scope
        self.receiver = receiver
        self.owner = owner
        self.given = given
        self.named = named

    def bound(self, receiver: Value) -> "Closure":
        """The same function, with a receiver."""
        return Closure(self.function, self.scope, receiver, self.owner, self.given, self.named)


class Partial:
    """A function outside the package with arguments given before."""

    __slots__ = ("given", "named", "target")

    def __init__(self, target: "Value", given: "tuple[Value, ...]", named: "Mapping[str, Value]") -> None:
        self.target = target
        self.given = given
        self.named = named


class ClassRef:
    """A class of the package."""

    __slots__ = ("bases", "fields", "members", "name", "outside", "scope")

    def __init__(self, name: str, scope: Scope) -> None:
        self.name = name
        self.scope = scope
        self.bases: tuple[ClassRef, ...] = ()
        self.outside: tuple[str, ...] = ()
        self.members: dict[str, Value] = {}
        self.fields: dict[str, Value] = {}

    def member(self, name: str, depth: int = 0) -> Value | None:
        """A member of the class or of one it extends."""
        found = self.members.get(name)
        if found is not None or depth > 8:
            return found
        return next((got for base in self.bases if (got := base.member(name, depth + 1)) is not None), None)

    def names(self, depth: int = 0) -> dict[str, None]:
        """The names of its members and of those it inherits."""
        found = dict.fromkeys(self.members)
        for base in self.bases if depth < 8 else ():
            found.update(base.names(depth + 1))
        return found

    def model(self, depth: int = 0) -> bool:
        """Whether what is parsed into it is checked by pydantic."""
        return any(name.endswith("BaseModel") for name in self.outside) or (
            depth < 8 and any(base.model(depth + 1) for base in self.bases)
        )

    def extends(self, name: str, depth: int = 0) -> bool:
        """Whether a class outside the package is among its ancestors."""
        return name in self.outside or (depth < 8 and any(base.extends(name, depth + 1) for base in self.bases))


class ModuleRef:
    """A file of the package, as a value."""

    __slots__ = ("path", "scope")

    def __init__(self, path: str, scope: Scope) -> None:
        self.path = path
        self.scope = scope


Thing = Union[Shape, Closure, ClassRef, ModuleRef, Partial]  # noqa: UP007 (the classes name it before they all exist)


def join(first: Value, second: Value) -> Value:
    """What holds of a value that is one or the other."""
    if first is second or first == second:
        return first
    known = first.const is not MISSING and second.const is not MISSING and first.const == second.const
    return Value(
        merged(first.taints, second.taints),
        first.const if known and type(first.const) is type(second.const) else MISSING,
        first.name if first.name == second.name or not second.name else second.name if not first.name else first.name,
        joined_things(first.objs, second.objs),
        _lead(first, second),
        first.true & second.true,
        first.false & second.false,
        (first.text or not first.taints) and (second.text or not second.taints),
    )


def _lead(first: Value, second: Value) -> str:
    if not first.taints or not second.taints:
        return first.lead if first.taints else second.lead
    return first.lead if first.lead == second.lead else min(first.lead, second.lead, key=len)


def joined_things(first: tuple[Thing, ...], second: tuple[Thing, ...]) -> tuple[Thing, ...]:
    """Objects a value may be, each once, few."""
    if not second or first == second:
        return first
    if not first:
        return second
    return (*first, *(one for one in second if all(one is not other for other in first)))[:4]


def merged(first: tuple[Taint, ...], second: tuple[Taint, ...]) -> tuple[Taint, ...]:
    """Origins of both, each once: the way that is surest stays."""
    if not second or first is second:
        return first
    if not first:
        return second
    kept = {(one.source, one.keys, one.cleared): one for one in first}
    for one in second:
        key = (one.source, one.keys, one.cleared)
        old = kept.get(key)
        if old is None or one.doubt < old.doubt:
            kept[key] = one
    return tuple(kept.values())[:_WIDEST]


def deep_taints(value: Value, depth: int = 4) -> tuple[Taint, ...]:
    """Origins of a value and of all it holds, as far as it is looked into."""
    if not value.objs:
        return value.taints
    found = value.taints
    seen: set[int] = set()
    waiting = [(value, depth)]
    while waiting and len(seen) < _MOST_LOOKED_INTO:
        part, left = waiting.pop()
        for thing in part.objs if left else ():
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            for member in _held(thing):
                if member.taints:
                    found = merged(found, member.taints)
                if member.objs:
                    waiting.append((member, left - 1))
    return found


def _held(thing: Thing) -> Iterable[Value]:
    if isinstance(thing, Shape):
        return (*thing.members.values(), thing.elem) if thing.elem is not None else thing.members.values()
    return (*thing.given, *thing.named.values()) if isinstance(thing, Closure | Partial) else ()


def checked(value: Value, classes: tuple[str, ...] = (ANY,)) -> Facts:
    """What a check of this value proves: of itself, and of what it is a part of."""
    found: set[Fact] = set()
    for taint in deep_taints(value, 2):
        found.update((key, cls) for key in taint.own for cls in classes)
        found.update((key, cls) for key, cls in taint.parents if ANY in classes or cls in classes)
    return frozenset(found)
