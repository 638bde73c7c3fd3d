"""Calls about the account as a whole."""

from typing import Final

from auditor.model.capture import Depth
from auditor.model.secret import Treatment
from providers.aws.operations.declaration import AwsOperation, declare, holds

ACCOUNT: Final[tuple[AwsOperation, ...]] = (
    declare("sts:GetCallerIdentity", "which account the credentials belong to", answer=holds(Account=str)),
    declare(
        "ec2:DescribeRegions",
        "the regions the account has enabled",
        answer=holds(Regions=list),
    ),
    declare(
        "organizations:DescribeOrganization",
        "the organization the account belongs to, to which conditions of policies may limit access",
        depth=Depth.STANDARD,
        answer=holds(Organization=dict),
        absent_codes=frozenset({"AWSOrganizationsNotInUseException"}),
        redact={"Organization.MasterAccountEmail": Treatment.DROP},
    ),
    declare(
        "iam:GetAccountAuthorizationDetails",
        "execution roles and every other principal, with their policies, boundaries and trust",
        pages="RoleDetailList",
        answer=holds(RoleDetailList=list, Policies=list),
        token=("Marker", "Marker"),
        continuation=("Marker", "IsTruncated"),
    ),
)
