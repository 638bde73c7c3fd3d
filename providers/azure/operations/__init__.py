"""Every call this tool can make to Azure, with its permission. What is not here cannot be called.

Calls that hand out a credential are not in the table: listkeys, listsecrets, publishxml, publishingcredentials,
metadata, backup configuration, authentication settings with their secrets. Application settings, connection strings
and mounts are the opt-in tier ``settings``; their values are judged and dropped before anything is stored.
"""

from collections.abc import Mapping
from typing import Final

from providers.azure.operations.activity import ACTIVITY
from providers.azure.operations.apps import APPS
from providers.azure.operations.declaration import AzureOperation
from providers.azure.operations.dependencies import REFERRED
from providers.azure.operations.graph import GRAPH, TABLES, query_of
from providers.azure.operations.quotas import QUOTAS, Quota
from providers.azure.operations.subscription import SUBSCRIPTION

__all__ = ["BY_ID", "LISTING", "OPERATIONS", "QUOTAS", "TABLES", "AzureOperation", "Quota", "query_of"]

OPERATIONS: Final[tuple[AzureOperation, ...]] = (*SUBSCRIPTION, *GRAPH, *ACTIVITY, *APPS, *REFERRED)
"""The table, in the order a run asks."""

BY_ID: Final[Mapping[str, AzureOperation]] = {operation.id: operation for operation in OPERATIONS}

LISTING: Final = frozenset({"graph:Sites", "web:ListSites", "graph:ContainerApps", "app:ListContainerApps"})
"""What lists functions."""
