"""What has no bulk form: the calls about each function app and slot."""

from collections.abc import Iterable
from functools import partial
from typing import Final

from auditor.provider import ACTIVITY, CollectOptions
from providers.azure.collect.apps import App, selected
from providers.azure.collect.discovered_resources import DiscoveredResources
from providers.azure.collect.packages import PACKAGE_CODE, Packages
from providers.azure.collect.unchanged import EVENTS, Unchanged
from providers.azure.gateway import Gateway
from providers.azure.metrics import METRICS, timespan
from providers.azure.operations import BY_ID, AzureOperation
from providers.azure.operations.apps import APPS
from providers.calls.work_queue import WorkQueue

_ELSEWHERE: Final = frozenset({"web:ListSlots", "web:GetConfiguration", PACKAGE_CODE})
_SETTINGS: Final = "web:ListApplicationSettings"
_ANEW: Final = frozenset({"web:ListFunctions", "insights:GetMetrics"})
"""What changes without anybody changing the app: code is deployed past Resource Manager, and counts grow."""


class AppCalls:
    """Queues the calls about apps that ``--function`` and ``--tag`` select, the shallow ones of all apps first."""

    def __init__(self, gateway: Gateway, options: CollectOptions, survey: DiscoveredResources, work: WorkQueue) -> None:
        self._gateway = gateway
        self._options = options
        self._survey = survey
        self._work = work
        self._packages = Packages(gateway, options)
        self._timespan = timespan(options.activity_days)
        self._apps = [app for _, app in sorted(survey.apps.items()) if selected(app, options)]

    def start(self) -> None:
        """Queues everything the depth asks about each app: once it is known which were changed since an earlier run."""
        log = Unchanged(self._gateway, self._apps)
        if not log.tells or not self._deep_enough(BY_ID[EVENTS]):
            self._queue(self._apps)
            return
        for scope in sorted({app.scope for app in self._apps}):
            self._work.add((BY_ID[EVENTS].bucket, scope), partial(self._after, log, scope))

    def _after(self, log: Unchanged, scope: str) -> None:
        log.read(scope)
        self._queue([app for app in self._apps if app.scope == scope])

    def _queue(self, apps: Iterable[App]) -> None:
        apps = tuple(apps)
        asked = [operation for operation in APPS if operation.id not in _ELSEWHERE and self._deep_enough(operation)]
        for operation in sorted(asked, key=lambda operation: operation.depth.rank):
            for app in apps:
                if _applies(operation, app):
                    self._work.add((operation.bucket, app.scope), partial(self._ask, operation, app))

    def configurations(self) -> None:
        """Queues the configuration of each app that the bulk answer left out."""
        operation = BY_ID["web:GetConfiguration"]
        if self._deep_enough(operation):
            for app in self._apps:
                if app.key not in self._survey.configured:
                    self._work.add((operation.bucket, app.scope), partial(self._ask, operation, app))

    def _ask(self, operation: AzureOperation, app: App) -> None:
        anew = operation.id in _ANEW
        if operation.pages:
            self._gateway.listing(operation.id, app.scope, app.id, anew=anew)
            return
        if operation.id == _SETTINGS and self._packages.wanted:
            answer = self._gateway.ask(operation, app.scope, self._gateway.url(operation, app.scope, app.id))
            reply = self._gateway.record(operation, app.scope, app.id, 0, answer)
            self._survey.settings(app, reply.body)
            self._packages.read(app, answer)
            return
        reply = self._gateway.call(operation.id, app.scope, app.id, anew=anew, timespan=self._timespan)
        if operation.id == _SETTINGS:
            self._survey.settings(app, reply.body)

    def _deep_enough(self, operation: AzureOperation) -> bool:
        wanted = operation.id == METRICS and ACTIVITY in self._options.tiers
        return wanted or self._options.depth.rank >= operation.depth.rank


def _applies(operation: AzureOperation, app: App) -> bool:
    if operation.id == "web:ListSlotSettings":
        return not app.is_slot
    return operation.id != "web:ListPrivateEndpoints" or not app.lists_endpoints
