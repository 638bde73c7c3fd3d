"""Functions hosted on Container Apps: the container app behind the site, its ingress and its environment."""

import re
from collections.abc import Iterator
from typing import Any

from auditor.model.authentication import Authentication
from auditor.model.capture import Json
from auditor.model.hosting import ContainerHost, HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from auditor.model.secret import SecretVerdict
from auditor.model.storage import SecretReference
from auditor.model.usage import DiagnosticSetting
from providers.answers.variables import judged_value
from providers.azure.normalize.access import mostly_everyone, public_network
from providers.azure.normalize.answers import Part, known
from providers.azure.normalize.authentication import SETTINGS, enabled_in
from providers.azure.normalize.fields import (
    UnreadableError,
    choice,
    flag,
    given,
    items,
    member,
    optional_flag,
    optional_items,
    optional_member,
    optional_text,
    optional_texts,
    record,
    text,
    unrecognised,
)
from providers.azure.normalize.resource_index import ResourceIndex, Row, inside
from providers.azure.normalize.sites import Site

APPS = "graph:ContainerApps"
_ENVIRONMENTS = "graph:ManagedEnvironments"
_AUTH = "app:GetAuthConfig"

_OWN_ENVIRONMENT = not_offered(APPS, "its variables are those of the function itself")
_IN_VAULT = re.compile(r"https://([A-Za-z0-9-]+)\.vault\.[a-z.]+/secrets/[^/]+/?([0-9a-f]*)", re.IGNORECASE)
_UNITS = {"Gi": 1024, "G": 954, "Mi": 1, "M": 1}
_LOG_CATEGORIES = ("ContainerAppConsoleLogs", "ContainerAppSystemLogs")
_ACTIONS = {"allow": True, "deny": False}
_TURNED_AWAY = {"redirecttologinpage": True, "return401": True, "return403": True, "allowanonymous": False}


