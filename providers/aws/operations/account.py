"""Calls about the account as a whole."""

from typing import Final

from providers.aws.operations.declaration import AwsOperation, declare, holds

ACCOUNT: Final[tuple[AwsOperation, ...]] = (
    declare("sts:GetCallerIdentity", "which account the credentials belong to", answer=holds(Account=str)),
    declare(
        "ec2:DescribeRegions",
        "the regions the account has enabled",
        answer=holds(Regions=list),
    ),
    declare(
        "iam:GetAccountAuthorizationDetails",
        "execution roles with their policies, boundaries and trust",
        pages="RoleDetailList",
        answer=holds(RoleDetailList=list, Policies=list),
        token=("Marker", "Marker"),
        continuation=("Marker", "IsTruncated"),
    ),
)
