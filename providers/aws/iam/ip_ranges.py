"""Address ranges in aws:SourceIp: everywhere, half of the internet, private, or somewhere."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from providers.aws.iam.condition_scope import ConditionScope, Width

_ALL_V4 = 2**32
_GLOBAL_V6 = IPv6Network("2000::/3")
"""The only unicast range that is routed on the internet (RFC 4291 §2.4)."""
_SHOWN = 3


def judge_addresses(key: str, values: tuple[str, ...]) -> ConditionScope:
    """What is left of everybody when a request must come from one of the ranges."""
    fours: list[IPv4Network] = []
    sixes: list[IPv6Network] = []
    for value in values:
        try:
            network = ip_network(value.strip(), strict=False)
        except ValueError:
            return ConditionScope(
                Width.EVERYBODY, f'{key} "{value}" is no fixed address range and restricts nothing', open_value=True
            )
        if isinstance(network, IPv4Network):
            fours.append(network)
        else:
            sixes.append(network)
    shown = _shown(values)
    share = max(_share_v4(fours), _share_v6(sixes))
    if share >= 1:
        return ConditionScope(Width.EVERYBODY, f"{key} {shown} is every address and restricts nothing", open_value=True)
    if share >= 0.5:
        return ConditionScope(Width.EXCEPT, f"{key} {shown} is half of the internet or more")
    if all(four.is_private for four in fours) and all(six.is_private for six in sixes):
        return ConditionScope(
            Width.CONDITION,
            f"{key} {shown} is private: calls over the internet never carry such an address, "
            "and calls through a VPC endpoint carry none",
        )
    return ConditionScope(Width.CONDITION, f"only from {key} {shown}")


def _share_v4(networks: Iterable[IPv4Network]) -> float:
    return sum(network.num_addresses for network in collapse_addresses(networks)) / _ALL_V4


def _share_v6(networks: Iterable[IPv6Network]) -> float:
    total = 0
    for network in collapse_addresses(networks):
        if network.supernet_of(_GLOBAL_V6):
            return 1.0
        if network.subnet_of(_GLOBAL_V6):
            total += network.num_addresses
    return total / _GLOBAL_V6.num_addresses


def _shown(values: tuple[str, ...]) -> str:
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return ", ".join(values[:_SHOWN]) + more
