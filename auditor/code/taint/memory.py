"""What the engine remembers on the path it follows: checks that hold, the calls it is in, what it found."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from auditor.code.taint import ir
from auditor.code.taint.catalogue import Catalogue, catalogue, sources
from auditor.code.taint.values import (
    ANY,
    LOCAL,
    NO_FACTS,
    NOTHING,
    Closure,
    Fact,
    Facts,
    Key,
    Scope,
    Step,
    Taint,
    Value,
    deep_taints,
    join,
)

MOST_STEPS: Final = 1_500_000
"""Expressions that are followed in a package before the engine says that it did not finish."""

_LONGEST: Final = 12
_MOST_KEYS: Final = 64
"""Names a value keeps of what it was made of: a check of one further back is forgotten, which hides nothing."""

EVERYTHING: Final = frozenset({ANY})
Cleared = dict[Key, frozenset[str]]


class Unreachable(Exception):  # noqa: N818 (not an error: what follows a call that never returns)
    """What follows is never run."""


class OutOfSteps(Exception):  # noqa: N818 (a limit, told as a gap)
    """The package is larger than the engine follows."""


class Hit(NamedTuple):
    """A value from outside that reached a sink."""

    cls: str
    sink: str
    file: str
    line: int
    taint: Taint
    doubt: int


class ApiCall(NamedTuple):
    """A call of a cloud's SDK, with the arguments that are literal."""

    service: str
    operation: str
    file: str
    line: int
    literals: tuple[tuple[str, str], ...]


class Snapshot(NamedTuple):
    """What held at a point."""

    variables: dict[str, Value]
    cleared: Cleared


class Arguments(NamedTuple):
    """The arguments of a call; `rest` is what a spread list may hold."""

    items: tuple[Value, ...] = ()
    named: dict[str, Value] = {}  # noqa: RUF012 (never changed)
    rest: Value | None = None

    def all(self) -> Iterable[Value]:
        """Each argument."""
        yield from self.items
        yield from self.named.values()
        if self.rest is not None:
            yield self.rest

    def at(self, place: int) -> Value:
        """A positional argument."""
        if place < len(self.items):
            return self.items[place]
        return self.rest if self.rest is not None else NOTHING


