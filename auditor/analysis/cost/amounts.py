"""Exact amounts of money: what is used in a second, priced over an hour and a day, at both ends of what is known."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

from auditor.analysis.cost.prices import Price, PriceList
from auditor.model.observed import Gap

HOUR: Final = 3600
DAY: Final = 86400
NO_LIMIT: Final = Decimal("Infinity")
_EXACT: Final = Context(prec=60)
_CENT: Final = Decimal("0.01")


class Leg(StrEnum):
    """The parts of a bill."""

    COMPUTE = "compute"
    REQUESTS = "requests"
    SOURCE = "source"
    """Gateway, load balancer, queue, topic or bucket in front of the function."""
    LOGS = "logs"
    EGRESS = "egress"


class Corner(StrEnum):
    """Where in the range of what is not known an amount is taken."""

    LEAST = "least"
    """Every limit and price at its lower end, runs as long as they may last."""
    PROVED = "proved"
    """The same limits and prices, runs as short as they come: no unknown can make the ceiling lower."""
    MOST = "most"
    """Every limit and price at its upper end, runs as short as they come."""


# iterating an enumeration is slow, and a fleet has hundreds of thousands of legs
_CORNERS: Final = tuple(Corner)
LEGS: Final = tuple(Leg)
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit of the platform as a range. ``said`` words it, ``gap`` is what was not read of it; None: nothing."""

    low: Decimal
    high: Decimal
    said: str
    gap: Gap | None = None

    def at(self, corner: Corner) -> Decimal:
        """Its value at one end."""
        return self.high if corner is Corner.MOST else self.low


def exactly(value: int | Decimal, said: str) -> Bound:
    """A limit that is known."""
    return Bound(Decimal(value), Decimal(value), said)


@dataclass(frozen=True, slots=True)
class Use:
    """What is used of one meter: ``each_second`` and ``once`` besides, in pieces of ``size`` of the meter's unit.

    ``every``: so many in so many seconds, where the quotient has no last digit. ``whole``: what is counted comes in
    full pieces. ``most_a_day`` ends the day's use where a quota stops the function.
    """

    leg: Leg
    meter: str
    each_second: Decimal
    once: Decimal = Decimal(0)
    size: Decimal = Decimal(1)
    every: Decimal = Decimal(1)
    whole: bool = False
    most_a_day: Decimal | None = None

    def cost(self, seconds: int, price: Decimal) -> Decimal:
        """What it comes to."""
        if not price or not self.size:
            return Decimal(0)  # whatever is used, be it without a limit
        used = self.each_second * seconds / self.every + self.once
        if self.most_a_day is not None:
            used = min(used, self.most_a_day)
        if self.whole:
            used = used.to_integral_value(ROUND_FLOOR)
        return used * self.size * price


@dataclass(frozen=True, slots=True)
class Amount:
    """Money: its lower end, what is proved of its upper end, its upper end (infinite: no limit is known)."""

    least: Decimal
    proved: Decimal
    most: Decimal

    def at(self, corner: Corner) -> Decimal:
        """One of the three."""
        if corner is Corner.MOST:
            return self.most
        return self.least if corner is Corner.LEAST else self.proved


@dataclass(frozen=True, slots=True)
class Bill:
    """The cost of an hour and of a day, by leg."""

    hour: Mapping[Leg, Amount]
    day: Mapping[Leg, Amount]

    def of_hour(self) -> Amount:
        """The hour's total."""
        return total(self.hour.values())

    def of_day(self) -> Amount:
        """The day's total."""
        return total(self.day.values())


Priced: TypeAlias = tuple[tuple["Use", Decimal], ...]
"""What is used at one corner, each with the price of its meter there."""


def bill(uses: Callable[[Corner], Iterable[Use]], prices: PriceList, region: str) -> Bill:
    """Prices what ``uses`` says is used at each corner."""
    with localcontext(_EXACT):
        return _bill(tuple(_priced(uses(corner), prices, region, corner) for corner in _CORNERS))


def _priced(uses: Iterable[Use], prices: PriceList, region: str, corner: Corner) -> Priced:
    return tuple((use, _end(prices.of(use.meter, region), corner)) for use in uses)


@lru_cache(maxsize=4096)  # functions with the same limits and the same kind of way in are many in a fleet
def _bill(corners: tuple[Priced, ...]) -> Bill:
    return Bill(*(_over(seconds, corners) for seconds in (HOUR, DAY)))


def _over(seconds: int, corners: tuple[Priced, ...]) -> Mapping[Leg, Amount]:
    sums: dict[Leg, list[Decimal]] = {}
    for place, priced in enumerate(corners):
        for use, price in priced:
            ends = sums.setdefault(use.leg, [_NOTHING] * len(_CORNERS))
            ends[place] += use.cost(seconds, price)
    return MappingProxyType({leg: Amount(*sums[leg]) for leg in sorted(sums, key=LEGS.index) if any(sums[leg])})


def _end(price: Price, corner: Corner) -> Decimal:
    return price.high if corner is Corner.MOST else price.low


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum, end by end."""
    with localcontext(_EXACT):
        listed = tuple(amounts)
        return Amount(*(sum((each.at(corner) for each in listed), _NOTHING) for corner in _CORNERS))


def greatest(amounts: Iterable[Amount]) -> Amount:
    """The greatest, end by end."""
    listed = tuple(amounts)
    if len(listed) == 1:
        return listed[0]
    return Amount(*(max((each.at(corner) for each in listed), default=_NOTHING) for corner in _CORNERS))


def to_the_cent(amount: Decimal) -> Decimal | None:
    """Rounded half up; None where no limit is known."""
    return cents(amount) if amount.is_finite() else None


def cents(amount: Decimal) -> Decimal:
    """An amount that has an end, rounded half up."""
    with localcontext(_EXACT):
        return amount.quantize(_CENT, ROUND_HALF_UP)


def worded(amount: Decimal, currency: str) -> str:
    """``$1,234.50``, or ``EUR 1,234.50``."""
    cents = to_the_cent(amount)
    if cents is None:
        return "an amount without a known limit"
    return f"${cents:,}" if currency == "USD" else f"{currency} {cents:,}"
