"""List prices by meter and region: a dated table that ships with the tool, and what an operator puts in its place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from auditor.model.ids import Cloud

_EVERYWHERE: Final = "*"


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one unit in one region. Its ends differ where the table lacks the region; ``note`` says so."""

    low: Decimal
    high: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What no answer of a cloud tells and an operator may know better: bytes, durations, arrivals."""

    log_bytes: int = 500
    """Bytes that one run writes to the log: the platform's own lines, at least."""
    response_bytes: int | None = None
    """Bytes that one run sends to the internet; None: not told, and its price is quoted apart."""
    shortest_run_ms: int = 100
    """The shortest run that counts: ten a second for each instance, as Lambda itself bounds synchronous calls."""
    requests_per_second: int = 1000
    """Arrivals where nothing of the platform limits them."""


@dataclass(frozen=True, slots=True)
class PriceList:
    """The shipped prices with an operator's own in front of them.

    ``overrides`` holds prices by meter, or by meter and region (``aws/lambda/request/eu-west-1``), in ``currency``;
    ``exchange_rate`` is how much of that currency one unit of the table's is.
    """

    overrides: Mapping[str, Decimal] = field(default_factory=dict)
    currency: str = ""
    exchange_rate: Decimal = Decimal(1)
    assumptions: Assumptions = Assumptions()
    _found: dict[tuple[str, str], Price] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, meter: str, region: str) -> Price:
        """The price of a unit of ``meter`` in ``region``."""
        found = self._found.get((meter, region))
        if found is None:
            found = self._found[meter, region] = self._look_up(meter, region)
        return found

    def _look_up(self, meter: str, region: str) -> Price:
        for name in (f"{meter}/{region}", meter):
            if name in self.overrides:
                return Price(self.overrides[name], self.overrides[name])
        listed = _meters()[meter]
        if exact := listed.get(region) or listed.get(_EVERYWHERE):
            return Price(exact * self.exchange_rate, exact * self.exchange_rate)
        ends = (min(listed.values()) * self.exchange_rate, max(listed.values()) * self.exchange_rate)
        return Price(*ends, f"no price of {meter} is shipped for {region}: that of {_whose(listed)} is taken")

    @property
    def unit(self) -> str:
        """The currency of every amount: an ISO 4217 code."""
        return self.currency or str(_read()["currency"])


def _whose(listed: Mapping[str, Decimal]) -> str:
    cheapest, dearest = min(listed, key=lambda region: listed[region]), max(listed, key=lambda region: listed[region])
    return cheapest if cheapest == dearest else f"{cheapest} to {dearest}"


def meters() -> tuple[str, ...]:
    """The names of all meters."""
    return tuple(_meters())


SHIPPED: Final = PriceList()
"""The shipped prices, as they are."""


def is_meter(name: str) -> bool:
    """Whether a name is a meter's, or a meter's with a region."""
    return name in _meters() or name.rpartition("/")[0] in _meters()


def shipped_as_of() -> dict[str, str]:
    """Date and source of the shipped table."""
    return {key: str(_read()[key]) for key in ("date", "source")}


def logs_meter(cloud: Cloud) -> str:
    """The meter of log ingestion."""
    return "gcp/logs/gib" if cloud is Cloud.GCP else f"{cloud}/logs/gb"


def egress_meter(cloud: Cloud) -> str:
    """The meter of traffic to the internet."""
    return "gcp/egress/gib" if cloud is Cloud.GCP else f"{cloud}/egress/gb"


@cache
def _meters() -> Mapping[str, Mapping[str, Decimal]]:
    return {
        name: {region: Decimal(amount) for region, amount in row["prices"].items()}
        for name, row in _read()["meters"].items()
    }


@cache
def _read() -> dict[str, Any]:
    text = files("auditor.analysis").joinpath("data", "prices.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
