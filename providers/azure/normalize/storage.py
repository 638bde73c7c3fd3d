"""What an app keeps elsewhere: the storage account of its host, and the vaults its settings refer to."""

import re
from typing import Any

from auditor.model.capture import Json
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from auditor.model.storage import HostStorage, SecretReference, Storage
from providers.answers.fields import day
from providers.azure.normalize.access import public_network
from providers.azure.normalize.answers import Answers, Part, known
from providers.azure.normalize.containers import Containers
from providers.azure.normalize.defaults import switch
from providers.azure.normalize.fields import (
    UnreadableError,
    choice,
    filled_text,
    flag,
    given,
    items,
    member,
    optional_flag,
    optional_member,
    optional_text,
    text,
    unrecognised,
)
from providers.azure.normalize.ingress import approved
from providers.azure.normalize.resource_index import ResourceIndex, inside
from providers.azure.normalize.settings import AppSettings
from providers.azure.normalize.sites import Site
from providers.azure.normalize.vaults import vaults

REFERENCES = "web:GetKeyVaultReferences"
_CONTAINERS = "storage:ListContainers"
_BLOBS = "storage:GetBlobServices"
_STORAGE = "AzureWebJobsStorage"

_ACCOUNT_URL = re.compile(r"https://([a-z0-9]{3,24})\.(?:blob|queue|table)\.[a-z0-9.-]+(?:[:/].*)?", re.IGNORECASE)
_TLS = {"tls1_0": "1.0", "tls1_1": "1.1", "tls1_2": "1.2", "tls1_3": "1.3"}
_BROKEN = frozenset(
    {
        *("invalidsyntax", "msinotenabled", "vaultnotfound", "secretnotfound", "secretversionnotfound"),
        *("accesstokeyvaultdenied", "otherreasons", "fetchtimedout", "unauthorizedclient"),
    }
)
_NO_COPIES_SINCE = "2023-12-15"
_ELSEWHERE = not_offered("", "Azure has no such setting")


class Storages:
    """The storage and vaults of one subscription's apps."""

    def __init__(self, world: ResourceIndex, answers: Answers, containers: Containers) -> None:
        self._world = world
        self._containers = containers
        self._answers = answers
        self._hosts: dict[str, HostStorage] = {}

    def of(self, site: Site, settings: Observed[AppSettings]) -> Observed[Storage]:
        """What one app keeps elsewhere."""
        references = self._references(site)
        return Known(
            Storage(
                host=self._host(site, settings),
                references=references,
                vaults=vaults(self._world, references, settings),
                reference_identity=self._containers.reference_identity(site)
                if site.host.native
                else site.properties.read(_reference_identity),
                customer_key=_ELSEWHERE,
            ),
            site.source,
        )

    def _host(self, site: Site, settings: Observed[AppSettings]) -> Observed[HostStorage | None]:
        name = account_name(site, settings)
        if isinstance(name, Unknown):
            return name
        if name.value is None:
            return known(None, name.source)
        return Known(self.account(name.value), name.source)

    def account(self, name: str) -> HostStorage:
        """A storage account by its name; one object however many apps use it."""
        found = self._hosts.get(name)
        if found is None:
            found = self._hosts[name] = self._read(name)
        return found

    def _read(self, name: str) -> HostStorage:
        row = self._world.accounts.named(name)
        part = inside(self._world.any, row, name)
        identifier = row.value.id if isinstance(row, Known) else name
        return HostStorage(
            id=identifier,
            open_network=part.read(_open_network),
            private_endpoint=part.read(lambda body: bool(approved(items(body, "privateEndpointConnections")))),
            shared_key=part.read(lambda body: switch(body, "allowSharedKeyAccess")),
            anonymous=self._anonymous(part, row, identifier),
            min_tls=part.read(lambda body: choice(body, "minimumTlsVersion", _TLS) if _tls(body) else "1.0"),
            https_only=part.read(lambda body: switch(body, "supportsHttpsTrafficOnly")),
            keys_created=part.read(_keys_created),
            customer_key=part.read(_customer_key),
            soft_delete=self._soft_delete(row, identifier),
            cross_tenant_copies=part.read(_cross_tenant_copies),
            sas_policy=part.read(lambda body: given(optional_member(body, "sasPolicy"), "sasExpirationPeriod")),
        )

    def _asked_at(self, identifier: str) -> Answers:
        """Whoever's functions use an account asked about it: look in every subscription's answers."""
        for answers in self._world.subscriptions.values():
            if identifier in answers.bodies(_BLOBS) or identifier in answers.bodies(_CONTAINERS):
                return answers
        return self._answers

    def _anonymous(self, part: Part, row: Observed[Any], identifier: str) -> Observed[tuple[str, ...]]:
        if isinstance(row, Unknown):
            return row
        allowed = part.read(lambda body: switch(body, "allowBlobPublicAccess"))
        if isinstance(allowed, Known) and not allowed.value:
            return known((), allowed.source)
        answers = self._asked_at(identifier)
        listing = answers.readable(answers.rows(_CONTAINERS, identifier), _container)
        return listing.complete().map(lambda found: tuple(sorted(name for name in found if name)))

    def _soft_delete(self, row: Observed[Any], identifier: str) -> Observed[bool]:
        if isinstance(row, Unknown):
            return row
        answers = self._asked_at(identifier)
        body = answers.one(_BLOBS, identifier)
        if isinstance(body, Unknown):
            return body
        return answers.fact(_BLOBS, lambda: _recoverable(body.value or {}), identifier)

    def _references(self, site: Site) -> Observed[tuple[SecretReference, ...]]:
        if site.host.native:
            return self._containers.references(site)
        body = self._answers.bodies(REFERENCES).all(site.id)
        pages = self._answers.readable(body, lambda page: tuple(_entries(page)))
        if pages.gap is not None:
            return Unknown(pages.gap)
        return self._answers.fact(
            REFERENCES,
            lambda: tuple(self._reference(site, name, entry) for page in pages.items for name, entry in page),
            site.id,
        )

    def _reference(self, site: Site, name: str | None, body: dict[str, Any]) -> SecretReference:
        secret = optional_text(body, "secretName")
        setting = name or secret or text(body, "reference")
        details = optional_text(body, "details")
        resolved = self._answers.fact(REFERENCES, lambda: _resolved(body), site.id)
        status = optional_text(body, "status") or ""
        broken = isinstance(resolved, Known) and not resolved.value
        return SecretReference(
            setting=setting,
            store=(optional_text(body, "vaultName") or "").lower(),
            version=filled_text(body, "secretVersion"),
            resolved=resolved,
            problem=(details or status) if broken else "",
            rotates=not_offered(REFERENCES, "Azure does not tell here whether a secret rotates"),
        )


