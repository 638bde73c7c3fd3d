"""The answers of one location of one account."""

from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from auditor.enricher import PACKAGES
from auditor.model.capture import Capture
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.answers import answers
from providers.answers.answers import GLOBAL, Subjects
from providers.answers.listing import Listing, known
from providers.aws.normalize.fields import items, member, text
from providers.aws.operations import BY_ID
from providers.aws.operations.declaration import ACTIVITY, CODE, ORGANIZATION, USAGE

__all__ = ["GLOBAL", "Listing", "Subjects", "known"]

T = TypeVar("T")

_ORGANIZATION = "organizations:DescribeOrganization"


class Answers(answers.Answers):
    """The answers of one location of one account."""

    cloud = Cloud.AWS
    operations = BY_ID
    asked_for = frozenset({ACTIVITY, CODE, PACKAGES, ORGANIZATION, USAGE})

    def __init__(self, capture: Capture, account: str, location: str) -> None:
        super().__init__(capture, account, location)
        self.account = account

    @property
    def day(self) -> date:
        """The day on which the capture began (UTC)."""
        return date.fromisoformat(self._capture.facts.started_at[:10])

    @cached_property
    def organization(self) -> str | None:
        """The id of the account's organization: "" where it is in none, None where that was not read."""
        worldwide = self if self.location == GLOBAL else self.at(GLOBAL)
        body = worldwide.one(_ORGANIZATION)
        if isinstance(body, Unknown):
            return None
        if body.value is None:
            return ""
        found = worldwide.fact(_ORGANIZATION, lambda: text(member(body.value, "Organization"), "Id"))
        return found.value if isinstance(found, Known) else None

    def at(self, location: str) -> "Answers":
        """The same account's answers elsewhere."""
        return Answers(self._capture, self.account, location)

    def absence(self, operation: str, resource: str, account: str | None) -> Observed[bool]:
        """Whether a resource exists that the cloud says it does not find.

        Of another account's resource that proves nothing: one that we may not see is told in the same words.
        """
        if account in (None, "", self.account):
            return known(value=False, source=operation)
        message = f"it was not found, but it belongs to account {account}: it may only be hidden from us"
        return Unknown(self.gap(operation, GapReason.NOT_FOUND, message, resource))

    def pages(self, operation: str, key: str, subject: str = "") -> Listing[Any]:
        """The items under ``key`` of every page. A page without the key is malformed, and so the list incomplete."""
        return self.flat(self.bodies(operation).all(subject), lambda body: items(body, key))


def part_of(whole: Known[Any] | Unknown, part: Observed[T | None]) -> Observed[T | None]:
    """An answer about something that hangs on a whole: a policy on its repository, say.

    "There is none" is said of a whole that is gone as well; where its existence is unknown, that proves nothing.
    """
    return whole if isinstance(whole, Unknown) and isinstance(part, Known) and part.value is None else part
