"""The gateways in front of an app: front doors, application gateways and API gateways, as far as their rows name it.

A classic front door and an application gateway name their backends. A front door profile does not: it is known to
stand before an app only by the id that the app's access restrictions insist on; before one that is closed without
naming it, it does not stand, unless it comes in by a private link, which is not seen. The app names its API gateway.
"""

from typing import Any, NamedTuple

from auditor.model.ingress import FrontEnd, IngressScope
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, not_offered
from providers.azure.normalize.access import header_values, rules_of
from providers.azure.normalize.answers import Part, known
from providers.azure.normalize.container_rows import ingress_names
from providers.azure.normalize.fields import (
    given,
    items,
    member,
    optional_flag,
    optional_items,
    optional_member,
    optional_text,
    string,
    text,
)
from providers.azure.normalize.resource_index import ResourceIndex, Row
from providers.azure.normalize.sites import Site

_LISTED = "graph:FrontEnds"
_PROFILE = "front-door"
FDID = "x-azure-fdid"
"""The header in which a front door names itself: the only thing that tells it from a stranger's."""


class _Front(NamedTuple):
    row: Row
    kind: str
    part: Part
    hosts: Observed[frozenset[str]]


class FrontEnds:
    """The front ends of every audited subscription."""

    def __init__(self, world: ResourceIndex) -> None:
        self._answers = world.any
        index = world.index(_LISTED)
        self._gap: Gap | None = index.any_gap()
        self._fronts = [self._front(row) for row in index]

    def _front(self, row: Row) -> _Front:
        whole = Part(self._answers, row.id, Known(row.body, row.source))
        part = whole.inner(lambda body: member(body, "properties"))
        kind, read = _kind(row.id)
        return _Front(row, kind, part, part.read(read) if read else known(frozenset(), row.source))

    def of(self, site: Site, scope: Observed[IngressScope]) -> Observed[tuple[FrontEnd, ...]]:
        """The front ends of an app; unknown where one may stand before it and does not say before what."""
        names = (
            site.row.read(lambda row: frozenset(ingress_names(row)))
            if site.host.native
            else site.properties.read(_names)
        )
        if isinstance(names, Unknown):
            return names
        doors = site.config.read(lambda body: header_values(body, FDID))
        gateway = site.config.read(lambda body: optional_text(optional_member(body, "apiManagementConfig"), "id"))
        found: list[FrontEnd] = []
        gap = self._gap
        for front in self._fronts:
            stands = _stands(front, names.value, doors, gateway)
            if isinstance(stands, Unknown):
                closed = isinstance(scope, Known) and scope.value is not IngressScope.ALL
                gap = gap or (None if front.kind == _PROFILE and closed else stands.gap)
            elif stands.value:
                found.append(self._described(front, site, scope))
        return Known(tuple(found), _LISTED) if found or gap is None else Unknown(gap)

    def _described(self, front: _Front, site: Site, scope: Observed[IngressScope]) -> FrontEnd:
        reads = {"front-door-classic": _classic_firewall, "application-gateway": _gateway_firewall}
        firewall: Observed[bool]
        if front.kind in reads:
            firewall = front.part.read(reads[front.kind])
        elif front.kind == "api-gateway":
            firewall = known(False, _LISTED)
        else:
            firewall = front.part.unknown(GapReason.NOT_COLLECTED, "its security policies are not read")
        exclusive = site.config.read(rules_of).map(lambda rules: not rules.open)
        if front.kind.startswith("front-door"):
            exclusive = site.config.read(_insists)
        if isinstance(scope, Known) and scope.value is IngressScope.INTERNAL:
            exclusive = known(True, scope.source)
        asks: Observed[bool] = not_offered(_LISTED, "it does not sign callers in")
        if front.kind == "api-gateway":
            asks = front.part.unknown(GapReason.NOT_COLLECTED, "the policies of an API gateway are not read")
        return FrontEnd(id=front.row.id, kind=front.kind, firewall=firewall, exclusive=exclusive, asks_identity=asks)


def _kind(identifier: str) -> tuple[str, Any]:
    if "/microsoft.network/frontdoors/" in identifier:
        return "front-door-classic", _classic_hosts
    if "/microsoft.network/applicationgateways/" in identifier:
        return "application-gateway", _gateway_hosts
    if "/microsoft.apimanagement/" in identifier:
        return "api-gateway", None
    return _PROFILE, None


def _stands(
    front: _Front, names: frozenset[str], doors: Observed[frozenset[str]], gateway: Observed[str | None]
) -> Observed[bool]:
    """Whether a front end stands before the app of these names."""
    if front.kind == "api-gateway":
        return gateway.map(lambda api: (api or "").lower().startswith(f"{front.row.id}/"))
    insisted = _insisted(front, doors)
    if isinstance(insisted, Known) and insisted.value:
        return insisted
    if front.kind == _PROFILE:
        message = "a front door profile does not name its origins here"
        return front.part.unknown(GapReason.NOT_COLLECTED, message)
    return front.hosts.map(lambda hosts: bool(hosts & names))


def _insisted(front: _Front, doors: Observed[frozenset[str]]) -> Observed[bool]:
    identifier = front.part.read(_door_id)
    if isinstance(identifier, Unknown):
        return identifier
    return doors.map(lambda asked: bool(identifier.value) and identifier.value in asked)


def _door_id(body: dict[str, Any]) -> str:
    """The id a front door writes into its requests; classic ones spell the member another way."""
    return (optional_text(body, "frontDoorId") or optional_text(body, "frontdoorId") or "").lower()


def _insists(config: dict[str, Any]) -> bool:
    """Whether the app admits only front doors whose id it asks for: closed to the internet, every tag with an id."""
    rules = rules_of(config)
    tagged = [rule for rule in rules.rules if rule.allow and rule.service_tag]
    return not rules.open and all(FDID in rule.headers for rule in tagged)


def _names(body: dict[str, Any]) -> frozenset[str]:
    return frozenset(
        {text(body, "defaultHostName").lower(), *(string(n, "a name").lower() for n in items(body, "hostNames"))}
    )


def _classic_hosts(body: dict[str, Any]) -> frozenset[str]:
    pools = [optional_member(pool, "properties") for pool in items(body, "backendPools")]
    return frozenset(text(backend, "address").lower() for pool in pools for backend in optional_items(pool, "backends"))


def _classic_firewall(body: dict[str, Any]) -> bool:
    fronts = [optional_member(front, "properties") for front in items(body, "frontendEndpoints")]
    return bool(fronts) and all(given(front, "webApplicationFirewallPolicyLink") for front in fronts)


def _gateway_hosts(body: dict[str, Any]) -> frozenset[str]:
    pools = [optional_member(pool, "properties") for pool in items(body, "backendAddressPools")]
    addresses = [address for pool in pools for address in optional_items(pool, "backendAddresses")]
    named = [optional_text(address, "fqdn") or optional_text(address, "ipAddress") for address in addresses]
    return frozenset(name.lower() for name in named if name)


def _gateway_firewall(body: dict[str, Any]) -> bool:
    configured = optional_flag(optional_member(body, "webApplicationFirewallConfiguration"), "enabled")
    return configured or given(body, "firewallPolicy")
