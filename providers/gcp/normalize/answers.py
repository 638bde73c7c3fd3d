"""The answers of one project, wherever they were given.

An operation that is asked once a region lies in one shard a region; most lie in one shard called ``global``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from auditor.enricher import PACKAGES
from auditor.model.capture import Capture
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Observed, Unknown
from providers.answers import answers
from providers.answers.answers import GLOBAL, Subjects
from providers.answers.listing import Listing, known
from providers.gcp.normalize.fields import optional_items, record
from providers.gcp.operations import BY_ID

__all__ = ["GLOBAL", "Listing", "known"]

T = TypeVar("T")

_Bodies = Subjects[dict[str, Any]]


class _Place(answers.Answers):
    """The answers of one project in one location."""

    cloud = Cloud.GCP
    operations = BY_ID
    asked_for = frozenset({PACKAGES})


class Answers(_Place):
    """The answers of one project."""

    def __init__(self, capture: Capture, project: str) -> None:
        super().__init__(capture, project)
        self.project = project
        self._places: dict[str, list[_Place]] = {}
        places: dict[str, _Place] = {}
        for key in capture.shards():
            if key.cloud is Cloud.GCP and key.scope == project:
                place = places.setdefault(key.location, _Place(capture, project, key.location))
                self._places.setdefault(key.operation, []).append(place)

    @property
    def as_of(self) -> str:
        """When the capture was taken, RFC 3339."""
        return self._capture.facts.started_at

    def places(self, operation: str) -> tuple[str, ...]:
        """The locations in which an operation was asked."""
        return tuple(place.location for place in self._places.get(operation, ()))

    def subjects_of(self, operation: str) -> tuple[str, ...]:
        """What an operation was asked about."""
        return tuple(dict.fromkeys(subject for bodies in self._everywhere(operation) for subject in bodies))

    def asked(self, operation: str, subject: str) -> bool:
        """Whether an operation was asked about something."""
        return any(subject in bodies for bodies in self._everywhere(operation))

    def one(self, operation: str, subject: str = "") -> Observed[dict[str, Any] | None]:
        """One answer's body, wherever it lies; Known(None) where the cloud says there is none."""
        return self._where(operation, subject).one(subject)

    def pages(self, operation: str, location: str | None = None, subject: str = "") -> Listing[dict[str, Any]]:
        """Every page of a list: at one location, or wherever it lies."""
        if location is None:
            return self._where(operation, subject).all(subject)
        found = (place.bodies(operation) for place in self._places.get(operation, ()) if place.location == location)
        return next(found, self.bodies(operation)).all(subject)

    def listed(
        self, operation: str, *keys: str, location: str | None = None, subject: str = ""
    ) -> Listing[dict[str, Any]]:
        """The objects under any of ``keys`` of every page; a page without them has none, as Google writes it."""
        pages = self.pages(operation, location, subject)
        rows = self.flat(pages, lambda body: [item for key in keys for item in optional_items(body, key)])
        return self.readable(rows, record)

    def silent(self, operation: str, *keys: str, location: str | None = None) -> bool:
        """Whether a complete list says that there is none by holding nothing at all.

        That is how Google writes an empty list, and it is the weakest of all proofs: see :meth:`contradiction`.
        """
        pages = self.pages(operation, location)
        return pages.gap is None and not any(key in body for body in pages.items for key in keys)

    def contradiction(self, operation: str, named: str) -> Gap:
        """Why a list that came back empty is not believed: something else names what should be on it."""
        message = f"the list came back empty, although {named}: one of the two answers is wrong"
        return self.gap(operation, GapReason.MALFORMED, message)

    def regional_gaps(self, operation: str) -> Iterator[tuple[str, Gap]]:
        """The locations that a list over all of them could not reach."""
        for place in self._places.get(operation, ()):
            gap = place.bodies(operation).refused() if place.location != GLOBAL else None
            if gap is not None:
                yield place.location, gap

    def _everywhere(self, operation: str) -> Iterator[_Bodies]:
        return (place.bodies(operation) for place in self._places.get(operation, ()))

    def _where(self, operation: str, subject: str) -> _Bodies:
        """The answers of the location that was asked about a subject; of several, of the one that answered."""
        everywhere = list(self._everywhere(operation))
        asked = [bodies for bodies in everywhere if subject in bodies]
        answered = [bodies for bodies in asked if bodies.answered(subject)]
        lost = [bodies for bodies in everywhere if bodies.refused()]
        return next(iter((*answered, *asked, *lost)), self.bodies(operation))


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
