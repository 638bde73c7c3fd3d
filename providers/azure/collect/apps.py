"""Function apps, their slots, and functions that are container apps of their own, as the lists bring them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from auditor.provider import CollectOptions
from providers.answers.json_paths import record, text
from providers.azure.collect.resource_names import account_of_url


@dataclass(frozen=True, slots=True)
class App:
    """A function app or slot: its id as Azure spells it, and what later questions depend on.

    ``package_account`` is the storage account its package lies in ("" where the list does not say), ``environment``
    the id of the container apps environment it runs in; ``lists_endpoints`` tells that its private endpoints are
    known already. ``package`` is the address of the container its packages are deployed to ("" where it has none),
    ``deploys_at`` the host of its deployment endpoint ("" where Azure names none), ``image`` that it runs a container
    image. ``principal`` is that of its own identity ("" for none), ``identities`` are the ids of those attached
    to it with their principals, in lower case.
    """

    id: str
    scope: str
    location: str
    tags: Mapping[str, Any]
    package_account: str
    environment: str
    lists_endpoints: bool
    package: str = ""
    deploys_at: str = ""
    image: bool = False
    principal: str = ""
    identities: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The id in lower case: ids compare so."""
        return self.id.lower()

    @property
    def name(self) -> str:
        """Its name in lower case, a slot's after that of its app."""
        parts = self.key.split("/")
        return f"{parts[-3]}/{parts[-1]}" if self.is_slot else parts[-1]

    @property
    def is_slot(self) -> bool:
        """Whether it is a slot."""
        return "/slots/" in self.key


def app_of(row: Mapping[str, Any], scope: str) -> App | None:
    """The app of a row; None for a plain web app, a workflow app or a row without an id."""
    identifier = text(row, "id").rstrip("/")
    kinds = {kind.strip() for kind in text(row, "kind").lower().split(",")}
    if not identifier or "functionapp" not in kinds or "workflowapp" in kinds:
        return None
    properties = record(row, "properties")
    return App(
        id=identifier,
        scope=scope,
        location=text(row, "location").replace(" ", "").lower(),
        tags=record(row, "tags"),
        package_account=account_of_url(text(properties, "functionAppConfig", "deployment", "storage", "value")),
        package=text(properties, "functionAppConfig", "deployment", "storage", "value"),
        deploys_at=_deployment_host(properties),
        image="container" in kinds,
        environment=text(properties, "managedEnvironmentId").lower(),
        lists_endpoints=isinstance(properties.get("privateEndpointConnections"), list),
        principal=text(row, "identity", "principalId").lower(),
        identities=_identities(row),
    )


def _deployment_host(properties: Mapping[str, Any]) -> str:
    hosts = properties.get("hostNameSslStates")
    for row in hosts if isinstance(hosts, list) else ():
        if isinstance(row, Mapping) and text(row, "hostType").lower() == "repository":
            return text(row, "name").lower()
    return ""


def container_function(row: Mapping[str, Any], scope: str) -> App | None:
    """The function that a container app is; None for any other. Whether a site stands before it is not told here."""
    identifier = text(row, "id").rstrip("/")
    kinds = {kind.strip() for kind in text(row, "kind").lower().split(",")}
    if not identifier or "functionapp" not in kinds or "workflowapp" in kinds:
        return None
    return App(
        id=identifier,
        scope=scope,
        location=text(row, "location").replace(" ", "").lower(),
        tags=record(row, "tags"),
        package_account="",
        environment=environment_of(row),
        lists_endpoints=True,
        principal=text(row, "identity", "principalId").lower(),
        identities=_identities(row),
    )


def environment_of(row: Mapping[str, Any]) -> str:
    """The environment a container app runs in, in lower case."""
    home = text(row, "properties", "managedEnvironmentId") or text(row, "properties", "environmentId")
    return home.lower()


def _identities(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    attached = record(row, "identity", "userAssignedIdentities")
    return tuple((name.lower().rstrip("/"), text(attached, name, "principalId").lower()) for name in sorted(attached))


def selected(app: App, options: CollectOptions) -> bool:
    """Whether calls are made for an app. Names and tags are Azure's, which do not care about case."""
    if options.functions and not any(fnmatchcase(app.name, glob.lower()) for glob in options.functions):
        return False
    own = {key.lower(): value for key, value in app.tags.items()}
    return all(own.get(key.lower()) == value for key, value in options.tags)
