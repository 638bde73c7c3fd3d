"""What the lists of one run have told so far: the apps, and the resources they may refer to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from auditor.model.redacted import find
from providers.answers.json_paths import record, text
from providers.azure.collect.apps import App, app_of, container_function, environment_of
from providers.azure.collect.resource_names import region_of
from providers.azure.operations import AzureOperation

_STORAGE: Final = "/providers/microsoft.storage/storageaccounts/"
_SITES: Final = "/providers/microsoft.web/sites/"


@dataclass(frozen=True, slots=True)
class Container:
    """A container app, by what tells whether it is or hosts a function.

    ``function`` is what it is as a function (None: it is none); ``owner`` the resource that manages it.
    """

    id: str
    name: str
    function: App | None
    owner: str
    environment: str
    described: bool


class DiscoveredResources:
    """Gathers rows while they stream in. Thread-safe."""

    def __init__(self, scopes: Iterable[str]) -> None:
        self.scopes = tuple(scopes)
        self.apps: dict[str, App] = {}
        self.in_bulk: set[str] = set()
        """The apps that Resource Graph returned."""
        self.incomplete: set[str] = set()
        """Scopes of which no list of functions was read to its end."""
        self.configured: set[str] = set()
        """The apps whose configuration came in bulk."""
        self.containers: dict[str, Container] = {}
        self.hosts: dict[str, str] = {}
        """The host storage accounts that settings name, by app."""
        self.identities: set[str] = set()
        """The user-assigned identities that Resource Graph returned."""
        self.groups: set[str] = set()
        """Scopes in which a role is assigned to a group."""
        self._regions: dict[str, set[str]] = {}
        self._accounts: dict[str, str] = {}
        self._mentioned: dict[str, str] = {}
        self._lock = Lock()

    def row(self, operation: AzureOperation, scope: str, row: Mapping[str, Any]) -> None:
        """Notes a row of Resource Graph."""
        identifier = text(row, "id")
        with self._lock:
            self._regions.setdefault(scope, set()).add(region_of(text(row, "location")))
            if operation.id == "graph:Sites":
                self._add(app_of(row, scope))
            elif operation.id == "graph:SiteConfigs":
                self.configured.add(identifier.lower().removesuffix("/config/web"))
            elif operation.id == "graph:StorageAccounts":
                self._accounts[text(row, "name").lower()] = identifier
            elif operation.id == "graph:ContainerApps":
                self.containers[identifier.lower()] = _container(row, scope)
            elif operation.id == "graph:Identities":
                self.identities.add(identifier.lower())
            elif operation.id == "graph:RoleAssignments":
                self._mention(text(row, "properties", "scope"))
                self._assigned(scope, row)

    def listed(self, scope: str, row: Mapping[str, Any]) -> None:
        """Notes a row of Resource Manager's own list of sites or slots; Resource Graph's says more, and stays."""
        app = app_of(row, scope)
        with self._lock:
            if app is not None:
                self.apps.setdefault(app.key, app)

    def listed_container(self, scope: str, row: Mapping[str, Any]) -> None:
        """Notes a row of Resource Manager's own list of container apps."""
        with self._lock:
            self.containers.setdefault(text(row, "id").lower(), _container(row, scope))

    def assigned(self, scope: str, row: Mapping[str, Any]) -> None:
        """Notes a row of Resource Manager's own list of role assignments."""
        with self._lock:
            self._assigned(scope, row)

    def functions(self) -> tuple[App, ...]:
        """Container apps that are functions of their own: no site manages them or has their name and environment."""
        homes = {(app.environment, app.name) for app in self.apps.values() if app.environment}
        return tuple(
            container.function
            for _, container in sorted(self.containers.items())
            if container.function is not None
            and _SITES not in container.owner
            and (container.environment, container.name) not in homes
        )

    def settings(self, app: App, body: Any) -> None:
        """Notes which account the (redacted) settings of an app name as its host's."""
        values = {name.lower(): value for name, value in record(body, "properties").items()}
        connection = find("AzureWebJobsStorage", values.get("azurewebjobsstorage"))
        account = connection.about.get("account", "") if connection else ""
        named = find("AzureWebJobsStorage__accountName", values.get("azurewebjobsstorage__accountname"))
        account = account or (named.variable.value if named else None) or ""
        if account:
            with self._lock:
                self.hosts[app.key] = account.lower()

    def account(self, name: str) -> tuple[str, bool]:
        """The id of a storage account, and whether Resource Graph returned it; "" where nothing tells the id."""
        found = self._accounts.get(name)
        return (found, True) if found else (self._mentioned.get(name, ""), False)

    def needing(self) -> tuple[str, ...]:
        """The scopes worth more questions: those with an app, and those whose apps could not all be listed."""
        own = {app.scope for app in (*self.apps.values(), *self.functions())} | self.incomplete
        return tuple(scope for scope in self.scopes if scope in own)

    def locations(self, scope: str) -> list[str]:
        """Where the apps of a scope are."""
        every = (*self.apps.values(), *self.functions())
        return sorted({app.location for app in every if app.scope == scope and app.location})

    def regions(self, scope: str) -> list[str]:
        """The regions in which a scope has anything that was listed: where events may come from."""
        found = {*self._regions.get(scope, ()), *(region_of(place) for place in self.locations(scope))}
        return sorted(found - {"", "global"})

    def _add(self, app: App | None) -> None:
        if app is not None:
            self.apps[app.key] = app
            self.in_bulk.add(app.key)

    def _assigned(self, scope: str, row: Mapping[str, Any]) -> None:
        """A role of a group may be that of an identity; a principal of no known kind may be a group."""
        if text(row, "properties", "principalType").lower() in ("group", "foreigngroup", ""):
            self.groups.add(scope)

    def _mention(self, scope: str) -> None:
        """A role on one storage account tells that account's id, and so does one on what is in it."""
        at = scope.lower().find(_STORAGE)
        if at >= 0:
            name = scope[at + len(_STORAGE) :].split("/", maxsplit=1)[0]
            self._mentioned[name.lower()] = scope[: at + len(_STORAGE)] + name


def _container(row: Mapping[str, Any], scope: str) -> Container:
    return Container(
        id=text(row, "id"),
        name=text(row, "name").lower(),
        function=container_function(row, scope),
        owner=text(row, "managedBy").lower(),
        environment=environment_of(row),
        described=bool(record(row, "properties", "configuration")),
    )
