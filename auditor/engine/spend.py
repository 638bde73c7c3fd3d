"""Turns spend ceilings into rows: of each function, and of the account as a whole."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from auditor.analysis.cost.amounts import Amount, Bill, cents, to_the_cent, total
from auditor.analysis.cost.ceilings import Cap, Ceiling, WayCeiling, measured, together
from auditor.analysis.cost.outsiders import open_ways
from auditor.analysis.cost.prices import shipped_as_of
from auditor.analysis.cost.reckoned import Ceilings
from auditor.model.function import Function
from auditor.model.inventory import Inventory, Location
from auditor.model.observed import Unanswered

_DEAREST: Final = 10
_LIMITS: Final = {"concurrent-runs": Ceilings.cap, "requests-per-second": Ceilings.throttle}
"""Limits by what they bound, the one to try first before the other."""


class Spend:
    """The ceilings of an inventory as rows."""

    def __init__(self, inventory: Inventory, ceilings: Ceilings) -> None:
        self._ceilings = ceilings
        self._prices = ceilings.prices
        self._locations = {location.id: location for location in inventory.locations}
        self._head = self._of_account(inventory)

    def head(self) -> dict[str, Any]:
        """The account's row."""
        return self._head

    def row(self, function: Function) -> dict[str, Any] | None:
        """The function's row; None where it has no ceiling."""
        found = self._of(function)
        if found is None:
            return None
        return {
            **_money(found.bill),
            "currency": self._prices.unit,
            "soft": found.soft,
            "legs": _legs(found.bill),
            "triggers": [_way(way) for way in found.ways],
            "assumptions": list(found.assumptions),
            "unread_limits": [
                {"operation": gap.operation, "permission": gap.permission, "reason": gap.reason.value}
                for gap in found.gaps
            ],
            "shares": found.pool,
            "observed_day": self._measured(function),
            **self._capped(function, found),
        }

    def _capped(self, function: Function, found: Ceiling) -> dict[str, Any]:
        """The limit that ``spend-ceiling-high`` advises, where somebody outside can set the function off."""
        cap: tuple[str, Cap] | None = None
        if found.hour.most > self._ceilings.threshold and _open(function):
            location = self._location(function)
            for limit, cheapest in _LIMITS.items():
                lowered = cheapest(self._ceilings, function, location)
                if lowered is not None:
                    cap = limit, lowered
                    break
        if cap is None:
            return {"cheapest_cap": None, "after": None}
        limit, lowered = cap
        after = {"hour": _ends(lowered.hour), "day": _ends(lowered.day)}
        return {"cheapest_cap": {"limit": limit, "number": lowered.number}, "after": after}

    def _location(self, function: Function) -> Location | None:
        return self._locations.get(f"{function.scope}/{function.location}")

    def _measured(self, function: Function) -> dict[str, float | None] | None:
        found = measured(function, self._prices)
        return _ends(found.of_day()) if found is not None else None

    def _of(self, function: Function) -> Ceiling | None:
        return self._ceilings.of(function, self._location(function))

    def _of_account(self, inventory: Inventory) -> dict[str, Any]:
        sharing: defaultdict[str, list[Bill]] = defaultdict(list)
        rows: list[tuple[Amount, Function, Ceiling]] = []
        for function in inventory.functions:
            found = self._of(function)
            if found is not None:
                sharing[found.pool or function.id].append(found.bill)
                rows.append((found.hour, function, found))
        rows.sort(key=lambda each: (-each[0].most, -each[0].least, each[1].id))
        bills = [together(several) for several in sharing.values()]
        shipped = shipped_as_of()
        return {
            "currency": self._prices.unit,
            "prices_as_of": shipped["date"],
            "prices_source": shipped["source"],
            "hour": _ends(total(bill.of_hour() for bill in bills)),
            "day": _ends(total(bill.of_day() for bill in bills)),
            "functions": len(rows),
            "without": len(inventory.functions) - len(rows),
            "dearest": [self._dear(function, found) for _, function, found in rows[:_DEAREST]],
        }

    def _dear(self, function: Function, found: Ceiling) -> dict[str, Any]:
        return {
            "function_id": function.id,
            "function_name": function.name,
            "cloud": function.cloud.value,
            "location": function.location,
            **_money(found.bill),
            "observed_day": self._measured(function),
        }


def _open(function: Function) -> bool:
    """Whether somebody outside is known to set it off."""
    try:
        return next(open_ways(function), None) is not None
    except Unanswered:
        return False


def _legs(bill: Bill) -> list[dict[str, Any]]:
    return [{"name": leg.value, "hour": _ends(bill.hour[leg]), "day": _ends(bill.day[leg])} for leg in bill.hour]


def _way(way: WayCeiling) -> dict[str, Any]:
    return {
        "name": way.name,
        **_money(way.bill),
        "legs": _legs(way.bill),
        "limits": list(way.limits),
        "beyond": list(way.beyond),
    }


def _money(bill: Bill) -> Mapping[str, Any]:
    return {"hour": _ends(bill.of_hour()), "day": _ends(bill.of_day())}


def _ends(amount: Amount) -> dict[str, float | None]:
    """The ends as numbers: two decimals survive as such."""
    high = to_the_cent(amount.most)
    return {"low": float(cents(amount.least)), "high": None if high is None else float(high)}
