"""Which networks reach an app: the public switch, access restrictions, private endpoints; and its own way out."""

from collections.abc import Callable
from typing import Any

from auditor.model.capture import Json
from auditor.model.hosting import ContainerHost, HostingKind
from auditor.model.ingress import AccessRule, AccessRules, Egress, Ingress, IngressScope
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from providers.azure.normalize.access import management_rules_of, public_network, rules_of
from providers.azure.normalize.answers import known
from providers.azure.normalize.defaults import switch
from providers.azure.normalize.environments import Environments, Inside
from providers.azure.normalize.fields import (
    filled_text,
    flag,
    given,
    items,
    member,
    optional_member,
    optional_text,
    text,
    unrecognised,
)
from providers.azure.normalize.front_ends import FDID, FrontEnds
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.normalize.sites import Site, configured_switch

_NETWORKS = "graph:VirtualNetworks"
_ENDPOINTS = "web:ListPrivateEndpoints"

_ELSEWHERE = not_offered("", "Azure has no such setting")


class Ingresses:
    """The ways in and out of apps."""

    def __init__(self, world: ResourceIndex, fronts: FrontEnds) -> None:
        self._world = world
        self._fronts = fronts
        self._environments = Environments(world)

    def of(self, site: Site, container: Observed[ContainerHost | None]) -> Observed[Ingress]:
        """The ways in and out of one app."""
        if isinstance(site.properties.body, Unknown):
            return site.properties.body
        public = self._public_network(site)
        rules = self._rules(site, "has access restrictions of its container app only", rules_of)
        inside = self._environments.inside(site)
        if site.host.app_service:
            scope = _in_environment(inside.map(lambda kept: kept.app), _scope(public, rules))
        else:
            scope = _container_scope(site, public, container)
        return Known(
            Ingress(
                scope=scope,
                public_network=public,
                rules=rules,
                management_rules=self._management_rules(site, inside),
                private_endpoints=self._private_endpoints(site),
                default_address=_ELSEWHERE,
                recorded=_ELSEWHERE,
                front_ends=self._fronts.of(site, scope),
                perimeter=site.properties.read(_perimeter),
                egress=self._egress(site),
            ),
            site.source,
        )

    def _rules(self, site: Site, lacks: str, read: Any) -> Observed[AccessRules]:
        if not site.host.app_service:
            return site.host.lacks(site.source, lacks)
        rules: Observed[AccessRules] = site.config.read(read)
        return rules

    def _management_rules(self, site: Site, inside: Observed[Inside]) -> Observed[AccessRules]:
        """Those of its list; where the environment keeps the management site inside, nobody outside passes."""
        rules = self._rules(site, "has no management site", management_rules_of)
        if not site.host.app_service or (isinstance(rules, Known) and not rules.value.open):
            return rules
        if isinstance(inside, Unknown):
            return inside
        return known(AccessRules(rules=(), default_allow=False), inside.source) if inside.value.management else rules

    def _public_network(self, site: Site) -> Observed[bool]:
        """The switch of the site, else that of its configuration.

        One that was never set stands open until the first private endpoint is approved, and closed from then on (App
        Service, "App access").
        """
        own = site.properties.read(lambda body: filled_text(body, "publicNetworkAccess"))
        if isinstance(own, Unknown) or own.value is not None:
            return site.properties.read(public_network)
        repeated = site.config.read(lambda body: filled_text(body, "publicNetworkAccess"))
        if isinstance(repeated, Known) and repeated.value is not None:
            return site.config.read(public_network)
        if not site.host.app_service or site.host.kind is HostingKind.CONSUMPTION:  # without private endpoints
            return known(True, site.source)
        endpoints = self._private_endpoints(site)
        return endpoints.map(lambda approved_ones: not approved_ones)

    def _private_endpoints(self, site: Site) -> Observed[tuple[str, ...]]:
        if site.host.native:
            return site.host.lacks(site.source, "has private endpoints for a whole environment")
        asked = site.answers.rows(_ENDPOINTS, site.id)
        listed = site.properties.read(lambda body: tuple(items(body, "privateEndpointConnections")))
        if isinstance(listed, Known):
            return site.properties.read(lambda body: approved(body["privateEndpointConnections"]))
        if asked.items or asked.gap is None:
            complete = asked.complete()
            if isinstance(complete, Unknown):
                return complete
            return site.answers.fact(_ENDPOINTS, lambda: approved(list(complete.value)), site.id)
        gap = asked.gap
        return listed if gap.reason is GapReason.NOT_COLLECTED else Unknown(gap)

    def _egress(self, site: Site) -> Egress:
        network = site.properties.read(lambda body: _lowered(filled_text(body, "virtualNetworkSubnetId")))
        if site.host.kind is HostingKind.CONSUMPTION:
            network = site.host.lacks(site.source, "cannot join a network")
        elif not site.host.app_service:
            network = site.host.lacks(site.source, "joins networks through its environment")
        if isinstance(network, Known) and network.value is not None:
            subnet = network.value
            all_traffic = site.properties.read(_routes_all)
            if isinstance(all_traffic, Unknown):
                all_traffic = configured_switch(site, "vnetRouteAllEnabled")
            platform = site.properties.read(_routes_platform)
            firewall = self._firewall(subnet)
        else:
            nothing = not_offered(site.source, "it is not in a virtual network")
            all_traffic = platform = firewall = network if isinstance(network, Unknown) else nothing
        return Egress(
            network=network,
            default_network=_ELSEWHERE,
            all_traffic=all_traffic,
            platform_traffic=platform,
            firewall=firewall,
            connector=known(None, site.source),
            connector_state=known(None, site.source),
        )

    def _firewall(self, subnet: str) -> Observed[bool]:
        part = self._world.index(_NETWORKS).part(subnet.partition("/subnets/")[0])
        return part.read(lambda body: _guarded(body, subnet))


