"""What a report says of a run over several accounts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from auditor.model.capture import AccountFacts
from auditor.model.ids import scope_id


def organization_row(accounts: Sequence[AccountFacts], scopes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """``run.organization``; nothing where no organization and no accounts file was asked for."""
    if not accounts:
        return {}
    wanted = {scope_id(account.cloud, account.scope) for account in accounts if not account.left_out}
    unreadable = [row["id"] for row in scopes if row["id"] in wanted and row["status"] == "unreadable"]
    left_out = [
        {"id": scope_id(account.cloud, account.scope), "name": account.name, "reason": account.left_out}
        for account in accounts
        if account.left_out
    ]
    return {"organization": {"accounts": len(wanted), "unreadable": sorted(unreadable), "left_out": left_out}}
