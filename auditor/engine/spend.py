"""Turns spend ceilings into rows: of each function, and of the account as a whole."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from auditor.analysis.cost.amounts import Amount, Bill, cents, to_the_cent, total
from auditor.analysis.cost.ceilings import Ceiling, WayCeiling, ceiling, measured, together
from auditor.analysis.cost.prices import PriceList, shipped_as_of
from auditor.model.function import Function
from auditor.model.inventory import Inventory

_DEAREST: Final = 10


class Spend:
    """The ceilings of an inventory. A row is reckoned again when it is asked for: ten thousand are not kept."""

    def __init__(self, inventory: Inventory, prices: PriceList) -> None:
        self._prices = prices
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
            "triggers": [_way(way) for way in found.ways],
            "assumptions": list(found.assumptions),
            "unread_limits": [
                {"operation": gap.operation, "permission": gap.permission, "reason": gap.reason.value}
                for gap in found.gaps
            ],
            "shares": found.pool,
            "observed_day": self._measured(function),
        }

    def _measured(self, function: Function) -> dict[str, float | None] | None:
        found = measured(function, self._prices)
        return _ends(found.of_day()) if found is not None else None

    def _of(self, function: Function) -> Ceiling | None:
        return ceiling(function, self._locations.get(f"{function.scope}/{function.location}"), self._prices)

    def _of_account(self, inventory: Inventory) -> dict[str, Any]:
        sharing: defaultdict[str, list[Bill]] = defaultdict(list)
        rows: list[tuple[Amount, dict[str, Any]]] = []
        for function in inventory.functions:
            found = self._of(function)
            if found is not None:
                sharing[found.pool or function.id].append(found.bill)
                rows.append((found.hour, {**_dear(function, found), "observed_day": self._measured(function)}))
        rows.sort(key=lambda each: (-each[0].most, -each[0].least, each[1]["function_id"]))
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
            "dearest": [row for _, row in rows[:_DEAREST]],
        }


def _dear(function: Function, found: Ceiling) -> dict[str, Any]:
    return {
        "function_id": function.id,
        "function_name": function.name,
        "cloud": function.cloud.value,
        "location": function.location,
        **_money(found.bill),
    }


def _way(way: WayCeiling) -> dict[str, Any]:
    legs = [
        {"leg": leg.value, "hour": _ends(way.bill.hour[leg]), "day": _ends(way.bill.day[leg])} for leg in way.bill.hour
    ]
    return {
        "name": way.name,
        **_money(way.bill),
        "legs": legs,
        "limits": list(way.limits),
        "beyond": list(way.beyond),
    }


def _money(bill: Bill) -> Mapping[str, Any]:
    return {"hour": _ends(bill.of_hour()), "day": _ends(bill.of_day())}


def _ends(amount: Amount) -> dict[str, float | None]:
    """The ends as numbers: two decimals survive as such."""
    high = to_the_cent(amount.most)
    return {"low": float(cents(amount.least)), "high": None if high is None else float(high)}