class Memory(ABC):
    """State that all parts of the engine share."""

    def __init__(self) -> None:
        self.sources = sources()
        self.cleared: Cleared = {}
        self.level = 0
        self.left = MOST_STEPS
        self.frames: list[list[tuple[Value, Cleared]]] = []
        self.loops: list[list[Snapshot]] = []
        self.elements: list[tuple[ir.Comprehension, list[Value]]] = []
        self.stack: list[int] = []
        self.memo: dict[Any, Value] = {}
        self.invoked: dict[int, int] = {}
        self.hits: dict[tuple[str, str, int], Hit] = {}
        self.api_calls: dict[ApiCall, None] = {}
        self.dynamic_calls: dict[Step, None] = {}
        self.chosen: dict[str, None] = {}
        self.unknown_clients: dict[str, None] = {}
        self.queue: list[tuple[Closure, tuple[str, ...], str, bool]] = []
        self.queued: set[int] = set()
        self.weaknesses: dict[tuple[str, str, int], Any] = {}
        self.left_files: dict[Step, str] = {}
        self.removed: set[str] = set()
        self.items: dict[str, Value] = {}
        self.downloads: list[tuple[Value, Taint]] = []
        self.all_but_verbose: frozenset[str] = frozenset()
        self.validators: dict[str, None] = {}
        self.entered: dict[str, None] = {}
        self.reached: dict[tuple[str, str, int], str] = {}
        self.event_schemas: dict[int, Value] = {}
        self.entry = ""
        self.file = ""
        self.language = "python"

    @property
    def known(self) -> Catalogue:
        """The catalogue of the language at hand."""
        return catalogue(self.language)

    @abstractmethod
    def says(self, path: str, words: re.Pattern[bytes]) -> bool:
        """Whether a file of the package holds one of these words."""

    @abstractmethod
    def evaluate(self, expr: ir.Expr, scope: Scope) -> Value:
        """The value of an expression."""

    @abstractmethod
    def run(self, body: tuple[ir.Stmt, ...], scope: Scope) -> bool:
        """Follow statements; whether what comes after them is reached."""

    @abstractmethod
    def invoke(self, closure: Closure, given: Arguments, node: ir.Expr, receiver: Value | None = None) -> Value:
        """Follow a function of the package."""

    @abstractmethod
    def document_facts(self, value: Value, schema: Value) -> Facts:
        """What JSON Schema proves of a value and of its members."""

    @abstractmethod
    def load(self, value: Value, name: str, node: ir.Expr) -> Value:
        """A member under a constant name."""

    @abstractmethod
    def element(self, value: Value, node: object, suffix: str = "[]") -> Value:
        """What is under an unknown key."""

    @abstractmethod
    def returned(self, value: Value, line: int, *, html: bool = False) -> None:
        """Judge what an entry returns to its caller."""

    def alive(self, taint: Taint, cls: str) -> bool:
        """Whether a value with this origin can still do harm of a class here."""
        if cls in taint.cleared or ANY in taint.cleared:
            return False
        if cls == "redirect" and all(
            one in taint.cleared or any(one in self.cleared.get(key, ()) for key in taint.keys) for one in LOCAL
        ):
            return False
        cleared = self.cleared
        if not cleared:
            return True
        for key in taint.keys:
            done = cleared.get(key)
            if done is not None and (ANY in done or cls in done):
                return False
        return True

    def living(self, value: Value, cls: str) -> tuple[Taint, ...]:
        """The origins by which a value, or what it holds, can do harm of a class."""
        return tuple(taint for taint in deep_taints(value) if self.alive(taint, cls))

    def assume(self, facts: Facts) -> None:
        """Take what a check proved for true from here on."""
        for key, cls in facts:
            self.cleared[key] = self.cleared.get(key, frozenset()) | {cls}

    def derive(
        self,
        taints: tuple[Taint, ...],
        node: object,
        *,
        cleared: frozenset[str] = frozenset(),
        doubt: int = 0,
        keep: bool = False,
        parents: Facts = NO_FACTS,
    ) -> tuple[Taint, ...]:
        """Origins of a new value that this expression made of others; `keep` where it is the same in another form."""
        if not taints or (keep and not cleared and not doubt):
            return taints
        if keep:
            return tuple([one._replace(cleared=one.cleared | cleared, doubt=one.doubt + doubt) for one in taints])
        key = id(node)
        if self.cleared:
            self._forget(key)
        own = frozenset({key})
        return tuple(
            [
                Taint(
                    one.source,
                    (one.keys if len(one.keys) < _MOST_KEYS else _kept_keys(one)) | own,
                    own,
                    parents,
                    one.cleared | cleared if cleared else one.cleared,
                    one.steps,
                    one.doubt + doubt,
                )
                for one in taints
            ]
        )

    def _forget(self, key: int) -> None:
        """What was proved of the value that this expression made before is not proved of the new one."""
        self.cleared.pop(key, None)
        inner = f"~{key}"
        for one in [one for one in self.cleared if isinstance(one, str) and one.startswith(inner)]:
            del self.cleared[one]

    def stepped(self, value: Value, line: int) -> Value:
        """The same value, having gone through this line."""
        if not value.taints or not line:
            return value
        step = Step(self.file, line)
        taints = tuple(
            [
                one
                if len(one.steps) >= _LONGEST or (one.steps and one.steps[-1] == step)
                else Taint(one.source, one.keys, one.own, one.parents, one.cleared, (*one.steps, step), one.doubt)
                for one in value.taints
            ]
        )
        return Value(taints, value.const, value.name, value.objs, value.lead, value.true, value.false, value.text)

    def snapshot(self, scope: Scope) -> Snapshot:
        """Remember what holds here."""
        return Snapshot(dict(scope.variables), dict(self.cleared))

    def restore(self, scope: Scope, before: Snapshot) -> None:
        """Go back to what held there."""
        scope.variables = dict(before.variables)
        self.cleared = dict(before.cleared)

    def meet(self, scope: Scope, others: Iterable[Snapshot]) -> None:
        """Join what holds here with what held at the ends of other paths."""
        for other in others:
            variables = scope.variables
            both = common(self.cleared, other.cleared)
            proved: tuple[Facts, Facts] | None = None
            for name, value in other.variables.items():
                here = variables.get(name)
                if here is value:
                    continue
                if here is None:
                    variables[name] = value
                    continue
                if proved is None:
                    proved = facts_of(self.cleared, both), facts_of(other.cleared, both)
                met = join(freed(here, proved[0]), freed(value, proved[1]))
                variables[name] = met if self.loops else _flag(met, here, value, proved)
            self.cleared = both

    def hit(self, cls: str, sink: str, line: int, taints: Iterable[Taint], doubt: int = 0) -> None:
        """Note that a value reached a sink; of several, the surest is kept."""
        for taint in taints:
            key = (cls, self.file, line)
            found = Hit(cls, sink, self.file, line, taint, taint.doubt + doubt + (2 if taint.source.stored else 0))
            old = self.hits.get(key)
            if old is None or found.doubt < old.doubt:
                self.hits[key] = found
                self.reached[key] = self.entry


def _kept_keys(taint: Taint) -> frozenset[Key]:
    """The names of the source and of the last step."""
    return frozenset(key for key in taint.keys if isinstance(key, str)) | taint.own


def _flag(met: Value, here: Value, there: Value, proved: tuple[Facts, Facts]) -> Value:
    """A truth value that was set on one of two paths tells which was taken, and what was proved there.

    Not in loops, where it may tell of the round before.
    """
    if not isinstance(here.const, bool) or not isinstance(there.const, bool) or here.const is there.const:
        return met
    true, false = proved if here.const else (proved[1], proved[0])
    return met._replace(true=true, false=false)


def common(first: Cleared, second: Cleared) -> Cleared:
    """What holds on both of two paths."""
    if first == second:
        return first
    found: Cleared = {}
    for key, classes in first.items():
        other = second.get(key)
        if other is not None:
            both = classes if ANY in other else other if ANY in classes else classes & other
            if both:
                found[key] = both
    return found


def freed(value: Value, proved: Facts) -> Value:
    """Write what was proved on one path into the value that it gives, so that it holds where paths meet."""
    if not proved or not value.taints:
        return value
    taints = []
    for one in value.taints:
        classes = frozenset(cls for key, cls in proved if key in one.keys)
        taints.append(one._replace(cleared=one.cleared | classes) if classes else one)
    return value._replace(taints=tuple(taints))


def facts_of(cleared: Cleared, before: Cleared) -> frozenset[Fact]:
    """What was proved since."""
    return frozenset(
        (key, cls) for key, classes in cleared.items() for cls in classes if cls not in before.get(key, frozenset())
    )
