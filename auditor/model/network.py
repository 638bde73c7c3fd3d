"""Where a function sits in a private network."""

from auditor.model.base import frozen
from auditor.model.observed import Observed


@frozen
class Subnet:
    """A subnet the function is attached to."""

    id: str
    """Id of the subnet."""
    exists: Observed[bool]
    """False: the reference is dangling."""
    zone: Observed[str]
    """Availability zone."""
    free_addresses: Observed[int]
    """Free IP addresses."""
    public: Observed[bool]
    """Its route table leads to an internet gateway."""


@frozen
class FirewallRule:
    """One rule of a security group."""

    protocol: str
    """Protocol; `-1`: all."""
    from_port: int | None
    """First port; null: all."""
    to_port: int | None
    """Last port; null: all."""
    peers: tuple[str, ...]
    """CIDRs, security groups or prefix lists."""


@frozen
class SecurityGroup:
    """A security group of the function."""

    id: str
    """Id of the group."""
    exists: Observed[bool]
    """False: the reference is dangling."""
    ingress: Observed[tuple[FirewallRule, ...]]
    """Inbound rules."""
    egress: Observed[tuple[FirewallRule, ...]]
    """Outbound rules."""


@frozen
class Network:
    """The private network the function is attached to."""

    id: str
    """Id of the network."""
    subnets: tuple[Subnet, ...]
    """Its subnets."""
    security_groups: tuple[SecurityGroup, ...]
    """Its security groups."""
    dual_stack: bool
    """IPv6 is allowed."""
    flow_logs: Observed[bool]
    """Flow logs are recorded for the network or every subnet used."""
    endpoints: Observed[tuple[str, ...]]
    """Private service endpoints in the network."""
    source: str
    """Operation whose answer held it."""
