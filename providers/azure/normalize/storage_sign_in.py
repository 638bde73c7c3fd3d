"""How the host of an app signs in at the storage accounts of its state, its content and its package."""

from typing import Any

from auditor.model.deployment import StorageLogin
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known, Observed, Unknown, not_offered
from auditor.model.trigger import TriggerLogin
from providers.azure.normalize.answers import known
from providers.azure.normalize.fields import member, optional_text, text, unrecognised
from providers.azure.normalize.settings import AppSettings, sign_in
from providers.azure.normalize.sites import Site

_LOGINS = {
    TriggerLogin.KEY: StorageLogin.KEY,
    TriggerLogin.IDENTITY: StorageLogin.IDENTITY,
    TriggerLogin.REFERENCE: StorageLogin.REFERENCE,
}
_AUTHENTICATIONS = {
    "storageaccountconnectionstring": StorageLogin.KEY,
    "systemassignedidentity": StorageLogin.IDENTITY,
    "userassignedidentity": StorageLogin.IDENTITY,
}


def host_storage(site: Site, settings: Observed[AppSettings]) -> Observed[StorageLogin]:
    """At the account it keeps its state in."""
    if isinstance(settings, Unknown):
        return settings
    login = site.answers.fact(settings.source, lambda: sign_in(settings.value, "AzureWebJobsStorage"), site.id)
    if isinstance(login, Known) and login.value is None:
        return not_offered(settings.source, "no host storage is configured")
    return login.map(lambda found: _LOGINS[found])  # type: ignore[index]


def content_storage(site: Site, settings: Observed[AppSettings]) -> Observed[StorageLogin | None]:
    """At the account its code's share is in; Known(None) where it has none."""
    if isinstance(settings, Unknown):
        return settings
    name = "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING"
    login = site.answers.fact(settings.source, lambda: sign_in(settings.value, name), site.id)
    return login.map(lambda found: _LOGINS[found] if found is not None else None)


def deployment_storage(site: Site, settings: Observed[AppSettings]) -> Observed[StorageLogin]:
    """Flex Consumption names it; a connection string may yet be a reference to a vault, if settings tell."""
    if (unclear := site.host.unclear(site.row)) is not None:
        return unclear
    if site.host.kind is not HostingKind.FLEX_CONSUMPTION:
        return site.host.lacks(site.source, "names no deployment storage")
    login = site.properties.read(lambda body: _authentication(body)[0])
    named = site.properties.read(lambda body: _authentication(body)[1])
    by_key = isinstance(login, Known) and login.value is StorageLogin.KEY
    if by_key and isinstance(named, Known) and named.value and isinstance(settings, Known):
        setting = settings.value.get(named.value)
        if setting is not None and setting.referred:
            return known(StorageLogin.REFERENCE, settings.source)
    return login


def _authentication(body: dict[str, Any]) -> tuple[StorageLogin, str | None]:
    storage = member(member(member(body, "functionAppConfig"), "deployment"), "storage")
    authentication = member(storage, "authentication")
    kind = text(authentication, "type")
    if kind.lower() not in _AUTHENTICATIONS:
        raise unrecognised("authentication.type", kind)
    return _AUTHENTICATIONS[kind.lower()], optional_text(authentication, "storageAccountConnectionStringName")
