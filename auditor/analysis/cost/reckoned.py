"""The spend ceilings of one evaluation, and the caps that would lower them: each reckoned once, whoever asks."""

from decimal import Decimal

from auditor.analysis.cost.ceilings import Cap, Ceiling, ceiling, cheapest_cap, cheapest_throttle
from auditor.analysis.cost.prices import PriceList
from auditor.model.function import Function
from auditor.model.inventory import Location


class Ceilings:
    """What :mod:`auditor.analysis.cost.ceilings` says of each function, by its id: a check asks, then each row of
    the report. ``threshold`` is what an hour may cost, in the currency of the prices.

    A cap takes four ceilings to find, and more where the cost is not proportional to it.
    """

    def __init__(self, prices: PriceList, threshold: int) -> None:
        self.prices = prices
        self.threshold = Decimal(threshold)
        self._ceilings: dict[str, Ceiling | None] = {}
        self._caps: dict[str, Cap | None] = {}
        self._throttles: dict[str, Cap | None] = {}

    def of(self, function: Function, location: Location | None) -> Ceiling | None:
        """The ceiling; None where the kind of hosting is not known, or sells no time of its own."""
        if function.id not in self._ceilings:
            self._ceilings[function.id] = ceiling(function, location, self.prices)
        return self._ceilings[function.id]

    def cap(self, function: Function, location: Location | None) -> Cap | None:
        """The most concurrent runs that keep the hour below the threshold; None where not even one does."""
        if function.id not in self._caps:
            self._caps[function.id] = cheapest_cap(function, location, self.prices, self.threshold)
        return self._caps[function.id]

    def throttle(self, function: Function, location: Location | None) -> Cap | None:
        """The same of requests a second, through each stage of every gateway in front of the function."""
        if function.id not in self._throttles:
            self._throttles[function.id] = cheapest_throttle(function, location, self.prices, self.threshold)
        return self._throttles[function.id]
