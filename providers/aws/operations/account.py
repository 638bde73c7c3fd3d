"""Calls about the account as a whole."""

from typing import Final

from providers.aws.operations.declaring import NEXT_UPPER, AwsOperation, declare

ACCOUNT: Final[tuple[AwsOperation, ...]] = (
    declare("sts:GetCallerIdentity", "which account the credentials belong to", expects=("Account",), kind=str),
    declare("account:ListRegions", "the regions the account has enabled", pages="Regions", token=NEXT_UPPER),
    declare(
        "ec2:DescribeRegions",
        "the regions the account has enabled, where account:ListRegions is denied",
        expects=("Regions",),
    ),
    declare(
        "iam:GetAccountAuthorizationDetails",
        "execution roles with their policies, boundaries and trust",
        pages="RoleDetailList",
        expects=("RoleDetailList", "Policies"),
        token=("Marker", "Marker"),
    ),
)
