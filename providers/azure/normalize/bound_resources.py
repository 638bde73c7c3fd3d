"""Which resource a binding means: two storage accounts may each have a queue ``orders``, and those are two queues."""

from dataclasses import replace

from auditor.model.handler import Binding
from auditor.model.observed import Known, Observed
from providers.azure.normalize.event_source_access import namespace_of
from providers.azure.normalize.handlers import Bound
from providers.azure.normalize.settings import AppSettings
from providers.azure.normalize.sites import Site
from providers.azure.normalize.storage import account_name

_CONNECTIONS = {
    "queue": "Storage",
    "blob": "Storage",
    "servicebus": "ServiceBus",
    "eventhub": "EventHub",
    "cosmosdb": "CosmosDB",
}
"""The bindings whose resources are told apart, each with the connection it takes where it names none."""
_STORAGE = frozenset({"queue", "blob"})
_URIS = ("serviceUri", "blobServiceUri", "queueServiceUri")


def placed(
    site: Site, settings: Observed[AppSettings], handlers: Observed[tuple[Bound, ...]]
) -> Observed[tuple[Bound, ...]]:
    """The handlers of an app, each binding with the resource that it means."""
    return handlers.map(lambda found: tuple(_placed(site, settings, bound) for bound in found))


def _placed(site: Site, settings: Observed[AppSettings], bound: Bound) -> Bound:
    told = {
        binding: replace(binding, resource=_resource(site, settings, binding)) for binding in bound.handler.bindings
    }
    trigger = bound.handler.trigger
    handler = replace(bound.handler, bindings=tuple(told.values()), trigger=told.get(trigger) if trigger else None)
    return bound._replace(handler=handler)


def _resource(site: Site, settings: Observed[AppSettings], binding: Binding) -> str | None:
    """The kind, whose it is and its name: ``queue:fhwshop/orders``; of a blob, its container. None: it is not told."""
    kind, _, name = (binding.resource or "").partition(":")
    if kind not in _CONNECTIONS or not name or "{" in name:
        return None
    connection = binding.connection or _CONNECTIONS[kind]
    holder = _holder(site, settings, kind, connection)
    return f"{kind}:{holder}/{name}" if holder else None


def _holder(site: Site, settings: Observed[AppSettings], kind: str, connection: str) -> str | None:
    """The storage account, namespace or database account behind a connection; None: it is not told."""
    if kind in _STORAGE and connection.lower() in ("storage", "azurewebjobsstorage"):
        host = account_name(site, settings)
        return host.value if isinstance(host, Known) else None
    if not isinstance(settings, Known):
        return None
    if kind in _STORAGE:
        return account_behind(settings.value, connection)
    if kind == "cosmosdb":
        return _host_in(settings.value, connection, ("accountEndpoint",))
    return namespace_of(settings.value, connection)


def account_behind(settings: AppSettings, connection: str) -> str | None:
    """The storage account that a connection string names, or the settings of a connection by identity."""
    for candidate in (connection, f"AzureWebJobs{connection}"):
        whole = settings.get(candidate)
        if whole is not None and whole.about.get("account"):
            return whole.about["account"].lower()
        named = settings.get(f"{candidate}__accountName")
        if named is not None and named.variable.value is not None:
            return named.variable.value.lower()
    return _host_in(settings, connection, _URIS)


def _host_in(settings: AppSettings, connection: str, names: tuple[str, ...]) -> str | None:
    """The first label of the host that one of the settings of a connection gives the address of."""
    for candidate in (connection, f"AzureWebJobs{connection}"):
        for name in names:
            found = settings.get(f"{candidate}__{name}")
            if found is not None and found.variable.value:
                return found.variable.value.partition("://")[2].partition("/")[0].partition(".")[0].lower() or None
    return None
