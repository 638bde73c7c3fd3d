"""Calls about the account as a whole."""

from typing import Final

from auditor.answer_shape import AnswerShape
from auditor.model.capture import Depth
from auditor.model.secret import Treatment
from providers.aws.operations.declaration import NEXT_UPPER, ORGANIZATION, USAGE, AwsOperation, declare, holds

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
        "budgets:DescribeBudgets",
        "whether a budget watches what the account spends",
        permission="budgets:ViewBudget",
        depth=Depth.STANDARD,
        absent_codes=frozenset({"NotFoundException"}),
        pages="Budgets",
        token=NEXT_UPPER,
        answer=AnswerShape(identifying={"Budgets": list}, empty="an account without a budget"),
        redact={f"Budgets[].{name}": Treatment.DROP for name in ("CostFilters", "CalculatedSpend", "FilterExpression")},
    ),
    declare(
        "ce:GetAnomalyMonitors",
        "whether anomalies of its costs are watched; AWS bills 0.01 USD for a call of Cost Explorer",
        depth=Depth.FULL,
        pages="AnomalyMonitors",
        token=("NextPageToken", "NextPageToken"),
        redact={"AnomalyMonitors[].MonitorSpecification": Treatment.DROP},
    ),
    declare(
        "organizations:ListAccounts",
        "the accounts of the organization, where a run is to read them",
        tier=ORGANIZATION,
        pages="Accounts",
        token=NEXT_UPPER,
        redact={"Accounts[].Email": Treatment.DROP},
    ),
    declare(
        "organizations:ListAccountsForParent",
        "the accounts of an organizational unit, where a run is to read them",
        tier=ORGANIZATION,
        pages="Accounts",
        token=NEXT_UPPER,
        redact={"Accounts[].Email": Treatment.DROP},
    ),
    declare(
        "organizations:ListOrganizationalUnitsForParent",
        "the organizational units below one whose accounts a run is to read",
        tier=ORGANIZATION,
        pages="OrganizationalUnits",
        token=NEXT_UPPER,
    ),
    declare(
        "organizations:ListPolicies",
        "the service and resource control policies of the organization, which limit what roles may do",
        depth=Depth.STANDARD,
        tier=ORGANIZATION,
        per_subject=True,
        pages="Policies",
        token=NEXT_UPPER,
    ),
    declare(
        "organizations:ListTargetsForPolicy",
        "the accounts and units that such a policy is attached to",
        depth=Depth.STANDARD,
        tier=ORGANIZATION,
        per_subject=True,
        pages="Targets",
        token=NEXT_UPPER,
    ),
    declare(
        "organizations:DescribePolicy",
        "what such a policy allows and denies",
        depth=Depth.STANDARD,
        tier=ORGANIZATION,
        per_subject=True,
        answer=holds(Policy=dict),
    ),
    declare(
        "organizations:ListParents",
        "the units above an account, whose policies bind it too",
        depth=Depth.STANDARD,
        tier=ORGANIZATION,
        per_subject=True,
        pages="Parents",
        token=NEXT_UPPER,
    ),
    declare(
        "sts:AssumeRole",
        "acting as the role that reads another account; limit it to that role's name",
        tier=ORGANIZATION,
        makes_call=False,
    ),
    declare(
        "iam:GetAccountAuthorizationDetails",
        "execution roles and every other principal, with their policies, boundaries and trust",
        pages="RoleDetailList",
        answer=holds(RoleDetailList=list, Policies=list),
        token=("Marker", "Marker"),
        continuation=("Marker", "IsTruncated"),
    ),
    declare(
        "iam:GenerateServiceLastAccessedDetails",
        "has AWS make the report of which services a role used; it changes nothing else",
        depth=Depth.STANDARD,
        tier=USAGE,
        per_subject=True,
        answer=holds(JobId=str),
    ),
    declare(
        "iam:GetServiceLastAccessedDetails",
        "the services and actions that a role used, and so what a smaller policy has to keep",
        depth=Depth.STANDARD,
        tier=USAGE,
        per_subject=True,
        pages="ServicesLastAccessed",
        token=("Marker", "Marker"),
        answer=holds(JobStatus=str, ServicesLastAccessed=list),
    ),
)
