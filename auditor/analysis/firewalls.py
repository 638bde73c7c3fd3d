"""Firewall rules as checks and their repairs read them."""

import json
from collections.abc import Iterable

from auditor.model.network import FirewallRule, Network, SecurityGroup
from auditor.model.observed import Known


def standing(network: Network) -> tuple[SecurityGroup, ...]:
    """The groups of a network without those known to be deleted, which have no rules left to judge."""
    return tuple(group for group in network.security_groups if not _gone(group))


def every_port(rule: FirewallRule) -> bool:
    """Whether a rule leaves no port out."""
    return rule.protocol == "-1" or (rule.from_port == 0 and rule.to_port == 65535)


def ports(rule: FirewallRule) -> str:
    """The protocol and ports of a rule, as a sentence has them."""
    if rule.protocol == "-1":
        return "everything"
    span = f"{rule.from_port}" if rule.from_port == rule.to_port else f"{rule.from_port}-{rule.to_port}"
    return f"{rule.protocol} {span}"


def permissions(rules: Iterable[FirewallRule], peers: Iterable[str]) -> str:
    """The rules cut down to some CIDR peers, as the JSON that AWS commands on groups take."""
    wanted = frozenset(peers)
    return json.dumps([_permission(rule, wanted) for rule in rules if wanted.intersection(rule.peers)])


def _permission(rule: FirewallRule, wanted: frozenset[str]) -> dict[str, object]:
    chosen = [peer for peer in rule.peers if peer in wanted]
    made: dict[str, object] = {"IpProtocol": rule.protocol}
    if rule.from_port is not None and rule.to_port is not None:
        made |= {"FromPort": rule.from_port, "ToPort": rule.to_port}
    four = [{"CidrIp": peer} for peer in chosen if ":" not in peer]
    six = [{"CidrIpv6": peer} for peer in chosen if ":" in peer]
    return made | ({"IpRanges": four} if four else {}) | ({"Ipv6Ranges": six} if six else {})


def _gone(group: SecurityGroup) -> bool:
    return isinstance(group.exists, Known) and not group.exists.value
