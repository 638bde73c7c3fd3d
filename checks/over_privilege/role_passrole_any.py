"""Flags execution roles that can pass any role of the account to a service."""

from collections.abc import Iterator

from auditor.analysis.broad_statements import Breadth, BroadStatement, passes_any_role
from auditor.analysis.grants import restricted
from auditor.analysis.policy_edits import edit, statement_site
from auditor.analysis.roles import (
    OWN_POLICIES,
    acting_role,
    all_grants,
    broad_of,
    grant_loci,
    grant_source,
    owner_of,
    readable_grants,
)
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.identity import Conditions
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Limit iam:PassRole to the ARN of the one role that is passed, with a condition on iam:PassedToService. If"
    " the code passes no role, remove the action.",
    breaks="Passing any other role, or one to another service, fails with AccessDenied.",
    command="aws iam put-role-policy --role-name {role} --policy-name <name of the policy> --policy-document"
    ' \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"<role-arn>","Condition":{"StringEquals":{"iam:PassedToService":"REPLACE-service.amazonaws.com"}}}]}\'',
    terraform="""\
resource "aws_iam_role_policy" "pass_one_role" {
  role = "{role}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = "arn:{partition}:iam::{account}:role/<role that is passed>"
      Condition = { StringEquals = { "iam:PassedToService" = "REPLACE-service.amazonaws.com" } }
    }]
  })
}""",
)


@check(
    id="role-passrole-any",
    title="Role can pass any role",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("role-passrole-any",),
    facet_of=("escalation-path", "role-service-wildcard", "role-resource-wildcard"),
    references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",),
    cwe=269,
)
def role_passrole_any(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Together with permission to start anything that runs code, iam:PassRole on every role is privilege escalation
    to every role of the account, administrators included. A condition on iam:PassedToService limits the services and
    lowers the finding to medium. Statements with * or iam:* are reported by role-admin and role-service-wildcard, AWS
    managed policies by role-aws-managed-broad, and are not repeated here.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    reported = [broad.grant for broad in broad_of(role) if _holds_iam(broad)]
    found = [
        grant
        for grant in passes_any_role(readable_grants(role), owner_of(role))
        if grant.origin in OWN_POLICIES and grant not in reported
    ]
    for grant, locus in zip(found, grant_loci(found), strict=True):
        changed = edit(role, grant, "name the one role that is passed")
        yield Hit(
            message=f"Role {role.name} can pass any role through policy {grant.policy}{restricted(grant)}",
            evidence=(Evidence(grant_source(role, grant), grant.text),),
            locus=locus,
            site=statement_site(role, grant),
            severity=None if grant.conditions is Conditions.VACUOUS else Severity.MEDIUM,
            values=changed.values,
            command=changed.command,
        )
    all_grants(role)


def _holds_iam(broad: BroadStatement) -> bool:
    return broad.breadth is Breadth.ADMINISTRATOR or (broad.breadth is Breadth.SERVICE and "iam:*" in broad.actions)
