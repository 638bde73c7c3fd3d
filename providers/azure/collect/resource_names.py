"""What the names of resources tell: their subscription, their storage account."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from providers.answers.json_paths import text


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


def region_of(location: str) -> str:
    """A region as Resource Manager's paths name it: ``westeurope`` for ``West Europe``."""
    return location.replace(" ", "").lower()