def _perimeter(body: dict[str, Any]) -> bool:
    return (optional_text(body, "publicNetworkAccess") or "").lower() == "securedbyperimeter"


def _in_environment(inside: Observed[bool], scope: Observed[IngressScope]) -> Observed[IngressScope]:
    """What an internal environment makes of it: nobody outside its network gets in, whatever the app itself says."""
    if isinstance(scope, Known) and scope.value is IngressScope.INTERNAL:
        return scope
    if isinstance(inside, Unknown):
        return inside
    return known(IngressScope.INTERNAL, inside.source) if inside.value else scope


def _scope(public: Observed[bool], rules: Observed[AccessRules]) -> Observed[IngressScope]:
    """One known closure decides; open needs both to be known."""
    if isinstance(public, Known) and not public.value:
        return known(IngressScope.INTERNAL, public.source)
    if isinstance(rules, Unknown):
        return rules
    if not rules.value.open and not any(_anybodys(rule) for rule in rules.value.rules):
        balanced = any(rule.allow and rule.service_tag for rule in rules.value.rules)
        return known(IngressScope.INTERNAL_AND_BALANCER if balanced else IngressScope.INTERNAL, rules.source)
    return public if isinstance(public, Unknown) else known(IngressScope.ALL, rules.source)


def _anybodys(rule: AccessRule) -> bool:
    """Whether a rule admits a service that anybody may rent: a front door of whatever owner, any machine in Azure."""
    source = rule.source.lower()
    if not (rule.allow and rule.service_tag):
        return False
    if source == "anyvnets":
        return not rule.headers
    return source.startswith("azurecloud") or (source == "azurefrontdoor.backend" and FDID not in rule.headers)


def _container_scope(
    site: Site, public: Observed[bool], container: Observed[ContainerHost | None]
) -> Observed[IngressScope]:
    if isinstance(public, Known) and not public.value:
        return known(IngressScope.INTERNAL, public.source)
    if isinstance(container, Unknown):
        return container
    if container.value is None:
        return site.row.unknown(GapReason.NOT_COLLECTED, "the gateways in front of its cluster are not read")
    host = container.value
    for fact, closing in ((host.external, False), (host.public_environment, False), (host.restricted, True)):
        if isinstance(fact, Known) and fact.value is closing:
            return known(IngressScope.INTERNAL, fact.source)
    for fact in (public, host.external, host.public_environment, host.restricted):
        if isinstance(fact, Unknown):
            return fact
    return known(IngressScope.ALL, host.external.source)


def approved(connections: list[Json]) -> tuple[str, ...]:
    """The private endpoints whose connection is approved."""
    found = []
    for item in connections:
        body = member(item, "properties")
        state = text(member(body, "privateLinkServiceConnectionState"), "status")
        if state.lower() == "approved":
            endpoint = optional_text(optional_member(body, "privateEndpoint"), "id")
            found.append((endpoint or text(item, "id")).lower())
    return tuple(sorted(found))


def _lowered(name: str | None) -> str | None:
    return name.lower() if name is not None else None


def _routing(body: dict[str, Any], key: str, older: str, read: Callable[[dict[str, Any], str], bool] = switch) -> bool:
    routing = optional_member(body, "outboundVnetRouting")
    if given(routing, "allTraffic") and flag(routing, "allTraffic"):
        return True
    return flag(routing, key) if given(routing, key) else read(body, older)


def _routes_all(body: dict[str, Any]) -> bool:
    """As the site says; older ones leave it to their configuration."""
    return _routing(body, "applicationTraffic", "vnetRouteAllEnabled", flag)


def _routes_platform(body: dict[str, Any]) -> bool:
    return all(
        [
            _routing(body, "imagePullTraffic", "vnetImagePullEnabled"),
            _routing(body, "contentShareTraffic", "vnetContentShareEnabled"),
            _routing(body, "backupRestoreTraffic", "vnetBackupRestoreEnabled"),
        ]
    )


def _guarded(network: dict[str, Any], subnet: str) -> bool:
    for item in items(network, "subnets"):
        if text(item, "id").lower() == subnet:
            return given(optional_member(member(item, "properties"), "networkSecurityGroup"), "id")
    raise unrecognised("subnets", subnet)
