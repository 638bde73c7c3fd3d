"""Which networks can reach a function, before anybody asks who is calling; and where its own traffic goes."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.observed import UNFILLED, Observed


class IngressScope(StrEnum):
    """Which traffic is let in."""

    ALL = "all"
    INTERNAL_AND_BALANCER = "internal-and-load-balancer"
    INTERNAL = "internal"
    NONE = "none"


@noun
class AccessRule:
    """One rule of an access-restriction list, in order. ``source`` a CIDR, a subnet id or a service tag.

    ``any_source``: it matches the whole internet. ``headers``: it also asks for header values (a front door's id).
    """

    name: str
    allow: bool
    source: str
    any_source: bool
    service_tag: bool
    headers: tuple[str, ...]


@noun
class AccessRules:
    """A list of rules; ``default_allow`` is what happens where none matches. No rule at all: everyone may."""

    rules: tuple[AccessRule, ...]
    default_allow: bool

    @property
    def open(self) -> bool:
        """Whether the whole internet passes."""
        for rule in self.rules:
            if rule.any_source and not rule.headers:
                return rule.allow
        return self.default_allow


@noun
class FrontEnd:
    """A gateway, front door or load balancer in front. ``firewall``: a web application firewall guards it.

    ``exclusive``: the function admits only what comes through it. ``asks_identity`` where the front end is to
    authenticate callers (an API gateway).
    """

    id: str
    kind: str
    firewall: Observed[bool]
    exclusive: Observed[bool]
    asks_identity: Observed[bool] = UNFILLED


@noun
class Egress:
    """The function's way out through a private network.

    ``network`` Known(None): none. ``default_network``: it is the project's default network. ``all_traffic``: not
    only private ranges go through it. ``platform_traffic``: image pulls, content and backups go through it too.
    ``firewall``: the subnet has a network security group. ``connector_state`` "ready", or what the cloud says
    (Known(None): no connector). ``connector`` its id. Where it does not exist it stands for the network as well.
    """

    network: Observed[str | None] = UNFILLED
    default_network: Observed[bool] = UNFILLED
    all_traffic: Observed[bool] = UNFILLED
    platform_traffic: Observed[bool] = UNFILLED
    firewall: Observed[bool] = UNFILLED
    connector_state: Observed[str | None] = UNFILLED
    connector: Observed[str | None] = UNFILLED


@noun
class Ingress:
    """``scope`` joins the cloud's switches: ALL where the internet may knock (whoever then answers).

    ``rules`` and ``management_rules`` are the access restrictions of the function and of its management site.
    ``private_endpoints`` are the approved ones. ``default_address``: the cloud's own URL answers beside a load
    balancer. ``recorded`` is the ingress the functions API reports where the service behind it says otherwise
    (Known(None): they agree). ``front_ends``: what stands in front. ``perimeter``: a service perimeter guards it.
    """

    scope: Observed[IngressScope] = UNFILLED
    public_network: Observed[bool] = UNFILLED
    rules: Observed[AccessRules] = UNFILLED
    management_rules: Observed[AccessRules] = UNFILLED
    private_endpoints: Observed[tuple[str, ...]] = UNFILLED
    default_address: Observed[bool] = UNFILLED
    recorded: Observed[IngressScope | None] = UNFILLED
    front_ends: Observed[tuple[FrontEnd, ...]] = UNFILLED
    perimeter: Observed[bool] = UNFILLED
    egress: Egress = Egress()
