"""A way to set a function off, and what a flood through it would use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from auditor.analysis.cost.amounts import NO_LIMIT, Bound, Corner, Leg, Use
from auditor.analysis.cost.prices import PriceList, egress_meter, logs_meter
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason, Known, Observed

_GIB = Decimal(1024**3)
_GB = Decimal(10**9)


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: ``name`` in a sentence, ``uses`` at each corner, the limits that decide, and what is taken as given.

    ``beyond`` says what has no limit at all, and what more of it costs. ``soft``: the platform may exceed the limits
    for a short time.
    """

    name: str
    uses: Callable[[Corner], Iterable[Use]]
    bounds: tuple[Bound, ...]
    assumptions: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    soft: bool = False


def observed(fact: Observed[int], what: str, least: Decimal, most: Decimal) -> Bound:
    """A limit as the cloud told it; where it did not, all that the platform offers."""
    if isinstance(fact, Known):
        return Bound(Decimal(fact.value), Decimal(fact.value), what.format(fact.value))
    if fact.gap.reason is GapReason.NOT_OFFERED:
        return Bound(least, least, what.format(f"{least:f}"))  # there is no such setting: what the platform starts with
    said = what.format(f"{least:f} to {most:f}" if most < NO_LIMIT else "not known")
    return Bound(least, most, said, fact.gap)


def lasting(corner: Corner, longest: Bound, prices: PriceList) -> Decimal:
    """How many seconds a run lasts: as long as it may where the least is asked, else as short as they come."""
    if corner is Corner.LEAST:
        return longest.high  # the longer they are, the fewer there are
    return Decimal(prices.assumptions.shortest_run_ms) / 1000


def bytes_out(
    cloud: Cloud, prices: PriceList, runs: Decimal, once: Decimal = Decimal(0), every: Decimal = Decimal(1)
) -> tuple[Use, ...]:
    """Logs and answers of so many runs in so many seconds."""
    unit = _GIB if cloud is Cloud.GCP else _GB
    given = prices.assumptions
    logs = Use(Leg.LOGS, logs_meter(cloud), runs, once, Decimal(given.log_bytes) / unit, every, whole=True)
    if given.response_bytes is None:
        return (logs,)
    size = Decimal(given.response_bytes) / unit
    return (logs, Use(Leg.EGRESS, egress_meter(cloud), runs, once, size, every, whole=True))


def common_assumptions(prices: PriceList) -> tuple[str, ...]:
    """What is taken as given whatever the cloud."""
    given = prices.assumptions
    return (
        "list prices of the first tier, without free grants and tax",
        f"each run writes {given.log_bytes} bytes of log",
        f"runs last {given.shortest_run_ms} ms or longer",
        "answers are not counted: response_bytes is not set"
        if given.response_bytes is None
        else f"each answer has {given.response_bytes} bytes and goes to the internet",
    )
