"""Flags role statements on every resource, of actions for which a resource could be named."""

from collections.abc import Iterator

from auditor.analysis.execution_policies import EXECUTION_POLICIES
from auditor.analysis.grants import any_resource, is_admin, restricted
from auditor.analysis.roles import acting_role, all_grants, grant_loci, grant_source, readable_grants
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.identity import Conditions, Grant, PolicyOrigin
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Name the resources in the statement: the table, bucket, queue or key the code uses. Keep * only for actions that know no"
    " resource, in a statement of their own. A resource left out fails with AccessDenied.",
    command="aws iam put-role-policy --role-name {role} --policy-name <policy-name> --policy-document file://<policy>.json",
    terraform="""\
resource "aws_iam_role_policy" "needs" {
  role = "{role}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource = ["arn:{partition}:dynamodb:{location}:{account}:table/<table>"]
    }]
  })
}""",
)


@check(
    id="role-resource-wildcard",
    title="Execution role acts on every resource",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("role-resource-wildcard",),
    controls=("CIS-Compute-1.0:4.4", "NIST-800-53:AC-6", "CSA-SAS:SAS-4"),
    cwe=250,
)
def role_resource_wildcard(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The function needs one table and may touch all of them, those of other teams included. Actions that only work with *
    (such as xray:PutTraceSegments or ec2:Describe*), the execution policies AWS writes for functions, and
    statements that are already reported by role-admin or whose condition narrows what they allow are left out. A condition
    only on who, where or how leaves every resource open, and lowers the finding to low.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    grants = readable_grants(role)
    admin = is_admin(grants, role.account)
    found = tuple(
        broad
        for broad in any_resource(grants, role.account)
        if broad.grant != admin
        and broad.grant.conditions is not Conditions.NARROWING
        and not _vendor_written(broad.grant)
    )
    for broad, locus in zip(found, grant_loci(broad.grant for broad in found), strict=True):
        yield Hit(
            message=f"Role {role.name} allows {', '.join(broad.actions)} on every resource through policy {broad.grant.policy}"
            f"{restricted(broad.grant)}",
            evidence=(Evidence(grant_source(role, broad.grant), broad.grant.text),),
            locus=locus,
            severity=None if broad.grant.conditions is Conditions.VACUOUS else Severity.LOW,
            confidence=None if broad.grant.conditions is Conditions.VACUOUS else Confidence.MEDIUM,
        )
    all_grants(role)


def _vendor_written(grant: Grant) -> bool:
    return grant.origin is PolicyOrigin.PROVIDER and grant.policy.rpartition("/")[2] in EXECUTION_POLICIES
