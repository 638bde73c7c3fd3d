"""Flags functions whose role is an administrator of the account."""

from collections.abc import Iterator

from auditor.analysis.grants import is_admin
from auditor.analysis.roles import acting_role, all_grants, grant_source, readable_grants
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Attach a policy of the actions the code uses (Access Analyzer can draft one from CloudTrail), test it, and only then"
    " remove the administrator grant: whatever the new policy forgets stops working.",
    command="aws accessanalyzer start-policy-generation --region {location} --policy-generation-details principalArn=arn:{partition}:iam::{account}:role/{role}\n"
    "aws iam detach-role-policy --role-name {role} --policy-arn <administrator-policy-arn>",
    terraform="""\
resource "aws_iam_role_policy" "needs" {
  role = "{role}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["<service>:<action the code calls>"]
      Resource = ["<ARN the code uses>"]
    }]
  })
}""",
)


@check(
    id="role-admin",
    title="Execution role is an administrator",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.CRITICAL,
    fix={Cloud.AWS: _FIX},
    covers=("role-admin",),
    controls=("CIS-Compute-1.0:4.9", "NIST-800-53:AC-6", "CSA-SAS:SAS-4", "OWASP-SLS:S5"),
    cwe=250,
)
def role_admin(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Code execution in this function, through one vulnerable dependency or one injected event, is control of the whole
    account. We read every attached and inline document: an Allow of every action on every resource counts,
    and so does one of every action but a few. A permission boundary may take some of it back and is not weighed here.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    grant = is_admin(readable_grants(role))
    if grant is not None:
        what = "every action" if grant.actions else f"every action except {', '.join(grant.not_actions)}"
        yield Hit(
            message=f"Role {role.name} allows {what} on every resource through policy {grant.policy}",
            evidence=(Evidence(grant_source(role, grant), grant.text),),
            locus=f"{grant.policy}/{grant.statement}",
        )
    all_grants(role)
