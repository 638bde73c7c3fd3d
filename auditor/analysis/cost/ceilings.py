"""The spend ceiling of a function: what the platform would let an attacker spend on it, and which cap lowers it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from auditor.analysis.cost import aws, azure, gcp
from auditor.analysis.cost.amounts import LEGS, Amount, Bill, Leg, bill, greatest, total
from auditor.analysis.cost.prices import PriceList, egress_meter, logs_meter
from auditor.analysis.cost.ways import Way, common_assumptions
from auditor.model.function import Function
from auditor.model.gateway import Gateway, Stage
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.observed import Gap, Known, graver

_SHARED: Final = frozenset({Leg.COMPUTE, Leg.REQUESTS, Leg.LOGS, Leg.EGRESS})
"""Legs that all ways in share, because they share the instances; what is in front of them each has for itself."""


@dataclass(frozen=True, slots=True)
class WayCeiling:
    """What a flood through one way in comes to."""

    name: str
    bill: Bill
    limits: tuple[str, ...]
    beyond: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What a flood through every way in comes to. ``gap``: the limit that could not be read; None: all were.

    ``soft``: the platform may exceed its limits for a short time.
    """

    ways: tuple[WayCeiling, ...]
    bill: Bill
    assumptions: tuple[str, ...]
    gaps: tuple[Gap, ...]
    pool: str | None
    soft: bool = False

    @property
    def hour(self) -> Amount:
        """The hour's total."""
        return self.bill.of_hour()

    @property
    def day(self) -> Amount:
        """The day's total."""
        return self.bill.of_day()

    @property
    def gap(self) -> Gap | None:
        """The gravest of what is missing."""
        found: Gap | None = None
        for gap in self.gaps:
            found = graver(found, gap)
        return found


@dataclass(frozen=True, slots=True)
class Cap:
    """The highest limit under which the hour costs no more than asked, and what is left then.

    ``number`` of concurrent runs, or of requests a second.
    """

    number: int
    hour: Amount
    day: Amount


def ceiling(function: Function, location: Location | None, prices: PriceList) -> Ceiling | None:
    """The ceiling; None where the platform's kind of hosting is not known, or sells no time of its own."""
    ways = tuple(_ways(function, location, prices))
    if not ways:
        return None
    found = tuple(
        WayCeiling(way.name, bill(way.uses, prices, function.location), _words(way), way.beyond) for way in ways
    )
    said = (each for way in ways for each in way.assumptions)
    shown = _several(found)
    return Ceiling(
        ways=found,
        bill=together([each.bill for each in found]),
        assumptions=(*dict.fromkeys((*common_assumptions(prices), *said, *shown, *_notes(function, prices, found))),),
        gaps=tuple(dict.fromkeys(bound.gap for way in ways for bound in way.bounds if bound.gap is not None)),
        pool=aws.pool(function) if function.cloud is Cloud.AWS else azure.pool(function),
        soft=any(way.soft for way in ways),
    )


def measured(function: Function, prices: PriceList) -> Bill | None:
    """What the executions that the metrics count cost; None where they were not read, or the cloud does not tell how
    long they took.
    """
    return aws.measured(function, prices) if function.cloud is Cloud.AWS else None


def cheapest_cap(function: Function, location: Location | None, prices: PriceList, hourly: Decimal) -> Cap | None:
    """The cap on concurrent runs that keeps the hour at ``hourly`` or less; None where not even one run at a time does.

    A cap costs nothing itself, so the highest that suffices is the cheapest: it takes least from honest callers.
    """
    return _highest(lambda number: _bill(_capped(function, number), location, prices), hourly)


def cheapest_throttle(function: Function, location: Location | None, prices: PriceList, hourly: Decimal) -> Cap | None:
    """The same of requests a second, through each stage of every gateway in front of the function.

    None where there is no gateway with known stages, or not even one request a second is cheap enough.
    """
    if not stages_in_front(function):
        return None
    return _highest(lambda number: _bill(_throttled(function, number), location, prices), hourly)


def stages_in_front(function: Function) -> tuple[tuple[Gateway, Stage], ...]:
    """The stages of API Gateway that can be throttled; none where those of one gateway are not known."""
    gateways = function.gateways.value if isinstance(function.gateways, Known) else ()
    kinds = [gateway for gateway in gateways if gateway.kind in ("rest", "http", "websocket")]
    if not all(isinstance(gateway.stages, Known) for gateway in kinds):
        return ()
    return tuple((gateway, stage) for gateway in kinds for stage in gateway.stages.need())


_MOST: Final = 1 << 20


