"""What we know, or why we do not.

A fact read from a cloud is ``Known`` or ``Unknown``; there is no third state and
no default. Reading an unknown fact with :meth:`Unknown.need` raises
:class:`Unanswered`, which the engine turns into an UNKNOWN verdict that names the
missing permission: the lazy way to write a check is the honest one.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Generic, Literal, Never, TypeAlias, TypeVar

from pydantic_core import CoreSchema, core_schema

T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


class GapReason(StrEnum):
    """Why an answer is missing. Closed: an error we cannot classify is SERVICE_ERROR, never silence."""

    DENIED = "DENIED"
    EXPIRED = "EXPIRED"
    THROTTLED = "THROTTLED"
    UNREACHABLE = "UNREACHABLE"
    SERVICE_ERROR = "SERVICE_ERROR"
    MALFORMED = "MALFORMED"
    UNRECOGNISED = "UNRECOGNISED"
    NOT_FOUND = "NOT_FOUND"
    """An earlier answer names it and the cloud does not find it: deleted since, or a reference to nothing."""
    INTERRUPTED = "INTERRUPTED"
    NOT_COLLECTED = "NOT_COLLECTED"
    NOT_AT_DEPTH = "NOT_AT_DEPTH"
    NOT_IN_TIER = "NOT_IN_TIER"
    """The call belongs to an opt-in tier that the run did not ask for."""
    NOT_OFFERED = "NOT_OFFERED"

    @classmethod
    def _missing_(cls, value: object) -> "GapReason | None":
        """The reason by the name that earlier versions wrote into snapshots and reports."""
        return cls.NOT_FOUND if value == "VANISHED" else None


LEFT_OUT = frozenset({GapReason.NOT_AT_DEPTH, GapReason.NOT_IN_TIER})
"""Reasons by which a call was left out on purpose: no failure, and so no reason to call a run incomplete."""


class _Schema:
    """Lets pydantic hold these types by identity: their content was typed when they were made."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        return core_schema.is_instance_schema(cls)


class Gap(_Schema):
    """One missing answer: why, of which operation, and the permission that would fill it."""

    __slots__ = ("message", "operation", "permission", "reason", "resource")

    def __init__(
        self,
        reason: GapReason,
        operation: str,
        permission: str | None = None,
        message: str = "",
        resource: str | None = None,
    ) -> None:
        self.reason = reason
        self.operation = operation
        self.permission = permission
        self.message = message
        self.resource = resource

    def _key(self) -> tuple[str, str, str | None, str, str | None]:
        return (self.reason, self.operation, self.permission, self.message, self.resource)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Gap) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"Gap({self.reason}, {self.operation!r}, {self.permission!r}, {self.message!r}, {self.resource!r})"


class Unanswered(Exception):  # noqa: N818 - it is an answer that is missing, not an error of ours
    """Raised when a fact that is needed is unknown; carries the gap."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(gap)
        self.gap = gap

    def __str__(self) -> str:
        return f"{self.gap.operation}: {self.gap.reason}"


class Known(_Schema, Generic[T_co]):
    """A fact and the API answer it was read from (``source``, such as ``lambda:GetPolicy``)."""

    __slots__ = ("source", "value")
    known: Literal[True] = True

    def __init__(self, value: T_co, source: str = "") -> None:
        self.value = value
        self.source = source

    def need(self) -> T_co:
        """The value."""
        return self.value

    def map(self, change: Callable[[T_co], U]) -> "Known[U]":
        """The same knowledge about a derived value."""
        return Known(change(self.value), self.source)

    def then(self, fact: "Callable[[T_co], Known[U] | Unknown]") -> "Known[U] | Unknown":
        """A fact of the value, such as one field of a group that was read."""
        return fact(self.value)

    def get(self: "Known[Mapping[str, U]]", key: str, default: U | None = None) -> U | None:
        """What a mapping such as the tags holds for a key, or ``default``."""
        return self.value.get(key, default)

    def __contains__(self: "Known[Container[Any]]", item: object) -> bool:
        return item in self.value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and self.value == other.value and self.source == other.source

    def __hash__(self) -> int:
        return hash((self.value, self.source))

    def __repr__(self) -> str:
        return f"Known({self.value!r}, {self.source!r})"


class Unknown(_Schema):
    """A fact we could not read, and why."""

    __slots__ = ("gap",)
    known: Literal[False] = False

    def __init__(self, gap: Gap) -> None:
        self.gap = gap

    @property
    def source(self) -> str:
        """The operation that should have answered."""
        return self.gap.operation

    def need(self) -> Never:
        """Raises Unanswered: silence is never safety."""
        raise Unanswered(self.gap)

    def map(self, _change: Callable[[Any], Any]) -> "Unknown":
        """An unknown stays unknown."""
        return self

    def then(self, _fact: Callable[[Any], Any]) -> "Unknown":
        """A fact of what could not be read is unknown for the same reason."""
        return self

    def get(self, _key: str, _default: Any = None) -> Never:
        """Raises Unanswered: what a mapping holds is as unknown as the mapping."""
        raise Unanswered(self.gap)

    def __contains__(self, _item: object) -> bool:
        """Raises Unanswered: what could not be read may hold anything."""
        raise Unanswered(self.gap)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and self.gap == other.gap

    def __hash__(self) -> int:
        return hash(self.gap)

    def __repr__(self) -> str:
        return f"Unknown({self.gap!r})"


T = TypeVar("T")
Observed: TypeAlias = Known[T] | Unknown


def graver(gap: Gap | None, other: Gap) -> Gap:
    """The gap that decides: the first, but an answer that failed us outranks a question this depth never asks."""
    return other if gap is None or gap.reason in LEFT_OUT else gap


def each(observed: Iterable[Known[T] | Unknown]) -> Iterator[T]:
    """Yields every known value, then raises for the first unknown, if any.

    Hits found among the known parts survive a gap elsewhere (FAIL outranks UNKNOWN);
    without hits the gap decides the verdict.
    """
    gap: Gap | None = None
    for fact in observed:
        if isinstance(fact, Known):
            yield fact.value
        else:
            gap = graver(gap, fact.gap)
    if gap is not None:
        raise Unanswered(gap)


S = TypeVar("S")


def each_of(subjects: Iterable[S], fact: Callable[[S], Known[T] | Unknown]) -> Iterator[tuple[S, T]]:
    """Like :func:`each`, for one fact of each of several things: yields the thing with its known value."""
    gap: Gap | None = None
    for subject in subjects:
        observed = fact(subject)
        if isinstance(observed, Known):
            yield subject, observed.value
        else:
            gap = graver(gap, observed.gap)
    if gap is not None:
        raise Unanswered(gap)


UNFILLED = Unknown(Gap(GapReason.NOT_COLLECTED, "", None, "this fact is not read on this cloud"))
"""The default of a fact that not every cloud has: whoever asks where nobody filled it learns nothing, never PASS."""


def not_offered(operation: str, why: str) -> Unknown:
    """A fact that does not exist for this kind of hosting: the question does not apply, and ``why`` says so."""
    return Unknown(Gap(GapReason.NOT_OFFERED, operation, None, why))
