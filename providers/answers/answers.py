"""The recorded answers of one place, operation by operation, indexed by what was asked about.

A shard is read once and each answer is reduced to the fact wanted of it. What decides whether a fact is known stands
here, for every cloud: a missing answer, one that is not as documented, a list that breaks off, are gaps.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final, Generic, TypeVar

from pydantic import ValidationError

from auditor.model.capture import Capture, Depth, Envelope, Json, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from auditor.provider import ACTIVITY, Operation
from providers.answers.fields import UnreadableError, record
from providers.answers.listing import Listing, known
from providers.answers.pages import Pages, goes_on

T = TypeVar("T")

_OPTIONS: Final = {ACTIVITY: "--activity DAYS"}
"""The option that asks for a tier, where it has one of its own that says more."""
_TWICE: Final = "it was recorded twice, and not the same"

GLOBAL = "global"
"""The location of what belongs to no region."""


class Answers:
    """The answers of one scope in one location. A cloud's own class says which cloud, and which operations it has."""

    cloud: ClassVar[Cloud]
    operations: ClassVar[Mapping[str, Operation]]
    asked_for: ClassVar[frozenset[str]] = frozenset()
    """The tiers whose calls are made only in runs that name them; calls of other tiers are always tried."""

    def __init__(self, capture: Capture, scope: str, location: str = GLOBAL) -> None:
        self.scope = scope
        self.location = location
        self._capture = capture
        self._bodies: dict[str, Subjects[dict[str, Any]]] = {}
        self._calls: dict[str, bool] = {}

    def spelt(self, subject: str) -> str:
        """A subject in the one spelling in which subjects are compared."""
        return subject

    def permission(self, operation: str, _resource: str) -> str:
        """What has to be granted for an operation on a resource."""
        declared = self.operations.get(operation)
        return declared.permission if declared else operation

    def envelopes(self, operation: str) -> Iterator[Envelope]:
        """The shard of an operation, in the order recorded."""
        yield from self._capture.read(ShardKey(self.cloud, self.scope, self.location, operation))

    def gap(
        self,
        operation: str,
        reason: GapReason,
        message: str = "",
        resource: str | None = None,
        permission: str | None = None,
    ) -> Gap:
        """A gap of an operation, with the permission that the operation needs."""
        return Gap(reason, operation, permission or self.permission(operation, resource or ""), message, resource)

    def gap_of(self, envelope: Envelope) -> Gap:
        """The gap that an envelope records; one without a reason is damaged."""
        resource = envelope.subject or None
        if envelope.reason is None:
            return self.gap(envelope.operation, GapReason.MALFORMED, "a gap without its reason", resource)
        return self.gap(envelope.operation, envelope.reason, envelope.message, resource, envelope.permission)

    @property
    def depth(self) -> Depth:
        """How deep the capture goes."""
        return self._capture.facts.depth

    def missing(self, operation: str, subject: str = "") -> Gap:
        """Why there is no envelope at all: not asked at this depth, or without its tier, or not collected."""
        declared = self.operations.get(operation)
        if declared is not None and declared.depth.rank > self.depth.rank:
            return self.gap(operation, GapReason.NOT_AT_DEPTH, "", subject or None)
        if declared is not None and declared.tier in self.asked_for and not self._made(operation):
            message = f"asked only with {_OPTIONS.get(declared.tier) or f'--tier {declared.tier}'}"
            return self.gap(operation, GapReason.NOT_IN_TIER, message, subject or None)
        return self.gap(operation, GapReason.NOT_COLLECTED, "", subject or None)

    def _made(self, operation: str) -> bool:
        """Whether the run made this call in this place at all, of whatever."""
        found = self._calls.get(operation)
        if found is None:
            key = ShardKey(self.cloud, self.scope, self.location, operation)
            found = self._calls[operation] = key in self._capture.shards() or key in self._capture.facts.shards
        return found

    def fact(self, operation: str, read: Callable[[], T], resource: str | None = None) -> Observed[T]:
        """What ``read`` makes of an answer; Unknown where the answer is not what the API documents."""
        try:
            return known(read(), operation)
        except UnreadableError as error:
            return Unknown(self.gap(operation, error.reason, error.message, resource or None))
        except ValidationError as error:
            message = f"the answer does not fit: {error.error_count()} errors in {error.title}"
            return Unknown(self.gap(operation, GapReason.MALFORMED, message, resource or None))

    def subjects(self, operation: str, read: Callable[[Json], T]) -> "Subjects[T]":
        """Reads a shard once, reducing each answer by ``read`` (which may raise UnreadableError)."""
        return Subjects(self, operation, read)

    def bodies(self, operation: str) -> "Subjects[dict[str, Any]]":
        """A shard's answers unreduced: for what is asked once a resource, not once a function."""
        found = self._bodies.get(operation)
        if found is None:
            found = self._bodies[operation] = self.subjects(operation, record)
        return found

    def one(self, operation: str, subject: str = "") -> Observed[dict[str, Any] | None]:
        """One answer's body; Known(None) where the cloud says there is none."""
        return self.bodies(operation).one(subject)

    def readable(self, listing: Listing[Any], read: Callable[[Any], T]) -> Listing[T]:
        """The items that ``read`` can read; one that it cannot makes the list incomplete."""
        found: list[T] = []
        gap = listing.gap
        for item in listing.items:
            fact = self.fact(listing.source, lambda item=item: read(item))  # type: ignore[misc]
            if isinstance(fact, Unknown):
                gap = gap or fact.gap
            else:
                found.append(fact.value)
        return Listing(tuple(found), gap, listing.source)

    def flat(self, pages: Listing[Any], read: Callable[[Any], list[T]]) -> Listing[T]:
        """The items of every page, in order."""
        lists = self.readable(pages, read)
        return Listing(tuple(item for page in lists.items for item in page), lists.gap, lists.source)


