"""One run: the subscriptions, what lists say of them all, then each app, then what apps refer to."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from auditor.model.capture import Depth
from auditor.provider import CollectOptions, Recorder
from providers.answers.json_paths import rows
from providers.azure.collect.caller_permissions import CallerPermissions, Doubt
from providers.azure.collect.dependencies import Dependencies
from providers.azure.collect.discovered_resources import DiscoveredResources
from providers.azure.collect.graph_responses import GraphResponses
from providers.azure.collect.per_app import AppCalls
from providers.azure.collect.scopes import group_of, open_scopes, wanted
from providers.azure.gateway import Gateway
from providers.azure.operations import BY_ID, TABLES, AzureOperation
from providers.calls.reply import Refusal
from providers.calls.work_queue import Job, WorkQueue

_WIDTH: Final = 12
"""Calls on one quota under way at once: enough for 25 a second at a latency of 400 ms."""

_LIST_SITES: Final = "web:ListSites"
_LIST_CONTAINERS: Final = "app:ListContainerApps"
_CHECKED_BY: Final = {"graph:Sites": _LIST_SITES, "graph:ContainerApps": _LIST_CONTAINERS}
"""What Resource Graph returns of functions, and the list of Resource Manager that checks it."""

_REGIONAL: Final = "eventgrid:ListRegionalSubscriptions"

_SITES: Final = "resources"
_CONFIGURATIONS: Final = "appserviceresources"
_ROLES: Final = "authorizationresources"
_RECORDS: Final = "dnsresources"


def read_subscriptions(gateway: Gateway, options: CollectOptions, recorder: Recorder) -> None:
    """Asks everything; whatever has no answer becomes a recorded gap.

    Raises NoScopeError where no subscription can be read, UsageError for ids that are none.
    """
    scopes = open_scopes(gateway, options, recorder)
    if not scopes:
        return
    with WorkQueue(
        "azure",
        options.max_workers,
        recorder.error,
        width=lambda _lane: _WIDTH,
        wait_of=lambda lane: gateway.lane_wait(*lane),
        waiting=gateway.waiting,
    ) as work:
        Run(gateway, options, scopes, work).read(recorder)


class Run:
    """The order of the questions. A subscription that says it has no function app is asked nothing more."""

    def __init__(self, gateway: Gateway, options: CollectOptions, scopes: tuple[str, ...], work: WorkQueue) -> None:
        self._gateway = gateway
        self._options = options
        self._scopes = scopes
        self._work = work
        self._survey = DiscoveredResources(scopes)
        self._whole: dict[str, bool] = {}
        self._splits: dict[str, GraphResponses] = {}
        self._refused: dict[tuple[str, str], Refusal] = {}
        """Why a list of Resource Manager, by operation and scope, was not read to its end."""
        self._listed: dict[tuple[str, str], list[bool]] = {}
        """The pages of those lists: whether each has a row."""
        self._rights: dict[str, CallerPermissions] = {}
        self._group = "" if wanted(options) else group_of(options)

    def read(self, recorder: Recorder) -> None:
        """Reads everything, in phases: what is asked follows from what the phase before said."""
        self._lists()
        self._work.settle()
        self._doubt_lists()
        self._splits.pop(_SITES).close(self._doubt)
        self._slots()
        self._work.settle()
        for scope in self._scopes:
            recorder.scope(scope, self._survey.locations(scope))
        needing = self._survey.needing()
        if not needing:
            return
        calls = AppCalls(self._gateway, self._options, self._survey, self._work)
        self._tables(needing)
        self._subscriptions(needing)
        calls.start()
        self._work.settle()
        for split in self._splits.values():
            split.close(self._doubt)
        calls.configurations()
        self._roles(needing)
        Dependencies(self._gateway, self._options, self._survey, self._work).start()
        self._work.settle()

    def _lists(self) -> None:
        self._work.add(("graph", ""), partial(self._table, _SITES, self._scopes, self._scopes))
        for scope in self._scopes:
            self._arm(scope, partial(self._permissions, scope))
            self._arm(scope, partial(self._list, _LIST_SITES, scope, self._survey.listed))
            self._arm(scope, partial(self._list, _LIST_CONTAINERS, scope, self._survey.listed_container))

    def _permissions(self, scope: str) -> None:
        pages: list[Any] = []
        refusal = self._gateway.listing("authorization:ListPermissions", scope, each=pages.append)
        self._rights[scope] = CallerPermissions.of(pages, refusal)

    def _list(self, operation: str, scope: str, note: Callable[[str, Mapping[str, Any]], None]) -> None:
        """Reads one of Resource Manager's own lists of what may be a function."""
        pages = self._listed[operation, scope] = []

        def each(page: Any) -> None:
            found = list(rows(page, "value"))
            pages.append(bool(found))
            for row in found:
                note(scope, row)

        refusal = self._gateway.listing(operation, scope, each=each)
        if refusal is not None:
            self._refused[operation, scope] = refusal

    def _doubt_lists(self) -> None:
        """Resource Manager's own lists, too, hold what the caller may read."""
        for (operation_id, scope), pages in sorted(self._listed.items()):
            operation = BY_ID[operation_id]
            doubt = self._rights[scope].doubt(operation, returned=any(pages))
            if doubt is not None and (operation_id, scope) not in self._refused:
                if operation_id == _LIST_SITES:
                    self._survey.incomplete.add(scope)
                self._gateway.record(operation, scope, "", len(pages), doubt.refusal)

    def _doubt(self, operation: AzureOperation, scope: str, *, returned: bool) -> Doubt | None:
        """What Resource Graph returns of functions is not all, unless Resource Manager's own list says the same.

        A caller who may not list them is shown none, and an app is in Resource Graph some minutes after it was made.
        """
        doubt = self._rights[scope].doubt(operation, returned=returned)
        listing = _CHECKED_BY.get(operation.id)
        if listing is None:
            return doubt
        refusal = self._refused.get((listing, scope))
        if doubt is None and refusal is not None:
            told = "may lack the newest" if returned else "returned none"
            message = f"Resource Graph {told}, and they cannot be listed: {refusal.message}"
            doubt = Doubt(operation.permission, replace(refusal, message=message))
        if doubt is not None and listing == _LIST_SITES:
            self._survey.incomplete.add(scope)
        return doubt

    def _slots(self) -> None:
        """Slots are in no list but Resource Graph's: an app is asked for its own where that may lack some."""
        survey = self._survey
        if not self._whole[_SITES]:
            survey.incomplete.update(scope for operation, scope in self._refused if operation == _LIST_SITES)
        for app in [app for app in survey.apps.values() if not app.is_slot]:
            if app.key not in survey.in_bulk or app.scope in survey.incomplete:
                self._arm(app.scope, partial(self._slots_of, app.scope, app.id))

    def _slots_of(self, scope: str, resource: str) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "value"):
                self._survey.listed(scope, row)

        self._gateway.listing("web:ListSlots", scope, resource, each=each)

    def _tables(self, needing: tuple[str, ...]) -> None:
        """An identity may hold roles, and a name may point here, from any subscription; configurations are its own."""
        tables = {_CONFIGURATIONS: needing, _ROLES: self._scopes, _RECORDS: self._scopes}
        for table, scopes in tables.items():
            if all(self._at_least(operation.depth) for operation in TABLES[table]):
                self._work.add(("graph", ""), partial(self._table, table, scopes, needing))

    def _table(self, table: str, scopes: tuple[str, ...], inheriting: tuple[str, ...]) -> None:
        group = self._group if scopes == self._scopes else ""
        split = self._splits[table] = GraphResponses(self._gateway, table, scopes, inheriting)
        self._whole[table] = split.read(self._survey.row, group)

    def _subscriptions(self, needing: tuple[str, ...]) -> None:
        self._work.add(("tenant", ""), partial(self._stacks, needing))
        asked = ["authorization:ListLocks", "security:ListPricings"]
        if not self._whole[_SITES]:
            asked.append("web:ListPlans")
        deeper = ("authorization:ListDenyAssignments", "consumption:ListBudgets", "eventgrid:ListSubscriptions")
        asked += [operation for operation in deeper if self._at_least(BY_ID[operation].depth)]
        for scope in needing:
            self._arm(scope, partial(self._assignments, scope))
            for operation in asked:
                self._arm(scope, partial(self._gateway.listing, operation, scope))
            if self._at_least(BY_ID[_REGIONAL].depth):
                for region in self._survey.regions(scope):
                    self._arm(scope, partial(self._gateway.listing, _REGIONAL, scope, region, anew=True))

    def _assignments(self, scope: str) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "value"):
                self._survey.assigned(scope, row)

        self._gateway.listing("authorization:ListRoleAssignments", scope, each=each)

    def _stacks(self, needing: tuple[str, ...]) -> None:
        """The runtimes on offer are the same for all: asked once, recorded for each."""
        operation = BY_ID["web:ListFunctionAppStacks"]
        for page, answer in enumerate(self._gateway.pages(operation, "")):
            for scope in needing:
                self._gateway.record(operation, scope, "", page, answer)
            if isinstance(answer, Refusal):
                return

    def _roles(self, needing: tuple[str, ...]) -> None:
        if not self._whole[_ROLES]:
            for scope in needing:
                self._arm(scope, partial(self._gateway.listing, "authorization:ListRoleDefinitions", scope))

    def _arm(self, scope: str, job: Job) -> None:
        self._work.add(("arm:reads", scope), job)

    def _at_least(self, depth: Depth) -> bool:
        return self._options.depth.rank >= depth.rank
