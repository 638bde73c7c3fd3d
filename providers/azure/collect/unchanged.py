"""Which apps were not changed since an earlier run, by the activity log of their subscription.

The activity log holds every create, update, delete and action operation that is made through Resource Manager, for 90
days, and nobody can change or delete what it holds (Azure Monitor documentation, "Azure activity log" and "Azure
activity log event schema", read in November 2026). An event can be read 3 to 20 minutes after it happened (the same):
the log is read from an hour before the earlier run began, and an answer counts as proven until an hour before this one
read it.

What is set through Resource Manager alone does not change without an event. Functions come with code, which is
deployed past Resource Manager; diagnostic settings and private endpoints belong to other resource providers; references
to vaults resolve by what the vault says: no event of an app covers those.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from auditor.model.observed import GapReason
from providers.answers.answers import GLOBAL
from providers.answers.json_paths import rows, text
from providers.azure.collect.apps import App
from providers.azure.gateway import Gateway
from providers.azure.operations import BY_ID
from providers.calls.caller import AnswerKey
from providers.calls.reply import Refusal

EVENTS: Final = "insights:ListActivityEvents"
_DELAY: Final = timedelta(hours=1)
_KEPT: Final = timedelta(days=89)
_SITES: Final = "/providers/microsoft.web/sites/"
_MOST: Final = 100
"""Pages after which asking the apps themselves costs less than reading on."""

_READS: Final = frozenset({"microsoft.web/sites/config/list/action", "microsoft.web/sites/slots/config/list/action"})
"""Actions that only read, and that a run of this tool makes itself: settings are read by POST."""

_LONG: Final = Refusal(
    GapReason.NOT_AT_DEPTH, "The activity log was left unfinished, because it is long: every app is asked instead."
)


class Unchanged:
    """Notes of each app of a subscription whether it was changed since the earlier run."""

    def __init__(self, gateway: Gateway, apps: Iterable[App]) -> None:
        self._gateway = gateway
        self._apps = tuple(apps)
        self._since = gateway.carrying.began

    @property
    def tells(self) -> bool:
        """Whether there is an earlier run that the log reaches back to."""
        return self._since is not None and datetime.now(UTC) - self._since + _DELAY < _KEPT

    def read(self, scope: str) -> None:
        """Reads the log of a subscription. Where that is refused, or not whole, every app there is asked."""
        if self._since is None:
            return
        now = datetime.now(UTC)
        begin = self._since - _DELAY
        moved = self._moved(scope, {"since": _written(begin), "until": _written(now + timedelta(seconds=1))})
        if moved is None:
            return
        for app in self._apps:
            if app.scope != scope:
                continue
            where = AnswerKey(scope, GLOBAL, app.key)
            if _site(app.key) in moved:
                self._gateway.carrying.moved(where)
            else:
                self._gateway.carrying.proven(where, f"activity log until {_written(now - _DELAY)}", _written(begin))

    def _moved(self, scope: str, span: Mapping[str, str]) -> set[str] | None:
        """The apps that something happened to, by id in lower case; None where that cannot be told of all."""
        operation = BY_ID[EVENTS]
        found: set[str] = set()
        for page, answer in enumerate(self._gateway.pages(operation, scope, **span)):
            told = _LONG if page >= _MOST else answer
            reply = self._gateway.record(operation, scope, "", page, told)
            if reply.body is None:
                return None
            for row in rows(answer, "value"):
                if not text(row, "resourceId"):
                    return None
                if _action(row) not in _READS:
                    found.add(_site(text(row, "resourceId").lower()))
        return found


def _action(row: Mapping[str, Any]) -> str:
    return text(row, "operationName", "value").lower()


def _site(resource: str) -> str:
    """The app that an id is of, or is below of; a slot's changes count for all of them, as slots can be swapped."""
    before, found, rest = resource.partition(_SITES)
    return f"{before}{found}{rest.partition('/')[0]}" if found else ""


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
