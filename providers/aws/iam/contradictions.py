"""Conditions of one statement that no request can meet: alone, or all together.

Only what is certain counts, because a statement under such a condition grants nothing: single-valued keys with plain
operators, values without policy variables. Source: IAM User Guide, "IAM JSON policy elements: Condition operators"
(StringEquals takes no wildcard; a missing key satisfies no operator without IfExists) and "AWS global condition context
keys" (which keys every request carries), as of 2026-10.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from ipaddress import IPv4Network, IPv6Network, ip_network

from auditor.model.wildcards import covers, overlaps
from providers.aws.iam.document import Condition
from providers.aws.iam.operators import Operator, read_operator
from providers.aws.iam.patterns import is_account, is_variable

_ALWAYS = frozenset({"aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:requestedregion"})
"""Keys that every request carries."""
SEVERAL = frozenset(
    {"aws:tagkeys", "aws:calledvia", "aws:principalorgpaths", "aws:sourceorgpaths", "aws:resourceorgpaths"}
    | {"aws:principalservicenameslist", "aws:vpceorgpaths"}
)
"""Keys with several values at once, of which two conditions may mean different ones."""
_ARNS = frozenset({"aws:sourcearn", "aws:principalarn", "lambda:sourcefunctionarn", "ec2:sourceinstancearn"})
_ACCOUNTS = frozenset(
    {"aws:sourceaccount", "aws:principalaccount", "aws:resourceaccount", "aws:vpceaccount", "kms:calleraccount"}
)
_PLAIN = _ARNS | {
    *("aws:principalorgid", "aws:sourceorgid", "aws:resourceorgid", "aws:sourcevpc", "aws:sourcevpce"),
    "aws:requestedregion",
}
"""Keys whose values never hold an asterisk, so that StringEquals with one never matches."""
_CLOCK = frozenset({"aws:currenttime", "aws:epochtime"})

_Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class _Read:
    """A condition with its operator taken apart."""

    condition: Condition
    operator: Operator

    @property
    def key(self) -> str:
        return self.condition.key.lower()

    @property
    def family(self) -> str:
        base = self.operator.base
        return next((name for name in ("string", "arn", "numeric", "date") if base.startswith(name)), base)


def contradiction(conditions: Iterable[Condition], today: date | None = None) -> str:
    """Why no request can meet all the conditions, as a clause; "" where one may. ``today`` ends what has expired."""
    readable = (_Read(condition, read_operator(condition.operator)) for condition in conditions)
    by_key: dict[str, list[_Read]] = {}
    for read in readable:
        plain = read.operator.known and not read.operator.quantifier and read.key not in SEVERAL
        if plain and read.condition.values and not any(map(is_variable, read.condition.values)):
            by_key.setdefault(read.key, []).append(read)
    found = (why for key, reads in by_key.items() for why in _of_key(key, reads, today))
    return next(found, "")


def _of_key(key: str, reads: list[_Read], today: date | None) -> Iterator[str]:
    shown = reads[0].condition.key
    presence = {value.lower() for read in reads if read.operator.base == "null" for value in read.condition.values}
    strict = [read for read in reads if read.operator.base != "null" and not read.operator.holds_when_missing]
    always = key in _ALWAYS
    if "true" in presence and ("false" in presence or strict or always):
        yield f"{shown} would have to be missing and present at once" if not always else f"{shown} is never missing"
    must = always or bool(strict) or "false" in presence
    asked = [read for read in reads if read.operator.base != "null"] if must else []
    for read in asked:
        if not read.operator.negated and _unmatchable(key, read):
            values = ", ".join(read.condition.values)
            yield f"no {shown} is ever equal to {values} by {read.condition.operator}"
    together = f"its conditions on {shown} can never hold together"
    if _texts_exclude(asked) or _networks_exclude(asked) or _bools_exclude(asked) or _ranges_exclude(asked, None):
        yield together
    if key in _CLOCK and today is not None and _ranges_exclude(asked, today):
        yield f"{shown} ended before {today.isoformat()}"


def _unmatchable(key: str, read: _Read) -> bool:
    values, base = read.condition.values, read.operator.base
    if base == "bool":
        return not {value.lower() for value in values} & {"true", "false"}
    if read.family in ("numeric", "date"):
        return all(_moment(read, value) is None for value in values)
    if base in ("stringequals", "stringequalsignorecase"):
        if key in _ACCOUNTS:
            return not any(is_account(value) for value in values)
        return key in _PLAIN and all("*" in value or "?" in value for value in values)
    return False


def _texts_exclude(reads: list[_Read]) -> bool:
    """Whether no value is admitted by every condition on text."""
    texts = [read for read in reads if read.family in ("string", "arn")]
    admitting = [read for read in texts if not read.operator.negated]
    excluding = [read for read in texts if read.operator.negated]
    for read in admitting:
        others = [other for other in admitting if other is not read]
        left = [
            value
            for value in read.condition.values
            if all(any(_agree(read, value, other, wanted) for wanted in other.condition.values) for other in others)
            and not any(_excludes(other, gone, read, value) for other in excluding for gone in other.condition.values)
        ]
        if not left:
            return True
    return False


def _is_glob(read: _Read) -> bool:
    return read.operator.base.endswith("like") or read.family == "arn"


def _folded(read: _Read, other: _Read, text: str) -> str:
    return text.lower() if "ignorecase" in read.operator.base + other.operator.base else text


def _agree(read: _Read, value: str, other: _Read, wanted: str) -> bool:
    """Whether some text is admitted by both."""
    one, two = _folded(read, other, value), _folded(read, other, wanted)
    if _is_glob(read) and _is_glob(other):
        return overlaps(one, two)
    if _is_glob(other):
        return covers(two, one)
    return covers(one, two) if _is_glob(read) else one == two


def _excludes(other: _Read, gone: str, read: _Read, value: str) -> bool:
    """Whether the negated condition excludes all that the value means."""
    one, two = _folded(read, other, value), _folded(read, other, gone)
    if _is_glob(other):
        return covers(two, one)
    return one == two and not (_is_glob(read) and ("*" in one or "?" in one))


def _networks_exclude(reads: list[_Read]) -> bool:
    inside = [_networks(read) for read in reads if read.operator.base == "ipaddress"]
    outside = [network for read in reads if read.operator.base == "notipaddress" for network in _networks(read) or ()]
    if not inside or any(networks is None for networks in inside):
        return False
    first, *others = [networks for networks in inside if networks is not None]
    for network in first:
        met = all(any(_same(network, other) and network.overlaps(other) for other in networks) for networks in others)
        if met and not any(_same(network, gone) and _within(network, gone) for gone in outside):
            return False
    return True


def _networks(read: _Read) -> list[_Network] | None:
    """The ranges; None where one cannot be read."""
    try:
        return [ip_network(value.strip(), strict=False) for value in read.condition.values]
    except ValueError:
        return None


def _same(one: _Network, other: _Network) -> bool:
    return one.version == other.version


def _within(one: _Network, other: _Network) -> bool:
    return int(other.network_address) <= int(one.network_address) and int(one.broadcast_address) <= int(
        other.broadcast_address
    )


def _bools_exclude(reads: list[_Read]) -> bool:
    wanted = [{value.lower() for value in read.condition.values} for read in reads if read.operator.base == "bool"]
    return bool(wanted) and not set.intersection(*wanted)


def _ranges_exclude(reads: list[_Read], today: date | None) -> bool:
    """Whether no number or moment is within every condition; with ``today`` none from that day on."""
    low, high = float("-inf"), float("inf")
    if today is not None:
        low = datetime.combine(today, time(), UTC).timestamp()
    for read in reads:
        base = read.operator.base.removeprefix(read.family)
        found = [moment for value in read.condition.values if (moment := _moment(read, value)) is not None]
        if read.family not in ("numeric", "date") or not found:
            continue
        if base.startswith(("equals", "greaterthan")):
            low = max(low, min(found))
        if base.startswith(("equals", "lessthan")):
            high = min(high, max(found))
    return low > high


def _moment(read: _Read, value: str) -> float | None:
    """A number as it is; a date as seconds since 1970."""
    try:
        return float(value)
    except ValueError:
        pass
    if read.family != "date":
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
