"""Reads changed captures, and finds one function of them."""

from typing import Any

from auditor.model.capture import Envelope
from auditor.model.function import Function
from auditor.model.inventory import Inventory
from providers.azure.normalize import normalize
from tests.unit.providers.azure.normalize.capture import (
    ORDERS,
    capture,
    config_row,
    rows,
    site_row,
)

BASE = capture()


def read(*changes: Envelope, without: tuple[str, ...] = ()) -> Inventory:
    """The base subscription with these answers in place of its own."""
    return normalize(BASE.without(*without).plus(*changes))


def app(inventory: Inventory, identifier: str = ORDERS) -> Function:
    """One function by its id."""
    return next(function for function in inventory.functions if function.id == identifier)


def orders(*changes: Envelope, without: tuple[str, ...] = ()) -> Function:
    """The app ``orders`` of a changed subscription."""
    return app(read(*changes, without=without))


def listed(*sites: dict[str, Any]) -> tuple[Envelope, Envelope]:
    """The lists of sites with these alone."""
    return rows("graph:Sites", *sites), rows("web:ListSites", *sites)


def one(config: dict[str, Any] | None = None, kind: str = "functionapp,linux", **properties: Any) -> Function:
    """The app ``orders`` with these properties of its site and its configuration."""
    row = site_row("orders", **properties) | {"kind": kind}
    return orders(*listed(row), rows("graph:SiteConfigs", config_row(ORDERS, **(config or {}))))
