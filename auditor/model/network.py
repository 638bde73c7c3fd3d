"""Where a function sits in a private network."""

from auditor.model.base import noun
from auditor.model.observed import Observed


@noun
class Subnet:
    """``exists`` Known(False): the reference is dangling. ``public``: its route table leads to an internet gateway."""

    id: str
    exists: Observed[bool]
    zone: Observed[str]
    free_addresses: Observed[int]
    public: Observed[bool]


@noun
class FirewallRule:
    """One rule of a security group: ``protocol`` -1 means all; ``peers`` are CIDRs, groups or prefix lists."""

    protocol: str
    from_port: int | None
    to_port: int | None
    peers: tuple[str, ...]


@noun
class SecurityGroup:
    """A firewall around the function."""

    id: str
    exists: Observed[bool]
    ingress: Observed[tuple[FirewallRule, ...]]
    egress: Observed[tuple[FirewallRule, ...]]


@noun
class Network:
    """``flow_logs``: recorded for the network or every subnet used. ``endpoints``: private service endpoints there."""

    id: str
    subnets: tuple[Subnet, ...]
    security_groups: tuple[SecurityGroup, ...]
    dual_stack: bool
    flow_logs: Observed[bool]
    endpoints: Observed[tuple[str, ...]]
    source: str