class Containers:
    """The container apps behind function apps."""

    def __init__(self, world: ResourceIndex) -> None:
        self._world = world
        self._managed: dict[str, Row] = {}
        self._named: dict[tuple[str, str], Row] = {}
        for row in world.containers:
            owner = row.body.get("managedBy")
            if isinstance(owner, str) and owner:
                self._managed.setdefault(owner.lower(), row)
            properties = row.body.get("properties")
            if isinstance(properties, dict):
                for key in ("managedEnvironmentId", "environmentId"):
                    environment = properties.get(key)
                    if isinstance(environment, str):
                        self._named.setdefault((environment.lower(), row.id.rpartition("/")[2]), row)

    def row(self, site: Site) -> Observed[Row]:
        """The container app of a site: itself, the one managed by it, else the one of its name in its environment."""
        if site.host.native:
            return self._world.containers.find(site.id)  # type: ignore[return-value] # it is one of these rows
        found = self._managed.get(site.id)
        environment = site.properties.read(lambda body: text(body, "managedEnvironmentId").lower())
        if found is None and isinstance(environment, Known):
            found = self._named.get((environment.value, site.parts.app))
        if found is not None:
            return Known(found, found.source)
        gap = self._world.containers.any_gap()
        message = "the container app behind the site was not found"
        return Unknown(gap or site.answers.gap(APPS, GapReason.NOT_COLLECTED, message, site.id))

    def host(self, site: Site) -> Observed[ContainerHost | None]:
        """What the site is hosted on, None where that is App Service itself."""
        if site.host.kind is not HostingKind.CONTAINER_APPS:
            return known(None, site.source)
        row = self.row(site)
        return row if isinstance(row, Unknown) else Known(self._host(site, row.value), row.source)

    def part(self, site: Site) -> Part:
        """The properties of the container app."""
        return inside(site.answers, self.row(site), site.id)

    def _host(self, site: Site, row: Row) -> ContainerHost:
        properties = self.part(site)
        environment = properties.read(_environment)
        ingress = self.ingress(site)
        authentication = self.authentication(site)
        return ContainerHost(
            id=row.id,
            external=ingress.read(lambda body: flag(body, "external") if body else False),  # without ingress, nobody
            allow_insecure=ingress.read(lambda body: optional_flag(body, "allowInsecure")),
            restricted=ingress.read(_restricted),
            public_environment=self._public(environment),
            environment=environment,
            plain_secrets=_OWN_ENVIRONMENT if site.host.native else properties.read(_plain_secrets),
            authentication=authentication.value.required if isinstance(authentication, Known) else authentication,
        )

    def _public(self, named: Observed[str]) -> Observed[bool]:
        if isinstance(named, Unknown):
            return named
        return self._world.index(_ENVIRONMENTS).part(named.value).read(_public_environment)

    def logs(self, site: Site) -> Observed[tuple[DiagnosticSetting, ...]]:
        """Where the environment sends the logs of its container apps, as the diagnostic setting that it amounts to."""
        named = self.part(site).read(_environment)
        if isinstance(named, Unknown):
            return named
        return self._world.index(_ENVIRONMENTS).part(named.value).read(_log_destinations)

    def authentication(self, site: Site) -> Observed[Authentication]:
        """The container app's own authentication; the cloud says "absent" where it never was set up."""
        row = self.row(site)
        if isinstance(row, Unknown):
            return row
        found = site.answers.bodies(_AUTH).one(row.value.id)
        if isinstance(found, Unknown):
            return found
        body = found.value if found.value is not None else {"properties": {}}
        part = Part(site.answers, row.value.id, Known(body, _AUTH)).inner(lambda whole: member(whole, "properties"))
        told = not_offered(SETTINGS, f"{Cloud.AZURE.value} container apps tell this elsewhere")
        return Known(
            Authentication(
                enabled=part.read(enabled_in),
                required=part.read(_required),
                excluded_paths=part.read(
                    lambda properties: optional_texts(optional_member(properties, "globalValidation"), "excludedPaths")
                ),
                any_tenant=told,
                audience_restricted=told,
                redirects=part.read(
                    lambda properties: optional_texts(
                        optional_member(properties, "login"), "allowedExternalRedirectUrls"
                    )
                ),
                legacy=known(False, _AUTH),
                requires_https=self._requires_https(site, part),
            ),
            _AUTH,
        )

    def _requires_https(self, site: Site, settings: Part) -> Observed[bool]:
        """As the settings say; where they do not, the ingress decides."""
        said = settings.read(lambda body: given(optional_member(body, "httpSettings"), "requireHttps"))
        if isinstance(said, Unknown) or said.value:
            return settings.read(lambda body: flag(member(body, "httpSettings"), "requireHttps"))
        return self.ingress(site).read(lambda body: not optional_flag(body, "allowInsecure"))

    def ingress(self, site: Site) -> Part:
        """The ingress of the container app; empty where it has none, and nobody gets in."""
        return self.part(site).inner(lambda body: optional_member(member(body, "configuration"), "ingress"))

    def scale(self, site: Site) -> Part:
        """The scaling rules of the container app."""
        return self.part(site).inner(lambda body: optional_member(member(body, "template"), "scale"))

    def references(self, site: Site) -> Observed[tuple[SecretReference, ...]]:
        """Its secrets that are kept in a key vault. Whether the platform could read them is not told."""
        return self.part(site).read(lambda body: tuple(_references(body)))

    def reference_identity(self, site: Site) -> Observed[str | None]:
        """The identity that reads its secrets in key vaults; None: its system-assigned one."""
        return self.part(site).read(_reading_identity)

    def memory(self, site: Site) -> Observed[int]:
        """Megabytes of a replica's containers together; their sizes are quantities as Kubernetes writes them."""
        return self.part(site).read(lambda body: sum(_megabytes(container) for container in _containers(body)))

    def cpus(self, site: Site) -> Observed[float | None]:
        """Processors of a replica's containers together."""
        return self.part(site).read(lambda body: sum(_processors(container) for container in _containers(body)))

    def image(self, site: Site) -> Observed[str]:
        """The image of its first container."""
        return self.part(site).read(lambda body: text(record(_containers(body)[0], "a container"), "image"))


