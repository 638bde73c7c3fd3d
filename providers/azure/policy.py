"""The custom role of this tool, written from the table of calls: nothing to forget, nothing to spare."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from auditor.provider import BASE, Operation
from providers.azure.operations import AzureOperation
from providers.permission_tiers import wanted_tiers

_ANY: Final = "REPLACE-subscription-id"

NEVER: Final = (
    "Microsoft.Web/sites/functions/masterkey/read",
    "Microsoft.Web/sites/functions/token/read",
    "Microsoft.Web/sites/hostruntime/*",
    "Microsoft.Web/sites/config/appsettings/read",
    "Microsoft.Web/sites/slots/config/appsettings/read",
)
"""What is named like a read and yields keys or settings: taken out whatever else the role may come to hold."""


def document(operations: Sequence[Operation], tiers: Iterable[str] = (), scope: str | None = None) -> Mapping[str, Any]:
    """A custom role for the base tier and each tier asked for, as ``az role definition create`` takes it.

    ``scope`` is a subscription's id, or the full id of a management group or resource group. Raises UsageError for a
    tier that does not exist.
    """
    wanted = wanted_tiers(operations, tiers, "Azure")
    more = [tier for tier in wanted if tier != BASE]
    asked = [operation for operation in operations if operation.tier in wanted]
    granted = {action for operation in asked if not _on_data(operation) for action in _actions(operation)}
    data = {action for operation in asked if _on_data(operation) for action in _actions(operation)}
    place = scope or _ANY
    return {
        "Name": " ".join(["Serverless Auditor", *(f"with {tier}" for tier in more)]),
        "IsCustom": True,
        "Description": "Reads what the serverless auditor asks of function apps, and nothing else.",
        "Actions": sorted(granted),
        "NotActions": list(NEVER),
        "DataActions": sorted(data),
        "NotDataActions": [],
        "AssignableScopes": [place if place.startswith("/") else f"/subscriptions/{place}"],
    }


def _on_data(operation: Operation) -> bool:
    return isinstance(operation, AzureOperation) and operation.data


def _actions(operation: Operation) -> tuple[str, ...]:
    """What allows a call, on slots as well."""
    if not isinstance(operation, AzureOperation):
        return (operation.permission,)
    return tuple(filter(None, (operation.permission, operation.slot_permission, *operation.also)))
