"""Every call this tool can make to Google Cloud, with its permission. What is not here cannot be called.

The permissions are those of the IAM permissions reference. ``functions:ListRuntimes`` has none of its own there:
``cloudfunctions.locations.list`` is an assumption.
"""

from collections.abc import Mapping
from typing import Final

from providers.gcp.operations.declaration import GcpOperation
from providers.gcp.operations.dependencies import REFERRED
from providers.gcp.operations.functions import ASSET_TYPES, FUNCTIONS
from providers.gcp.operations.identities import IDENTITIES
from providers.gcp.operations.projects import CONSTRAINTS, PROJECTS
from providers.gcp.operations.quotas import QUOTAS, Quota, quota
from providers.gcp.operations.telemetry import TELEMETRY

__all__ = ["ASSET_TYPES", "BY_ID", "CONSTRAINTS", "LISTING", "OPERATIONS", "QUOTAS", "GcpOperation", "Quota", "quota"]

OPERATIONS: Final[tuple[GcpOperation, ...]] = (*PROJECTS, *FUNCTIONS, *IDENTITIES, *REFERRED, *TELEMETRY)
"""The table, in the order a run asks."""

BY_ID: Final[Mapping[str, GcpOperation]] = {operation.id: operation for operation in OPERATIONS}

LISTING: Final = frozenset({"functions:ListFunctions", "asset:ListResources", "run:ListServices"})
"""What lists functions."""