def _highest(under: Callable[[int], Bill], hourly: Decimal) -> Cap | None:
    """The greatest number under which the hour costs ``hourly`` at most; None where it costs more under one.

    Mostly the hour costs as many times more as the number is greater: the search begins there.
    """

    def cost(number: int) -> Decimal:
        return under(number).of_hour().most

    def suffices(number: int) -> bool:
        return cost(number) <= hourly

    of_one = cost(1)
    if of_one > hourly:
        return None
    low, high = 1, 2
    guess = min(int(hourly / of_one), _MOST - 1) if of_one else low
    if guess > low:
        low, high = (guess, guess + 1) if suffices(guess) else (low, guess)
    while high < _MOST and suffices(high):
        low, high = high, min(high * 2, _MOST)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if suffices(middle) else (low, middle)
    left = under(low)
    return Cap(low, left.of_hour(), left.of_day())


def _capped(function: Function, number: int) -> Function:
    """The function with so many instances at the most."""
    limits = function.limits
    if function.cloud is Cloud.AWS:
        return replace(function, limits=replace(limits, reserved_concurrency=Known(number)))
    return replace(function, limits=replace(limits, max_instances=Known(number)))


def _throttled(function: Function, number: int) -> Function:
    """The function with so many requests a second, and at once, through each stage in front of it."""
    stages = {id(stage): replace(stage, rate=float(number), burst=number) for _, stage in stages_in_front(function)}
    gateways = tuple(
        replace(gateway, stages=gateway.stages.map(lambda held: tuple(stages.get(id(each), each) for each in held)))
        for gateway in function.gateways.need()
    )
    return replace(function, gateways=Known(gateways))


def _bill(function: Function, location: Location | None, prices: PriceList) -> Bill:
    """The bill of a function as it would be."""
    found = ceiling(function, location, prices)
    return found.bill if found is not None else Bill({}, {})


def _ways(function: Function, location: Location | None, prices: PriceList) -> Iterable[Way]:
    if function.cloud is Cloud.AWS:
        return aws.ways(function, location, prices)
    return azure.ways(function, prices) if function.cloud is Cloud.AZURE else gcp.ways(function, prices)


def together(bills: Sequence[Bill]) -> Bill:
    """The bill of what shares its instances: what is in front of them adds up, of the rest the greatest counts."""
    return Bill(*({leg: _joined(leg, amounts) for leg, amounts in _by_leg(each).items()} for each in _periods(bills)))


def _periods(bills: Sequence[Bill]) -> tuple[list[dict[Leg, Amount]], ...]:
    return [dict(each.hour) for each in bills], [dict(each.day) for each in bills]


def _by_leg(rows: list[dict[Leg, Amount]]) -> dict[Leg, list[Amount]]:
    return {leg: found for leg in LEGS if (found := [row[leg] for row in rows if leg in row])}


def _joined(leg: Leg, amounts: list[Amount]) -> Amount:
    return greatest(amounts) if leg in _SHARED else total(amounts)


def _words(way: Way) -> tuple[str, ...]:
    return tuple(dict.fromkeys(bound.said for bound in way.bounds))


def _several(ways: tuple[WayCeiling, ...]) -> tuple[str, ...]:
    if len(ways) < 2:
        return ()
    return ("all triggers share the instances: only the sources of events add up",)


def _notes(function: Function, prices: PriceList, ways: tuple[WayCeiling, ...]) -> tuple[str, ...]:
    """Which prices of other regions were taken."""
    used = {leg for way in ways for leg in way.bill.hour}
    kind = function.hosting.value.kind if isinstance(function.hosting, Known) else None
    meters = _METERS.get(function.cloud, ()) or _HOSTED.get(kind, ())
    if Leg.LOGS in used:
        meters = (*meters, logs_meter(function.cloud))
    if Leg.EGRESS in used:
        meters = (*meters, egress_meter(function.cloud))
    return tuple(note for meter in meters if (note := prices.of(meter, function.location).note))


_METERS: Final = {
    Cloud.AWS: ("aws/lambda/gb-second-x86", "aws/lambda/request"),
}
_HOSTED: Final[Mapping[HostingKind | None, tuple[str, ...]]] = {
    HostingKind.CONSUMPTION: ("azure/consumption/gb-second",),
    HostingKind.FLEX_CONSUMPTION: ("azure/flex/gb-second",),
    HostingKind.PREMIUM: ("azure/premium/vcpu-hour", "azure/premium/gib-hour"),
    HostingKind.CONTAINER_APPS: ("azure/container-apps/vcpu-second",),
}
"""Meters whose price differs by region; those of Google Cloud are shipped for every one."""
