"""What is known of organizations before one is asked: kinds of policies, and how a path names its levels."""

from collections.abc import Mapping
from typing import Any, Final

KINDS: Final = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
IRREMOVABLE: Final = "p-RCPFullAWSAccess"
"""The resource control policy that AWS attaches everywhere and nobody can detach: nothing follows from it."""


def levels_of_path(row: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Root and units above an account, as the newest lists of accounts tell them: ``o-1/r-ab12/ou-ab12-1/111…/``."""
    told = row.get("Paths") if row is not None else None
    path = told[0] if isinstance(told, list) and len(told) == 1 else ""
    parts = path.split("/") if isinstance(path, str) else []
    if len(parts) < 2 or not parts[1].startswith("r-"):
        return ()
    return (parts[1], *(part for part in parts[2:] if part.startswith("ou-")))
