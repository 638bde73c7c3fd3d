"""Which networks can reach a function, before anybody asks who is calling; and where its own traffic goes."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.observed import UNFILLED, Observed


class IngressScope(StrEnum):
    """Which traffic is let in."""

    ALL = "all"
    INTERNAL_AND_BALANCER = "internal-and-load-balancer"
    INTERNAL = "internal"
    NONE = "none"


@frozen
class AccessRule:
    """One rule of an access-restriction list."""

    name: str
    """Name of the rule."""
    allow: bool
    """It admits; false: it denies."""
    source: str
    """CIDR, subnet id or service tag."""
    any_source: bool
    """It matches the whole internet."""
    service_tag: bool
    """Its source is a service tag."""
    headers: tuple[str, ...]
    """Header values it also asks for, such as a front door's id."""


@frozen
class AccessRules:
    """A list of access restrictions."""

    rules: tuple[AccessRule, ...]
    """Rules in order."""
    default_allow: bool
    """Traffic that matches no rule is admitted."""

    @property
    def open(self) -> bool:
        """Whether the whole internet passes."""
        for rule in self.rules:
            if rule.any_source and not rule.headers:
                return rule.allow
        return self.default_allow


@frozen
class FrontEnd:
    """A gateway, front door or load balancer in front of the function."""

    id: str
    """Resource id."""
    kind: str
    """Kind of front end."""
    firewall: Observed[bool]
    """A web application firewall protects it."""
    exclusive: Observed[bool]
    """The function admits only traffic that comes through it."""
    asks_identity: Observed[bool] = UNFILLED
    """It authenticates callers."""


@frozen
class Egress:
    """How the function's own traffic leaves through a private network."""

    network: Observed[str | None] = UNFILLED
    """Network it leaves through; null: none."""
    default_network: Observed[bool] = UNFILLED
    """It is the project's default network."""
    all_traffic: Observed[bool] = UNFILLED
    """All traffic goes through it, not only private ranges."""
    platform_traffic: Observed[bool] = UNFILLED
    """Image pulls, content and backups go through it too."""
    firewall: Observed[bool] = UNFILLED
    """The subnet has a network security group."""
    connector_state: Observed[str | None] = UNFILLED
    """`ready`, or what the cloud says; null: no connector."""
    connector: Observed[str | None] = UNFILLED
    """Id of the connector; null: none."""


@frozen
class Ingress:
    """Which networks can reach the function, before authentication."""

    scope: Observed[IngressScope] = UNFILLED
    """Which traffic is admitted, all switches joined."""
    public_network: Observed[bool] = UNFILLED
    """Public network access is enabled."""
    rules: Observed[AccessRules] = UNFILLED
    """Access restrictions of the function."""
    management_rules: Observed[AccessRules] = UNFILLED
    """Access restrictions of its management site."""
    private_endpoints: Observed[tuple[str, ...]] = UNFILLED
    """Approved private endpoints."""
    default_address: Observed[bool] = UNFILLED
    """The default URL of the platform answers beside a load balancer."""
    recorded: Observed[IngressScope | None] = UNFILLED
    """Ingress that the functions API reports where the service behind it differs; null: they agree."""
    front_ends: Observed[tuple[FrontEnd, ...]] = UNFILLED
    """Gateways, front doors and load balancers in front."""
    perimeter: Observed[bool] = UNFILLED
    """A service perimeter protects it."""
    egress: Egress = Egress()
    """How its own traffic leaves."""
