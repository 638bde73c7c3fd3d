"""The answers of one location, operation by operation: shard by shard, indexed by what was asked about.

Nothing is held twice: a shard is read once, each answer is reduced to the fact wanted of it, and dropped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from auditor.model.capture import Capture, Envelope, Json, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.aws.normalize.fields import UnreadableError, items, record
from providers.aws.operations import BY_ID

T = TypeVar("T")
U = TypeVar("U")

GLOBAL = "global"

_MORE = ("NextMarker", "NextToken", "nextToken", "PaginationToken")
"""Members that say a list goes on (IAM's IsTruncated is asked separately)."""

_SHARED: dict[tuple[type, Any, str], Known[Any]] = {}


def known(value: T, source: str) -> Known[T]:
    """Known, sharing one object for each small value: most functions have the same handful of settings."""
    if value is None or isinstance(value, (bool, int)) or value == ():
        key = (type(value), value, source)
        found = _SHARED.get(key)
        if found is None:
            if len(_SHARED) > 100_000:
                _SHARED.clear()
            found = _SHARED[key] = Known(value, source)
        return found
    return Known(value, source)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """What was read of a list. ``gap`` says why it is not complete; what was read stays usable."""

    items: tuple[T, ...]
    gap: Gap | None
    source: str

    def complete(self) -> Observed[tuple[T, ...]]:
        """The items, if they are all of them."""
        return known(self.items, self.source) if self.gap is None else Unknown(self.gap)

    def absence(self, value: U) -> Observed[U]:
        """What to say of something that is not listed: ``value`` if the list is complete."""
        return known(value, self.source) if self.gap is None else Unknown(self.gap)


@dataclass(slots=True)
class _Pages:
    """The pages of one subject: reduced answers or gaps, by page number; ``more`` where a page says it goes on."""

    answers: dict[int, Any] = field(default_factory=dict)
    gaps: dict[int, Gap] = field(default_factory=dict)
    more: int = -1
    absent: bool = False


class Subjects(Generic[T]):
    """The reduced answers of one operation, by subject."""

    def __init__(self, answers: "Answers", operation: str, read: Callable[[Json], T]) -> None:
        self._answers = answers
        self._operation = operation
        self._pages: dict[str, _Pages] = {}
        for envelope in answers.envelopes(operation):
            self._add(envelope, read)

    def _add(self, envelope: Envelope, read: Callable[[Json], T]) -> None:
        pages = self._pages.setdefault(envelope.subject, _Pages())
        number = envelope.page
        if envelope.outcome is Outcome.ABSENT:
            pages.absent = True
        elif envelope.outcome is Outcome.GAP:
            pages.gaps[number] = self._answers.gap_of(envelope)
        else:
            fact = self._answers.fact(self._operation, lambda: read(envelope.body), envelope.subject)
            if isinstance(fact, Unknown):
                pages.gaps[number] = fact.gap
                return
            pages.answers[number] = fact.value
            if _goes_on(envelope.body):
                pages.more = max(pages.more, number)

    def __contains__(self, subject: str) -> bool:
        return subject in self._pages

    def one(self, subject: str = "") -> Observed[T | None]:
        """The answer about ``subject``; Known(None) where the cloud says there is none."""
        pages = self._pages.get(subject)
        if pages is None:
            return Unknown(self._answers.missing(self._operation, subject))
        if 0 in pages.answers:
            return Known(pages.answers[0], self._operation)
        if pages.absent:
            return known(None, self._operation)
        return Unknown(self._first_gap(subject, pages))

    def all(self, subject: str = "") -> Listing[T]:
        """Every page's answer about ``subject``."""
        pages = self._pages.get(subject)
        if pages is None:
            return Listing((), self._answers.missing(self._operation, subject), self._operation)
        read = tuple(pages.answers[number] for number in sorted(pages.answers))
        if pages.absent and not pages.answers:
            return Listing((), None, self._operation)
        last = max(pages.answers, default=-1)
        whole = len(read) == last + 1 and pages.more < last and not (pages.gaps.keys() - pages.answers.keys())
        return Listing(read, None if whole and read else self._first_gap(subject, pages), self._operation)

    def _first_gap(self, subject: str, pages: _Pages) -> Gap:
        open_gaps = sorted(pages.gaps.keys() - pages.answers.keys())
        if open_gaps:
            return pages.gaps[open_gaps[0]]
        return self._answers.gap(self._operation, GapReason.NOT_COLLECTED, "the list breaks off", subject or None)


def _goes_on(body: Json) -> bool:
    if not isinstance(body, dict):
        return False
    return body.get("IsTruncated") is True or any(body.get(key) for key in _MORE)


class Answers:
    """The answers of one location of one account."""

    def __init__(self, capture: Capture, account: str, location: str) -> None:
        self._capture = capture
        self.account = account
        self.location = location
        self._bodies: dict[str, Subjects[dict[str, Any]]] = {}

    @property
    def day(self) -> date:
        """The day on which the capture began (UTC)."""
        return date.fromisoformat(self._capture.facts.started_at[:10])

    def at(self, location: str) -> "Answers":
        """The same account's answers elsewhere."""
        return Answers(self._capture, self.account, location)

    def envelopes(self, operation: str) -> Iterator[Envelope]:
        """The shard of an operation, in the order recorded."""
        yield from self._capture.read(ShardKey(Cloud.AWS, self.account, self.location, operation))

    def gap(
        self,
        operation: str,
        reason: GapReason,
        message: str = "",
        resource: str | None = None,
        permission: str | None = None,
    ) -> Gap:
        """A gap of an operation, with the permission that the operation needs."""
        declared = BY_ID.get(operation)
        fallback = declared.permission if declared else operation
        return Gap(reason, operation, permission or fallback, message, resource)

    def gap_of(self, envelope: Envelope) -> Gap:
        """The gap that an envelope records; one without a reason is damaged."""
        resource = envelope.subject or None
        if envelope.reason is None:
            return self.gap(envelope.operation, GapReason.MALFORMED, "a gap without its reason", resource)
        return self.gap(envelope.operation, envelope.reason, envelope.message, resource, envelope.permission)

    def missing(self, operation: str, subject: str = "") -> Gap:
        """Why there is no envelope at all: not asked at this depth, or not collected."""
        declared = BY_ID.get(operation)
        deeper = declared is not None and declared.depth.rank > self._capture.facts.depth.rank
        reason = GapReason.NOT_AT_DEPTH if deeper else GapReason.NOT_COLLECTED
        return self.gap(operation, reason, "", subject or None)

    def absence(self, operation: str, resource: str, account: str | None) -> Observed[bool]:
        """Whether a resource exists that the cloud says it does not find.

        Of another account's resource that proves nothing: one that we may not see is told in the same words.
        """
        if account in (None, "", self.account):
            return known(value=False, source=operation)
        message = f"it was not found, but it belongs to account {account}: it may only be hidden from us"
        return Unknown(self.gap(operation, GapReason.VANISHED, message, resource))

    def fact(self, operation: str, read: Callable[[], T], resource: str | None = None) -> Observed[T]:
        """What ``read`` makes of an answer; Unknown where the answer is not what the API documents."""
        try:
            return known(read(), operation)
        except UnreadableError as error:
            return Unknown(self.gap(operation, error.reason, error.message, resource or None))
        except ValidationError as error:
            message = f"the answer does not fit: {error.error_count()} errors in {error.title}"
            return Unknown(self.gap(operation, GapReason.MALFORMED, message, resource or None))

    def subjects(self, operation: str, read: Callable[[Json], T]) -> Subjects[T]:
        """Reads a shard once, reducing each answer by ``read`` (which may raise UnreadableError)."""
        return Subjects(self, operation, read)

    def bodies(self, operation: str) -> Subjects[dict[str, Any]]:
        """A shard's answers unreduced: for what is asked once a resource, not once a function."""
        found = self._bodies.get(operation)
        if found is None:
            found = self._bodies[operation] = self.subjects(operation, record)
        return found

    def one(self, operation: str, subject: str = "") -> Observed[dict[str, Any] | None]:
        """One answer's body; Known(None) where the cloud says there is none."""
        return self.bodies(operation).one(subject)

    def pages(self, operation: str, key: str, subject: str = "") -> Listing[Any]:
        """The items under ``key`` of every page. A page without the key is malformed, and so the list incomplete."""
        return flatten(self, self.bodies(operation).all(subject), lambda body: items(body, key))

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


def part_of(whole: Known[Any] | Unknown, part: Observed[T | None]) -> Observed[T | None]:
    """An answer about something that hangs on a whole: a policy on its repository, say.

    "There is none" is said of a whole that is gone as well; where its existence is unknown, that proves nothing.
    """
    return whole if isinstance(whole, Unknown) and isinstance(part, Known) and part.value is None else part


def flatten(answers: Answers, pages: Listing[Any], read: Callable[[Any], list[T]]) -> Listing[T]:
    """The items of every page, in order."""
    lists = answers.readable(pages, read)
    return Listing(tuple(item for page in lists.items for item in page), lists.gap, lists.source)
