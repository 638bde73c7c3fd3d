"""Who may write to the queues, topics and event hubs that start functions: told of their namespace."""

from typing import Any

from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.azure.normalize.answers import known
from providers.azure.normalize.defaults import switch
from providers.azure.normalize.fields import choice, optional_text
from providers.azure.normalize.handlers import FUNCTIONS
from providers.azure.normalize.resource_index import ResourceIndex, inside
from providers.azure.normalize.settings import AppSettings
from providers.azure.normalize.sites import Site

NAMESPACES = "graph:Namespaces"
MESSAGING = frozenset({"servicebus", "eventhubs"})
"""The services whose namespaces are read."""

_NETWORKS = {"enabled": True, "disabled": False, "securedbyperimeter": False}


class Namespaces:
    """The messaging namespaces of every audited subscription."""

    def __init__(self, world: ResourceIndex) -> None:
        self._world = world

    def open_to(self, site: Site, settings: Observed[AppSettings], connection: str | None) -> Observed[tuple[str, ...]]:
        """Which strangers may write: those with a shared access key, where every network may connect."""
        name = _name(site, settings, connection)
        if isinstance(name, Unknown):
            return name
        found = self._world.index(NAMESPACES).named(name.value)
        properties = inside(site.answers, found, site.id)
        networks = properties.read(_any_network)
        keys = properties.read(lambda body: not switch(body, "disableLocalAuth"))
        for fact in (networks, keys):
            if isinstance(fact, Known) and not fact.value:
                return known((), fact.source)
        for fact in (networks, keys):
            if isinstance(fact, Unknown):
                return fact
        return known(("any client with a shared access key, from any network",), networks.source)


def _any_network(body: dict[str, Any]) -> bool:
    """A namespace of the Basic tier has no such switch: every network may connect."""
    return choice(body, "publicNetworkAccess", _NETWORKS) if optional_text(body, "publicNetworkAccess") else True


def namespace_of(settings: AppSettings, connection: str) -> str | None:
    """The namespace that a connection string names, or the settings of a connection by identity."""
    for candidate in (connection, f"AzureWebJobs{connection}"):
        whole = settings.get(candidate)
        if whole is not None and whole.about.get("namespace"):
            return whole.about["namespace"].partition(".")[0]
        named = settings.get(f"{candidate}__fullyQualifiedNamespace")
        if named is not None and named.variable.value:
            return named.variable.value.partition(".")[0]
    return None


def _name(site: Site, settings: Observed[AppSettings], connection: str | None) -> Observed[str]:
    if isinstance(settings, Unknown):
        return settings
    name = namespace_of(settings.value, connection) if connection else None
    if name is not None:
        return known(name, settings.source)
    message = f"the namespace behind {connection or 'its connection'} could not be told"
    return Unknown(site.answers.gap(FUNCTIONS, GapReason.NOT_COLLECTED, message, site.id))
