"""The answers of one subscription. Subjects and ids are compared in lower case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from auditor.enricher import PACKAGES
from auditor.model.capture import Capture
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason, Observed, Unknown
from providers.answers import answers
from providers.answers.answers import GLOBAL, Subjects
from providers.answers.listing import Listing, known
from providers.azure.normalize.fields import items
from providers.azure.normalize.ids import SLOTS
from providers.azure.operations import BY_ID

__all__ = ["GLOBAL", "Listing", "Subjects", "known"]

T = TypeVar("T")


class Answers(answers.Answers):
    """The answers of one subscription."""

    cloud = Cloud.AZURE
    operations = BY_ID
    asked_for = frozenset({PACKAGES})

    def __init__(self, capture: Capture, subscription: str) -> None:
        super().__init__(capture, subscription)
        self.subscription = subscription

    @property
    def finished_on(self) -> str:
        """The day the capture was finished, as an ISO date."""
        return self._capture.facts.finished_at[:10]

    def spelt(self, subject: str) -> str:
        return subject.lower()

    def permission(self, operation: str, resource: str) -> str:
        """What has to be granted for an operation on a resource: a slot may need its own."""
        declared = BY_ID.get(operation)
        of_slot = declared.slot_permission if declared is not None and SLOTS in resource else ""
        return of_slot or super().permission(operation, resource)

    def rows(self, operation: str, subject: str = "") -> Listing[Any]:
        """The items of every page of a list, of Resource Graph or of ARM."""
        key = "data" if operation.startswith("graph:") else "value"
        return self.flat(self.bodies(operation).all(subject), lambda body: items(body, key))


@dataclass(frozen=True, slots=True)
class Part:
    """One object of an answer about one resource, to be read member by member; unknown where it was not read."""

    answers: Answers
    resource: str
    body: Observed[dict[str, Any]]

    @property
    def source(self) -> str:
        """The operation it was read from."""
        return self.body.source

    def read(self, read: Callable[[dict[str, Any]], T]) -> Observed[T]:
        """What ``read`` makes of it, or why that is not known."""
        if isinstance(self.body, Unknown):
            return self.body
        value = self.body.value
        return self.answers.fact(self.source, lambda: read(value), self.resource)

    def inner(self, read: Callable[[dict[str, Any]], dict[str, Any]]) -> "Part":
        """An object inside it."""
        return Part(self.answers, self.resource, self.read(read))

    def unknown(self, reason: GapReason, message: str) -> Unknown:
        """A gap about this resource."""
        return Unknown(self.answers.gap(self.source, reason, message, self.resource))
