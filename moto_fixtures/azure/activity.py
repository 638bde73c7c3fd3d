"""The activity log of the emulated tenant: what was done through Resource Manager, and who may read that when.

Every create, update, delete and action operation on a resource is an event, reads by GET are none, and an event can be
read some minutes after it happened (Azure Monitor documentation, "Azure activity log event schema" and "Azure activity
log", read in November 2026). What reaches an app past Resource Manager (code, and with it functions) and what is worked out when
it is asked (whether references to vaults resolve) makes no event of the app.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from moto_fixtures.azure import errors
from moto_fixtures.azure.wire import Call, encoded

_FILTER = re.compile(
    r"eventTimestamp ge '(?P<since>[^']+)' and eventTimestamp le '(?P<until>[^']+)'"
    r"(?: and resourceProvider eq '(?P<provider>[\w.]+)')?"
)
_PAST = re.compile(r"/(?:functions|config/configreferences/\w+|siteextensions)(?:/[^/]+)?$", re.IGNORECASE)
"""Below an app, what is not set through Resource Manager."""


@dataclass(frozen=True)
class Event:
    """Something done to a resource; ``action`` as role definitions name it."""

    at: datetime
    resource: str
    action: str


class ActivityLog:
    """The events of a tenant. ``delay`` is how long after it happened an event can be read first."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.delay = timedelta(0)

    def note(self, resource: str, verb: str) -> None:
        """Something is done to a resource, or to what is below one, now."""
        if not _PAST.search(resource):
            self.events.append(Event(datetime.now(UTC), resource, f"{_type(resource)}/{verb}"))

    def rows(self, call: Call) -> list[bytes]:
        """The events of a subscription that the call's filter names, with the members it selects. Newest first."""
        asked = _FILTER.fullmatch(call.query.get("$filter", ""))
        if asked is None:
            raise errors.ArmError(400, "BadRequest", "The filter must begin with a time range.", "service")
        since, until = (_moment(asked[name]) for name in ("since", "until"))
        if datetime.now(UTC) - since > timedelta(days=90):
            raise errors.ArmError(
                400, "BadRequest", "The start time cannot be more than 90 days in the past.", "service"
            )
        provider = (asked["provider"] or "").lower()
        within = f"/subscriptions/{call.subscription}/"
        found = [
            event
            for event in reversed(self.events)
            if since <= event.at <= min(until, datetime.now(UTC) - self.delay)
            and event.resource.lower().startswith(within)
            and event.action.lower().startswith(f"{provider}/" if provider else "")
        ]
        members = [name for name in call.query.get("$select", "").split(",") if name]
        return [encoded({name: value for name, value in _row(event).items() if name in members}) for event in found]


def _row(event: Event) -> dict[str, object]:
    return {
        "caller": "deployer@fernhollow.example",
        "category": {"value": "Administrative", "localizedValue": "Administrative"},
        "eventTimestamp": event.at.strftime("%Y-%m-%dT%H:%M:%S.%f0Z"),
        "operationName": {"value": event.action, "localizedValue": event.action},
        "resourceId": event.resource,
    }


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise errors.ArmError(400, "BadRequest", f"Detected invalid time: '{text}'.", "service") from None


def _type(resource: str) -> str:
    """The type of a resource: its provider, and every second segment after it."""
    provider, *rest = resource.rpartition("/providers/")[2].split("/")
    return "/".join((provider, *rest[::2]))
