"""The answers of one project, operation by operation: shard by shard, indexed by place and by what was asked about.

An operation that is asked once a region lies in one shard a region; most lie in one shard called ``global``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from auditor.model.capture import Capture, Envelope, Json, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.gcp.normalize.fields import UnreadableError, optional_items, record
from providers.gcp.operations import BY_ID

T = TypeVar("T")
U = TypeVar("U")

GLOBAL = "global"

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
    """The pages of one subject: bodies or gaps, by page number; ``more`` where a page says it goes on."""

    answers: dict[int, Json] = field(default_factory=dict)
    gaps: dict[int, Gap] = field(default_factory=dict)
    more: int = -1
    absent: bool = False


class Answers:
    """The answers of one project."""

    def __init__(self, capture: Capture, project: str) -> None:
        self._capture = capture
        self.project = project
        self._shards: dict[str, list[ShardKey]] = {}
        for key in capture.shards():
            if key.cloud is Cloud.GCP and key.scope == project:
                self._shards.setdefault(key.operation, []).append(key)
        self._pages: dict[str, dict[tuple[str, str], _Pages]] = {}
        self._by_subject: dict[str, dict[str, list[_Pages]]] = {}

    @property
    def as_of(self) -> str:
        """When the capture was taken, RFC 3339."""
        return self._capture.facts.started_at

    def places(self, operation: str) -> tuple[str, ...]:
        """The locations in which an operation was asked."""
        return tuple(key.location for key in self._shards.get(operation, []))

    def subjects(self, operation: str) -> tuple[str, ...]:
        """What an operation was asked about."""
        return tuple(self._subjects(operation))

    def asked(self, operation: str, subject: str) -> bool:
        """Whether an operation was asked about something."""
        return subject in self._subjects(operation)

    def one(self, operation: str, subject: str = "") -> Observed[dict[str, Any] | None]:
        """One answer's body, wherever it lies; Known(None) where the cloud says there is none."""
        pages = self._of(operation, subject)
        if pages is None:
            return Unknown(self.missing(operation, subject))
        if 0 in pages.answers:
            return self.fact(operation, lambda: record(pages.answers[0]), subject)
        if pages.absent:
            return known(None, operation)
        return Unknown(self._first_gap(operation, subject, pages))

    def pages(self, operation: str, location: str | None = None, subject: str = "") -> Listing[dict[str, Any]]:
        """Every page of a list: at one location, or wherever it lies."""
        pages = self._of(operation, subject) if location is None else self._read(operation).get((location, subject))
        if pages is None:
            return Listing((), self.missing(operation, subject), operation)
        if pages.absent and not pages.answers:
            return Listing((), None, operation)
        numbers = sorted(pages.answers)
        last = max(numbers, default=-1)
        whole = len(numbers) == last + 1 and pages.more < last and not (pages.gaps.keys() - pages.answers.keys())
        gap = None if whole and numbers else self._first_gap(operation, subject, pages)
        return self.readable(Listing(tuple(pages.answers[number] for number in numbers), gap, operation), record)

    def listed(
        self, operation: str, *keys: str, location: str | None = None, subject: str = ""
    ) -> Listing[dict[str, Any]]:
        """The objects under any of ``keys`` of every page; a page without them has none, as Google writes it."""
        pages = self.pages(operation, location, subject)
        lists = self.readable(pages, lambda body: [item for key in keys for item in optional_items(body, key)])
        flat = Listing(tuple(item for page in lists.items for item in page), lists.gap, operation)
        return self.readable(flat, record)

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

    def missing(self, operation: str, subject: str = "") -> Gap:
        """Why there is no envelope at all: not asked at this depth, or not collected."""
        declared = BY_ID.get(operation)
        deeper = declared is not None and declared.depth.rank > self._capture.facts.depth.rank
        reason = GapReason.NOT_AT_DEPTH if deeper else GapReason.NOT_COLLECTED
        return self.gap(operation, reason, "", subject or None)

    def fact(self, operation: str, read: Callable[[], T], resource: str | None = None) -> Observed[T]:
        """What ``read`` makes of an answer; Unknown where the answer is not what the API documents."""
        try:
            return known(read(), operation)
        except UnreadableError as error:
            return Unknown(self.gap(operation, error.reason, error.message, resource or None))
        except ValidationError as error:
            message = f"the answer does not fit: {error.error_count()} errors in {error.title}"
            return Unknown(self.gap(operation, GapReason.MALFORMED, message, resource or None))

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

    def _of(self, operation: str, subject: str) -> _Pages | None:
        """The pages about a subject; of several locations, the one where something was answered."""
        found = self._subjects(operation).get(subject, [])
        answered = [pages for pages in found if pages.answers or pages.absent]
        return next(iter(answered or found), None)

    def _subjects(self, operation: str) -> dict[str, list[_Pages]]:
        found = self._by_subject.get(operation)
        if found is None:
            found = self._by_subject[operation] = {}
            for (_, subject), pages in self._read(operation).items():
                found.setdefault(subject, []).append(pages)
        return found

    def _read(self, operation: str) -> dict[tuple[str, str], _Pages]:
        read = self._pages.get(operation)
        if read is None:
            read = self._pages[operation] = {}
            for key in self._shards.get(operation, []):
                for envelope in self._capture.read(key):
                    self._add(read.setdefault((key.location, envelope.subject), _Pages()), envelope)
        return read

    def _add(self, pages: _Pages, envelope: Envelope) -> None:
        if envelope.outcome is Outcome.ABSENT:
            pages.absent = True
        elif envelope.outcome is Outcome.GAP:
            pages.gaps.setdefault(envelope.page, self._gap_of(envelope))
        elif envelope.page not in pages.answers:
            pages.answers[envelope.page] = envelope.body
            if isinstance(envelope.body, dict) and envelope.body.get("nextPageToken"):
                pages.more = max(pages.more, envelope.page)

    def _gap_of(self, envelope: Envelope) -> Gap:
        resource = envelope.subject or None
        if envelope.reason is None:
            return self.gap(envelope.operation, GapReason.MALFORMED, "a gap without its reason", resource)
        return self.gap(envelope.operation, envelope.reason, envelope.message, resource, envelope.permission)

    def _first_gap(self, operation: str, subject: str, pages: _Pages) -> Gap:
        open_gaps = sorted(pages.gaps.keys() - pages.answers.keys())
        if open_gaps:
            return pages.gaps[open_gaps[0]]
        return self.gap(operation, GapReason.NOT_COLLECTED, "the list breaks off", subject or None)

    def regional_gaps(self, operation: str) -> Iterator[tuple[str, Gap]]:
        """The locations that a list over all of them could not reach."""
        for (location, _), pages in self._read(operation).items():
            if location != GLOBAL and pages.gaps and not pages.answers:
                yield location, self._first_gap(operation, "", pages)


@dataclass(frozen=True, slots=True)
class Told:
    """One resource as an answer told it: facts read from it name that answer as their source."""

    answers: Answers
    source: str
    name: str
    body: dict[str, Any]

    def fact(self, read: Callable[[dict[str, Any]], T]) -> Observed[T]:
        """What ``read`` makes of it."""
        return self.answers.fact(self.source, lambda: read(self.body), self.name)


def of(told: Observed[Told], read: Callable[[dict[str, Any]], T]) -> Observed[T]:
    """A fact of something that may itself be unknown."""
    return told if isinstance(told, Unknown) else told.value.fact(read)


def merged(*facts: Observed[tuple[T, ...]]) -> Observed[tuple[T, ...]]:
    """Several lists as one; unknown with the first that is."""
    found: list[T] = []
    for fact in facts:
        if isinstance(fact, Unknown):
            return fact
        found.extend(fact.value)
    return known(tuple(found), next((fact.source for fact in facts if fact.known), ""))
