"""What checks may ask besides their subject, derived once from the inventory."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property, reduce
from types import MappingProxyType

from auditor.analysis.cost.prices import SHIPPED, PriceList
from auditor.analysis.cost.reckoned import Ceilings
from auditor.analysis.graph.build import build
from auditor.analysis.graph.loops import Loop, doubts, loops
from auditor.analysis.graph.model import Graph
from auditor.analysis.graph.writes import with_writes
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.roles import identities_of
from auditor.config import CheckSettings
from auditor.engine.derive import role_paths
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory, Location
from auditor.model.observed import Gap, GapReason, Unknown, graver


class EvaluationContext:
    """Implements :class:`auditor.check.Context`."""

    def __init__(
        self,
        inventory: Inventory,
        today: date,
        settings: CheckSettings,
        prices: PriceList = SHIPPED,
        paths: Mapping[Cloud, RolePaths] = MappingProxyType({}),
    ) -> None:
        self._inventory = inventory
        self._role_paths = dict(paths)
        self._today = today
        self._ceilings = Ceilings(prices, settings.spend_per_hour)
        self._settings = settings
        self._locations = {location.id: location for location in inventory.locations}
        self._functions = {function.id: function for function in inventory.functions}
        self._accounts = frozenset(scope.name for scope in inventory.scopes) | frozenset(settings.trusted_accounts)
        self._unread = {cloud: tuple(_unread_identities(inventory, cloud)) for cloud in Cloud}
        sharing: defaultdict[str, list[Function]] = defaultdict(list)
        for function in inventory.functions:
            for identity in identities_of(function):
                sharing[identity.id].append(function)
        self._sharing = {identity: tuple(found) for identity, found in sharing.items()}

    @property
    def today(self) -> date:
        return self._today

    @property
    def settings(self) -> CheckSettings:
        return self._settings

    @property
    def prices(self) -> PriceList:
        return self._ceilings.prices

    @property
    def ceilings(self) -> Ceilings:
        return self._ceilings

    def location(self, function: Function) -> Location:
        return self._locations[f"{function.scope}/{function.location}"]

    def function(self, function_id: str) -> Function | None:
        return self._functions.get(function_id)

    def functions_with_identity(self, identity: str) -> tuple[str, ...]:
        return tuple(sorted(function.name for function in self.functions_running_as(identity)))

    def functions_running_as(self, identity: str) -> tuple[Function, ...]:
        return self._sharing.get(identity, ())

    def unread_identities(self, cloud: Cloud, scope: str | None = None) -> Gap | None:
        gaps = [gap for where, gap in self._unread[cloud] if scope is None or where == scope]
        return reduce(graver, gaps) if gaps else None

    def unlisted(self, cloud: Cloud) -> Gap | None:
        lists = (location.functions for location in self._inventory.locations if location.cloud is cloud)
        gaps = [functions.gap for functions in lists if isinstance(functions, Unknown)]
        return reduce(graver, gaps) if gaps else None

    def loops(self, function: Function) -> tuple[Loop, ...]:
        return self._loops.get(function.id, ())

    def loops_unread(self, function: Function) -> Gap | None:
        return self._doubts.get(function.id)

    @cached_property
    def _graph(self) -> Graph:
        """Built where a check asks for loops, once."""
        return with_writes(build(self._inventory), self._inventory.functions)

    @cached_property
    def _doubts(self) -> dict[str, Gap]:
        return doubts(self._graph)

    @cached_property
    def _loops(self) -> dict[str, tuple[Loop, ...]]:
        """The loops by function, found once."""
        found: defaultdict[str, list[Loop]] = defaultdict(list)
        for loop in loops(self._graph):
            for function_id in loop.functions:
                found[function_id].append(loop)
        return {function_id: tuple(several) for function_id, several in found.items()}

    def trusted(self, account: str) -> bool:
        return account in self._accounts

    def role_paths(self, cloud: Cloud) -> RolePaths:
        found = self._role_paths.get(cloud)
        if found is None:
            found = self._role_paths[cloud] = role_paths(self._inventory, cloud)
        return found


def _unread_identities(inventory: Inventory, cloud: Cloud) -> Iterator[tuple[str, Gap]]:
    """The scopes in which a function may run as an identity that nobody read, and why."""
    for location in inventory.locations:
        if location.cloud is cloud and isinstance(location.functions, Unknown):
            yield location.scope, location.functions.gap
    for function in inventory.functions:
        if function.cloud is not cloud:
            continue
        for fact in (function.identity, function.attached) if cloud is Cloud.AZURE else (function.identity,):
            if isinstance(fact, Unknown) and fact.gap.reason is not GapReason.NOT_OFFERED:
                yield function.scope, fact.gap
