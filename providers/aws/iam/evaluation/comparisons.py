"""The comparisons behind condition operators: one value of the request with one value of the policy.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators". A value that is not of the operator's kind
equals nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final, TypeAlias

from auditor.model.wildcards import ANY, covers
from providers.aws.iam.evaluation.variables import escaped, unescaped

Comparison: TypeAlias = Callable[[str, str], bool]
_ARN_PARTS: Final = 6


@lru_cache(maxsize=131_072)
def glob(pattern: str, text: str) -> bool:
    """Whether a pattern matches a text. Case matters."""
    return pattern == "*" or covers(pattern, text)


@lru_cache(maxsize=131_072)
def names_resource(pattern: str, resource: str) -> bool:
    """Whether a pattern of a Resource element matches a resource, which may be a pattern itself.

    Wildcards stay within their segment of the ARN, but for an asterisk at its end, which may expand beyond the colon
    (IAM User Guide, "IAM JSON policy elements: Resource").
    """
    patterns, parts = pattern.split(":", _ARN_PARTS - 1), resource.split(":", _ARN_PARTS - 1)
    if pattern in (resource, ANY) or len(parts) != _ARN_PARTS:
        return glob(pattern, resource)
    for at, (wanted, part) in enumerate(zip(patterns, parts, strict=False)):
        if wanted.endswith(ANY) or at == _ARN_PARTS - 1:
            return glob(":".join(patterns[at:]), ":".join(parts[at:]))
        if not glob(wanted, part):
            return False
    return False


def equals(value: str, wanted: str) -> bool:
    """StringEquals, BinaryEquals."""
    return value == unescaped(wanted)


def equals_ignoring_case(value: str, wanted: str) -> bool:
    """StringEqualsIgnoreCase, Bool."""
    return value.lower() == unescaped(wanted).lower()


def like(value: str, wanted: str) -> bool:
    """StringLike. An asterisk in the request's value is a character."""
    return glob(wanted, escaped(value))


def arn_like(value: str, wanted: str) -> bool:
    """ArnLike and ArnEquals, which are the same: each of the six parts is compared by itself."""
    parts, patterns = value.split(":", _ARN_PARTS - 1), wanted.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or len(patterns) != _ARN_PARTS:
        return wanted == "*" and len(parts) == _ARN_PARTS
    return all(glob(pattern, escaped(part)) for pattern, part in zip(patterns, parts, strict=True))


def in_network(value: str, wanted: str) -> bool:
    """IpAddress, of either version."""
    network, address = _network(wanted), _network(value)
    if network is None or address is None or network.version != address.version:
        return False
    return address.network_address in network and address.prefixlen >= network.prefixlen


@lru_cache(maxsize=4096)
def _network(text: str):  # type: ignore[no-untyped-def] # noqa: ANN202 - the union is private to ipaddress
    try:
        return ip_network(text, strict=False) if "/" in text else ip_network(ip_address(text))
    except ValueError:
        return None


def measured(read: Callable[[str], Decimal | None], compare: Callable[[Decimal, Decimal], bool]) -> Comparison:
    """A comparison of what both texts say."""

    def comparison(value: str, wanted: str) -> bool:
        one, other = read(value), read(wanted)
        return one is not None and other is not None and compare(one, other)

    return comparison


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal | None:
    """The number a text says."""
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


@lru_cache(maxsize=4096)
def moment(text: str) -> Decimal | None:
    """Seconds since 1970 of an ISO 8601 date or time, or of such a number of seconds."""
    epoch = number(text)
    if epoch is not None:
        return epoch
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return Decimal(str((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()))
