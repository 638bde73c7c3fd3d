"""Budgets that tell somebody what a subscription spends."""

from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.observed import Observed, Unknown
from providers.azure.normalize.answers import Answers, known
from providers.azure.normalize.fields import flag, member, optional_member, record, text

_LISTED: Final = "consumption:ListBudgets"
_OF_SPEND: Final = frozenset({"cost", "usage"})
"""Kinds of budget that grow with what is used; the others watch reservations."""


def read_spend_alerts(answers: Answers) -> Observed[tuple[str, ...]]:
    """The budgets with a notification that is on, by name; unknown where there is none and the list is not whole."""
    listing = answers.readable(answers.rows(_LISTED), _budget)
    found = tuple(name for name in listing.items if name is not None)
    return Unknown(listing.gap) if listing.gap is not None and not found else known(found, _LISTED)


def _budget(item: Json) -> str | None:
    body = member(item, "properties")
    watches = text(body, "category").lower() in _OF_SPEND
    return text(item, "name") if watches and any(map(_on, optional_member(body, "notifications").values())) else None


def _on(notification: Any) -> bool:
    return flag(record(notification, "a notification"), "enabled")
