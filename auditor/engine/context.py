"""What checks may ask besides their subject, derived once from the inventory."""

from collections import defaultdict
from datetime import date

from auditor.analysis.roles import identities_of
from auditor.config import CheckSettings
from auditor.model.function import Function
from auditor.model.inventory import Inventory, Place


class EvaluationContext:
    """Implements :class:`auditor.check.Context`."""

    def __init__(self, inventory: Inventory, today: date, settings: CheckSettings) -> None:
        self._today = today
        self._settings = settings
        self._places = {place.id: place for place in inventory.places}
        self._accounts = frozenset(scope.name for scope in inventory.scopes) | frozenset(settings.trusted_accounts)
        sharing: defaultdict[str, list[str]] = defaultdict(list)
        for function in inventory.functions:
            for identity in identities_of(function):
                sharing[identity.id].append(function.name)
        self._sharing = {identity: tuple(sorted(names)) for identity, names in sharing.items()}

    @property
    def today(self) -> date:
        return self._today

    @property
    def settings(self) -> CheckSettings:
        return self._settings

    def place(self, function: Function) -> Place:
        return self._places[f"{function.scope}/{function.location}"]

    def functions_with_identity(self, identity: str) -> tuple[str, ...]:
        return self._sharing.get(identity, ())

    def trusted(self, account: str) -> bool:
        return account in self._accounts
