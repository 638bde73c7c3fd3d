"""What the lists of one run have told so far: the apps, and the resources they may refer to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from auditor.model.redacted import find
from providers.answers.json_paths import record, text
from providers.azure.collect.apps import App, app_of
from providers.azure.operations import AzureOperation

_STORAGE: Final = "/providers/microsoft.storage/storageaccounts/"


@dataclass(frozen=True, slots=True)
class Container:
    """A container app, by what tells whether it is or hosts a function."""

    id: str
    name: str
    is_function: bool
    owner: str
    environment: str
    described: bool


class Survey:
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
        self._accounts: dict[str, str] = {}
        self._mentioned: dict[str, str] = {}
        self._lock = Lock()

    def row(self, operation: AzureOperation, scope: str, row: Mapping[str, Any]) -> None:
        """Notes a row of Resource Graph."""
        identifier = text(row, "id")
        with self._lock:
            if operation.id == "graph:Sites":
                self._add(app_of(row, scope))
            elif operation.id == "graph:SiteConfigs":
                self.configured.add(identifier.lower().removesuffix("/config/web"))
            elif operation.id == "graph:StorageAccounts":
                self._accounts[text(row, "name").lower()] = identifier
            elif operation.id == "graph:ContainerApps":
                self.containers[identifier.lower()] = _container(row)
            elif operation.id == "graph:RoleAssignments":
                self._mention(text(row, "properties", "scope"))

    def listed(self, scope: str, row: Mapping[str, Any]) -> None:
        """Notes a row of Resource Manager's own list of sites or slots; Resource Graph's says more, and stays."""
        app = app_of(row, scope)
        with self._lock:
            if app is not None:
                self.apps.setdefault(app.key, app)

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
        own = {app.scope for app in self.apps.values()} | self.incomplete
        return tuple(scope for scope in self.scopes if scope in own)

    def locations(self, scope: str) -> list[str]:
        """Where the apps of a scope are."""
        return sorted({app.location for app in self.apps.values() if app.scope == scope and app.location})

    def _add(self, app: App | None) -> None:
        if app is not None:
            self.apps[app.key] = app
            self.in_bulk.add(app.key)

    def _mention(self, scope: str) -> None:
        """A role on one storage account tells that account's id, and so does one on what is in it."""
        at = scope.lower().find(_STORAGE)
        if at >= 0:
            name = scope[at + len(_STORAGE) :].split("/", maxsplit=1)[0]
            self._mentioned[name.lower()] = scope[: at + len(_STORAGE)] + name


def _container(row: Mapping[str, Any]) -> Container:
    home = text(row, "properties", "managedEnvironmentId") or text(row, "properties", "environmentId")
    return Container(
        id=text(row, "id"),
        name=text(row, "name").lower(),
        is_function="functionapp" in text(row, "kind").lower().split(","),
        owner=text(row, "managedBy").lower(),
        environment=home.lower(),
        described=bool(record(row, "properties", "configuration")),
    )