def _containers(body: dict[str, Any]) -> list[Json]:
    return items(member(body, "template"), "containers") or [None]


def _references(body: dict[str, Any]) -> Iterator[SecretReference]:
    untold = not_offered(APPS, "Container Apps do not tell this of a secret")
    for item in optional_items(member(body, "configuration"), "secretSources"):
        secret = record(item, "a secret")
        match = _IN_VAULT.match(optional_text(secret, "keyVaultUrl") or "")
        if match is not None:
            yield SecretReference(
                setting=text(secret, "name"),
                store=match[1].lower(),
                version=match[2] or None,
                resolved=untold,
                problem="",
                rotates=untold,
            )


def _reading_identity(body: dict[str, Any]) -> str | None:
    """Each secret names its own: ``system``, or the id of a user-assigned one."""
    sources = [record(item, "a secret") for item in optional_items(member(body, "configuration"), "secretSources")]
    named = {(optional_text(each, "identity") or "").lower().rstrip("/") for each in sources}
    if "" in named:
        raise UnreadableError("a secret does not say which identity reads it", GapReason.NOT_COLLECTED)
    if len(named) > 1:
        raise UnreadableError("its secrets are read by several identities", GapReason.NOT_COLLECTED)
    told = "".join(named)
    return told if told.startswith("/") else None


def _megabytes(container: Json) -> int:
    size = text(member(record(container, "a container"), "resources"), "memory")
    number, unit = size.rstrip("GMKi"), size.lstrip("0123456789.")
    if unit not in _UNITS:
        raise unrecognised("memory", size)
    try:
        return round(float(number) * _UNITS[unit])
    except ValueError as error:
        raise UnreadableError(f"memory is no quantity: {size[:32]!r}") from error


def _processors(container: Json) -> float:
    size = member(record(container, "a container"), "resources").get("cpu")
    if isinstance(size, bool) or not isinstance(size, int | float):
        raise UnreadableError("cpu is no number of processors")
    return float(size)


def _restricted(ingress: dict[str, Any]) -> bool:
    """Whether only listed sources are let in; rules that deny a few leave everyone else in."""
    rules = [record(rule, "a restriction") for rule in optional_items(ingress, "ipSecurityRestrictions")]
    allowed = [rule for rule in rules if choice(rule, "action", _ACTIONS)]
    return bool(allowed) and not mostly_everyone(text(rule, "ipAddressRange") for rule in allowed)


def _plain_secrets(body: dict[str, Any]) -> tuple[str, ...]:
    found = []
    for container in _containers(body):
        for variable in optional_items(record(container, "a container"), "env"):
            if not given(variable, "secretRef"):
                judged = judged_value(text(variable, "name"), member(variable, "value"))
                if judged.variable.verdict is SecretVerdict.SECRET:
                    found.append(judged.variable.name)
    return tuple(sorted(set(found)))


def _environment(body: dict[str, Any]) -> str:
    return optional_text(body, "managedEnvironmentId") or text(body, "environmentId")


def _public_environment(body: dict[str, Any]) -> bool:
    return public_network(body) and not optional_flag(optional_member(body, "vnetConfiguration"), "internal")


def _log_destinations(body: dict[str, Any]) -> tuple[DiagnosticSetting, ...]:
    """None where logs are kept nowhere. How long a workspace keeps them is told under its customer id only."""
    configuration = optional_member(body, "appLogsConfiguration")
    destination = (optional_text(configuration, "destination") or "none").lower()
    if destination == "none":
        return ()
    if destination not in ("log-analytics", "azure-monitor"):
        raise unrecognised("destination", destination)
    told = not_offered(_ENVIRONMENTS, "how long they are kept is a setting of where they go")
    return (
        DiagnosticSetting(
            name="appLogsConfiguration", categories=_LOG_CATEGORIES, target=destination, retention_days=told
        ),
    )


def _required(body: dict[str, Any]) -> bool:
    if not enabled_in(body):
        return False
    validation = optional_member(body, "globalValidation")
    action = "unauthenticatedClientAction"
    return choice(validation, action, _TURNED_AWAY) if given(validation, action) else True
