"""Every call this tool can make to AWS, with its permission. What is not here cannot be called.

The permissions are those of the Service Authorization Reference; where an operation's permission carries another
name than the operation, it says so (ListFindingsV2, GetLayerVersionByArn, HeadBucket).
"""

from collections.abc import Mapping
from typing import Final

from providers.aws.operations.account import ACCOUNT
from providers.aws.operations.compute import COMPUTE
from providers.aws.operations.declaration import AwsOperation
from providers.aws.operations.dependencies import REFERRED
from providers.aws.operations.functions import LAMBDA_BULK, LAMBDA_EACH
from providers.aws.operations.quotas import QUOTAS, Quota, quota
from providers.aws.operations.service_sources import BALANCERS, BY_POLICY, BY_ROLE, WORLDWIDE
from providers.aws.operations.sources import GATEWAYS, SOURCES
from providers.aws.operations.telemetry import TELEMETRY

__all__ = ["BY_ID", "LISTING", "OPERATIONS", "QUOTAS", "AwsOperation", "Quota", "quota"]

OPERATIONS: Final[tuple[AwsOperation, ...]] = (
    *ACCOUNT,
    *LAMBDA_BULK,
    *LAMBDA_EACH,
    *TELEMETRY,
    *REFERRED,
    *GATEWAYS,
    *SOURCES,
    *BY_ROLE,
    *BY_POLICY,
    *BALANCERS,
    *COMPUTE,
    *WORLDWIDE,
)
"""The table, in the order a run asks."""

BY_ID: Final[Mapping[str, AwsOperation]] = {operation.id: operation for operation in OPERATIONS}

LISTING: Final = frozenset({"lambda:ListFunctions"})
"""What lists functions."""
