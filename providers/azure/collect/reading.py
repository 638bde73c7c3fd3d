"""Looks into answers without trusting their shape: what is not of the expected type is not there."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit


def record(value: Any, *path: str) -> Mapping[str, Any]:
    """The mapping at a path; an empty one for anything else."""
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def rows(value: Any, *path: str) -> Iterator[Mapping[str, Any]]:
    """The mappings in the list at a path."""
    items = record(value, *path[:-1]).get(path[-1])
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, Mapping))


def text(value: Any, *path: str) -> str:
    """The text at a path; "" for anything else."""
    found = record(value, *path[:-1]).get(path[-1])
    return found if isinstance(found, str) else ""


def subscription_of(row: Mapping[str, Any]) -> str:
    """The subscription a row of Resource Graph belongs to, in lower case; "" for one above all subscriptions."""
    given = text(row, "subscriptionId").lower()
    parts = text(row, "id").lower().split("/")
    return given or (parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else "")


def account_of_url(url: str) -> str:
    """The storage account of a service's URL, in lower case; "" for anything else."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    account, _, rest = host.partition(".")
    return account if rest.startswith(("blob.", "queue.", "table.", "file.", "z")) else ""
