"""A function's way out: through a connector or straight into a network, and where it leads."""

from dataclasses import dataclass
from typing import Any, Final

from auditor.model.ingress import Egress
from auditor.model.network import Network, Subnet
from auditor.model.observed import GapReason, Observed, Unknown, not_offered
from providers.gcp.normalize.answers import Told, known, of
from providers.gcp.normalize.assets import CONNECTOR
from providers.gcp.normalize.collections import Collection
from providers.gcp.normalize.fields import (
    Enumeration,
    UnreadableError,
    member,
    optional_items,
    optional_text,
    record,
    text,
)
from providers.gcp.normalize.function_list import LISTED, Entry
from providers.gcp.normalize.names import last
from providers.gcp.normalize.project_index import ProjectIndex

_LIST: Final = "vpcaccess:ListConnectors"

_CONNECTOR_EGRESS: Final[Enumeration[bool]] = Enumeration(PRIVATE_RANGES_ONLY=False, ALL_TRAFFIC=True)
_DIRECT_EGRESS: Final[Enumeration[bool]] = Enumeration(
    VPC_EGRESS_PRIVATE_RANGES_ONLY=False, VPC_EGRESS_ALL_TRAFFIC=True
)
_RUN_EGRESS: Final[Enumeration[bool]] = Enumeration(ALL_TRAFFIC=True, PRIVATE_RANGES_ONLY=False)
_CONNECTOR_STATES: Final[Enumeration[str]] = Enumeration(
    READY="ready", CREATING="creating", DELETING="deleting", ERROR="error", UPDATING="updating"
)
_DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Way:
    """The way out as configured: a connector, or a network and subnetwork; neither where there is none."""

    connector: str | None
    network: str | None
    subnetwork: str | None
    all_traffic: bool


class Networks:
    """The ways out of one project's functions."""

    def __init__(self, estate: ProjectIndex, project: str) -> None:
        own = estate.projects[project]
        self._estate = estate
        self._answers = own.answers
        self._connectors = {
            name: Collection(found.answers, found.assets, estate.ids, kind=CONNECTOR, operation=_LIST, key="connectors")
            for name, found in estate.projects.items()
        }

    def egress(self, entry: Entry) -> Egress:
        """The way out of a function."""
        way = self._way(entry)
        if isinstance(way, Unknown):
            return Egress(network=way, default_network=way, all_traffic=way, connector_state=way, connector=way)
        source, found = way.source, way.value
        none = not_offered(source, "the function has no way into a private network")
        if found.connector is None and found.network is None and found.subnetwork is None:
            gone = known(None, source)
            return Egress(network=gone, default_network=none, all_traffic=none, connector_state=gone, connector=gone)
        if found.connector is None:
            shown = found.network or found.subnetwork or ""
            # a subnetwork alone bears its network's name unless it was given another; only the default is told apart
            return Egress(
                network=known(shown, source),
                default_network=known(last(shown) == _DEFAULT, source),
                all_traffic=known(found.all_traffic, source),
                connector_state=known(None, source),
                connector=known(None, source),
            )
        named = found.connector
        if not named.startswith("projects/"):  # a name alone is one of the function's project and region
            named = f"projects/{entry.name.project}/locations/{entry.name.location}/connectors/{named}"
        return self._through(named, found.all_traffic, source)

    def _through(self, name: str, all_traffic: bool, source: str) -> Egress:
        name = self._estate.canonical(name)
        told = self._connector(name)
        traffic, itself = known(all_traffic, source), known(name, source)
        if isinstance(told, Unknown):
            return Egress(
                network=told, default_network=told, all_traffic=traffic, connector_state=told, connector=itself
            )
        if told.value is None:
            gap = self._answers.gap(told.source, GapReason.NOT_FOUND, "the connector does not exist", name)
            return Egress(
                network=itself,
                default_network=Unknown(gap),
                all_traffic=traffic,
                connector_state=known("missing", told.source),
                connector=itself,
            )
        connector = told.value
        network = connector.fact(_network)
        return Egress(
            network=network,
            default_network=network.map(lambda found: last(found) == _DEFAULT),
            all_traffic=traffic,
            connector_state=connector.fact(lambda body: _CONNECTOR_STATES.read(body, "state")),
            connector=itself,
        )

    def _connector(self, name: str) -> Observed[Told | None]:
        connectors = self._connectors.get(name.split("/")[1])
        if connectors is not None:
            return connectors.get(name)
        message = "connectors of projects that are not audited are not looked for"
        return Unknown(self._answers.gap(_LIST, GapReason.NOT_COLLECTED, message, name))

    def _way(self, entry: Entry) -> Observed[Way]:
        if entry.record is None:
            return of(entry.service, service_way)
        return entry.record.fact(recorded_way)

    def network(self, entry: Entry) -> Observed[Network | None]:
        """The same as the network a function sits in; Known(None) where it sits in none."""
        way = self._way(entry)
        if isinstance(way, Unknown):
            return way
        egress = self.egress(entry)
        if isinstance(egress.network, Unknown):
            return egress.network
        if egress.network.value is None:
            return known(None, way.source)
        untold = Unknown(self._answers.gap(LISTED, GapReason.NOT_COLLECTED, "subnetworks are not described"))
        unread = not_offered(LISTED, "Google Cloud's firewall rules belong to networks, not to functions")
        subnet = way.value.subnetwork
        subnets = (
            (Subnet(id=subnet, exists=untold, zone=unread, free_addresses=untold, public=unread),) if subnet else ()
        )
        network = Network(
            id=egress.network.value,
            subnets=subnets,
            security_groups=(),
            dual_stack=False,
            flow_logs=untold,
            endpoints=untold,
            source=way.source,
        )
        return known(network, way.source)


def _network(body: dict[str, Any]) -> str:
    if "network" in body:
        return text(body, "network")
    subnet = member(body, "subnet")
    name = optional_text(subnet, "name")
    if not name:
        raise UnreadableError("network is missing")
    return name


def recorded_way(body: dict[str, Any]) -> Way:
    """The way out as the functions API records it."""
    config = member(body, "serviceConfig")
    connector = optional_text(config, "vpcConnector") or None
    if connector is not None:
        return Way(connector, None, None, _CONNECTOR_EGRESS.read(config, "vpcConnectorEgressSettings", lambda: False))
    network, subnetwork = _interface(config, "directVpcNetworkInterface")
    if network is None and subnetwork is None:
        return Way(None, None, None, all_traffic=False)
    return Way(None, network, subnetwork, _DIRECT_EGRESS.read(config, "directVpcEgress", lambda: False))


def service_way(body: dict[str, Any]) -> Way:
    """The way out as the Cloud Run service has it."""
    access = member(body["template"], "vpcAccess") if "vpcAccess" in member(body, "template") else {}
    connector = optional_text(access, "connector") or None
    network, subnetwork = _interface(access, "networkInterfaces")
    if connector is None and network is None and subnetwork is None:
        return Way(None, None, None, all_traffic=False)
    traffic = _RUN_EGRESS.read(access, "egress", lambda: False)
    return Way(connector, None if connector else network, None if connector else subnetwork, traffic)


def _interface(body: dict[str, Any], key: str) -> tuple[str | None, str | None]:
    """The one network interface a function may have; a list, which some answers make a single object."""
    given = body.get(key, [])
    found = [record(item) for item in ([given] if isinstance(given, dict) else optional_items(body, key))]
    if not found:
        return None, None
    network, subnetwork = optional_text(found[0], "network"), optional_text(found[0], "subnetwork")
    if not network and not subnetwork:
        raise UnreadableError(f"{key} names no network")
    return network or None, subnetwork or None