class Subjects(Generic[T]):
    """The answers of one operation in one place by subject, each reduced by ``read``."""

    def __init__(self, answers: Answers, operation: str, read: Callable[[Json], T]) -> None:
        self._answers = answers
        self._operation = operation
        self._declared = answers.operations.get(operation)
        self._pages: dict[str, Pages[T]] = {}
        for envelope in answers.envelopes(operation):
            self._add(envelope, read)

    def __contains__(self, subject: str) -> bool:
        return self._answers.spelt(subject) in self._pages

    def __iter__(self) -> Iterator[str]:
        """What was asked about, in the order recorded."""
        return iter(self._pages)

    def answered(self, subject: str) -> bool:
        """Whether the cloud answered anything about ``subject``, be it that there is none."""
        pages = self._of(subject)
        return pages is not None and bool(pages.answers or pages.absent)

    def refused(self, subject: str = "") -> Gap | None:
        """Why nothing of an answer about ``subject`` is known, where that was recorded."""
        pages = self._of(subject)
        return pages.missing()[0] if pages is not None and pages.gaps and not pages.answers else None

    def firsts(self) -> tuple[T, ...]:
        """The first answer about every subject that has one."""
        return tuple(pages.answers[0] for pages in self._pages.values() if 0 in pages.answers)

    def one(self, subject: str = "") -> Observed[T | None]:
        """The answer about ``subject``; Known(None) where the cloud says there is none."""
        pages = self._of(subject)
        if pages is None:
            return Unknown(self._missing(subject))
        if 0 in pages.answers and 0 not in pages.doubts:
            return Known(pages.answers[0], self._operation)
        if pages.absent and not pages.doubts:
            return known(None, self._operation)
        return Unknown(self._first_gap(subject, pages))

    def all(self, subject: str = "") -> Listing[T]:
        """Every page's answer about ``subject``."""
        pages = self._of(subject)
        if pages is None:
            return Listing((), self._missing(subject), self._operation)
        if pages.absent and not pages.answers:
            return Listing((), None, self._operation)
        read = tuple(pages.answers[number] for number in sorted(pages.answers))
        return Listing(read, None if pages.complete() else self._first_gap(subject, pages), self._operation)

    def _of(self, subject: str) -> Pages[T] | None:
        return self._pages.get(self._answers.spelt(subject))

    def _add(self, envelope: Envelope, read: Callable[[Json], T]) -> None:
        pages = self._pages.setdefault(self._answers.spelt(envelope.subject), Pages())
        if envelope.outcome is Outcome.ABSENT:
            pages.absent = True
            return
        if envelope.outcome is Outcome.GAP:
            pages.miss(envelope.page, self._answers.gap_of(envelope))
            return
        fact = self._answers.fact(self._operation, lambda: read(envelope.body), envelope.subject)
        if isinstance(fact, Unknown):
            pages.miss(envelope.page, fact.gap)
        elif not pages.add(envelope.page, fact.value):
            pages.doubt(envelope.page, self._gap(GapReason.MALFORMED, _TWICE, envelope.subject))
        if goes_on(self._declared, envelope.body):
            pages.more = max(pages.more, envelope.page)

    def _missing(self, subject: str) -> Gap:
        """Why there is no answer about ``subject``: where a part of the record is lost, for that reason."""
        lost = self._pages.get("") if self._declared is not None and self._declared.per_subject else None
        gaps = lost.missing() if lost is not None else []
        return gaps[0] if gaps else self._answers.missing(self._operation, subject)

    def _first_gap(self, subject: str, pages: Pages[T]) -> Gap:
        gaps = pages.missing()
        return gaps[0] if gaps else self._gap(GapReason.NOT_COLLECTED, "the list breaks off", subject)

    def _gap(self, reason: GapReason, message: str, subject: str) -> Gap:
        return self._answers.gap(self._operation, reason, message, subject or None)
