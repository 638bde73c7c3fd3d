"""How the host of an app signs in at the storage accounts of its state, its content and its package."""

from typing import Any

from auditor.model.deployment import StorageAuthentication
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known, Observed, Unknown, not_offered
from auditor.model.trigger import TriggerAuthentication
from providers.azure.normalize.answers import known
from providers.azure.normalize.fields import member, optional_text, text, unrecognised
from providers.azure.normalize.settings import AppSettings, sign_in
from providers.azure.normalize.sites import Site

_AUTHENTICATION = {
    TriggerAuthentication.KEY: StorageAuthentication.KEY,
    TriggerAuthentication.IDENTITY: StorageAuthentication.IDENTITY,
    TriggerAuthentication.REFERENCE: StorageAuthentication.REFERENCE,
}
_AUTHENTICATIONS = {
    "storageaccountconnectionstring": StorageAuthentication.KEY,
    "systemassignedidentity": StorageAuthentication.IDENTITY,
    "userassignedidentity": StorageAuthentication.IDENTITY,
}


def host_storage(site: Site, settings: Observed[AppSettings]) -> Observed[StorageAuthentication]:
    """At the account it keeps its state in."""
    if isinstance(settings, Unknown):
        return settings
    authentication = site.answers.fact(settings.source, lambda: sign_in(settings.value, "AzureWebJobsStorage"), site.id)
    if isinstance(authentication, Known) and authentication.value is None:
        return not_offered(settings.source, "no host storage is configured")
    return authentication.map(lambda found: _AUTHENTICATION[found])  # type: ignore[index]


def content_storage(site: Site, settings: Observed[AppSettings]) -> Observed[StorageAuthentication | None]:
    """At the account its code's share is in; Known(None) where it has none."""
    if isinstance(settings, Unknown):
        return settings
    name = "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING"
    authentication = site.answers.fact(settings.source, lambda: sign_in(settings.value, name), site.id)
    return authentication.map(lambda found: _AUTHENTICATION[found] if found is not None else None)


def deployment_storage(site: Site, settings: Observed[AppSettings]) -> Observed[StorageAuthentication]:
    """Flex Consumption names it; a connection string may yet be a reference to a vault, if settings tell."""
    if (unclear := site.host.unclear(site.row)) is not None:
        return unclear
    if site.host.kind is not HostingKind.FLEX_CONSUMPTION:
        return site.host.lacks(site.source, "names no deployment storage")
    authentication = site.properties.read(lambda body: _authentication(body)[0])
    named = site.properties.read(lambda body: _authentication(body)[1])
    by_key = isinstance(authentication, Known) and authentication.value is StorageAuthentication.KEY
    if by_key and isinstance(named, Known) and named.value and isinstance(settings, Known):
        setting = settings.value.get(named.value)
        if setting is not None and setting.referred:
            return known(StorageAuthentication.REFERENCE, settings.source)
    return authentication


def _authentication(body: dict[str, Any]) -> tuple[StorageAuthentication, str | None]:
    storage = member(member(member(body, "functionAppConfig"), "deployment"), "storage")
    authentication = member(storage, "authentication")
    kind = text(authentication, "type")
    if kind.lower() not in _AUTHENTICATIONS:
        raise unrecognised("authentication.type", kind)
    return _AUTHENTICATIONS[kind.lower()], optional_text(authentication, "storageAccountConnectionStringName")
