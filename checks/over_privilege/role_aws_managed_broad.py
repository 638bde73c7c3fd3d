"""Flags roles with policies that AWS wrote for people or whole services, not for one function."""

from collections.abc import Iterator

from auditor.analysis.execution_policies import EXECUTION_POLICIES
from auditor.analysis.roles import acting_role
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import PolicyOrigin
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Write a policy with the actions and resources this function uses, attach it, then detach the managed one. What the new"
    " policy forgets fails with AccessDenied.",
    command="aws iam put-role-policy --role-name {role} --policy-name <needs> --policy-document file://<needs>.json\n"
    "aws iam detach-role-policy --role-name {role} --policy-arn {policy}",
    terraform="""\
# replaces the attachment of {policy_name}
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
    id="role-aws-managed-broad",
    title="Execution role carries a broad AWS-managed policy",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("role-aws-managed-broad",),
    controls=("CIS-Compute-1.0:4.4", "NIST-800-53:AC-6", "CSA-SAS:SAS-4"),
    cwe=250,
)
def role_aws_managed_broad(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """AWS-managed policies know nothing of your resources, so they allow all of them, and AWS adds actions without asking you.
    Those made for execution roles (basic, VPC, SQS, Kinesis, DynamoDB, MSK, X-Ray, Insights) are fine and
    not reported; AWSLambdaRole is, because it may invoke every function.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    for policy in role.policies.need():
        if policy.origin is PolicyOrigin.PROVIDER and policy.name not in EXECUTION_POLICIES:
            yield Hit(
                message=f"Role {role.name} has the AWS-managed policy {policy.name} attached",
                evidence=(cite(role.policies, f"AttachedManagedPolicies: {policy.id}"),),
                locus=policy.id,
                values={"policy": policy.id, "policy_name": policy.name},
            )