def account_name(site: Site, settings: Observed[AppSettings]) -> Observed[str | None]:
    """The name of the host's storage account; Known(None) where the app has none."""
    if isinstance(settings, Known):
        named = _named_account(site, settings.value, settings.source)
        if isinstance(named, Unknown) or named.value is not None:
            return named
    deployed = site.properties.read(_deployed_to)
    if isinstance(deployed, Known) and deployed.value is not None:
        return deployed
    return settings if isinstance(settings, Unknown) else known(None, settings.source)


def _named_account(site: Site, settings: AppSettings, source: str) -> Observed[str | None]:
    whole = settings.get(_STORAGE)
    if whole is not None:
        account = whole.about.get("account")
        if account:
            return Known(account.lower(), source)
        message = "the host's connection string does not show which account it leads to"
        return Unknown(site.answers.gap(source, GapReason.NOT_COLLECTED, message, site.id))
    name = settings.get(f"{_STORAGE}__accountName")
    if name is not None and name.variable.value is not None:
        return Known(name.variable.value.lower(), source)
    for service in ("blob", "queue", "table"):
        address = settings.get(f"{_STORAGE}__{service}ServiceUri")
        if address is not None and address.variable.value is not None:
            return Known(_account_in(address.variable.value), source)
    if settings.below(_STORAGE):
        message = "the account of the host's connection could not be told"
        return Unknown(site.answers.gap(source, GapReason.UNRECOGNISED, message, site.id))
    return known(None, source)


def _deployed_to(body: dict[str, Any]) -> str | None:
    config = optional_member(body, "functionAppConfig")
    if not config:
        return None
    return _account_in(text(member(member(config, "deployment"), "storage"), "value"))


def _account_in(address: str) -> str | None:
    match = _ACCOUNT_URL.fullmatch(address)
    return match[1].lower() if match else None


def _cross_tenant_copies(body: dict[str, Any]) -> bool:
    """Never set: allowed on accounts made before 15 December 2023, not on younger ones."""
    if given(body, "allowCrossTenantReplication"):
        return flag(body, "allowCrossTenantReplication")
    return text(body, "creationTime")[:10] < _NO_COPIES_SINCE


def _tls(body: dict[str, Any]) -> bool:
    return given(body, "minimumTlsVersion")  # never set: the oldest


def _open_network(body: dict[str, Any]) -> bool:
    if not public_network(body):
        return False
    rules = member(body, "networkAcls") if given(body, "networkAcls") else {"defaultAction": "Allow"}
    return choice(rules, "defaultAction", {"allow": True, "deny": False})


def _keys_created(body: dict[str, Any]) -> str | None:
    """The day the older key was made; None where Azure does not remember."""
    times = optional_member(body, "keyCreationTime")
    made = [day(text(times, key), "keyCreationTime") for key in ("key1", "key2") if given(times, key)]
    return min(made, default=None)


def _customer_key(body: dict[str, Any]) -> bool:
    sources = {"microsoft.storage": False, "microsoft.keyvault": True}
    return choice(member(body, "encryption"), "keySource", sources)


def _container(item: Json) -> str | None:
    access = {"none": False, "blob": True, "container": True}
    body = member(item, "properties")
    opened = given(body, "publicAccess") and choice(body, "publicAccess", access)
    return text(item, "name") if opened else None


def _recoverable(body: dict[str, Any]) -> bool:
    properties = member(body, "properties")
    kept = optional_flag(optional_member(properties, "deleteRetentionPolicy"), "enabled")
    return kept or optional_flag(properties, "isVersioningEnabled")


def _entries(page: Json) -> list[tuple[str | None, dict[str, Any]]]:
    """References in either shape of the API: a list, or the statuses by setting."""
    if given(page, "value"):
        return [(optional_text(item, "name"), member(item, "properties")) for item in items(page, "value")]
    statuses = optional_member(member(page, "properties"), "keyToReferenceStatuses")
    return [(name, member(statuses, name)) for name in statuses]


def _resolved(body: dict[str, Any]) -> bool:
    status = text(body, "status")
    if status.lower() == "resolved":
        return True
    if status.lower() in _BROKEN:
        return False
    if status.lower() == "initialized":
        raise UnreadableError("the platform has not fetched the secret yet", GapReason.NOT_COLLECTED)
    raise unrecognised("status", status)


def _reference_identity(body: dict[str, Any]) -> str | None:
    """The identity that resolves references; nothing is written where it was never set."""
    named = (optional_text(body, "keyVaultReferenceIdentity") or "systemassigned").lower().rstrip("/")
    return None if named == "systemassigned" else named
