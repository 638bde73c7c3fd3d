"""Flags execution roles with an AWS managed policy that is broader than one function needs."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.broad_statements import Breadth, BroadStatement, passes_any_role
from auditor.analysis.grants import restricted
from auditor.analysis.policy_reductions import reduction
from auditor.analysis.roles import acting_role, all_grants, broad_of, grant_source, owner_of, readable_grants
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import Conditions, PermissionPolicy, PolicyOrigin, PolicyStatement
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_SHOWN = 6

_FIX = Fix(
    text="Write a customer-managed policy with the actions and resources this function uses, attach it, then"
    " detach the AWS managed policy.",
    breaks="Actions missing from the new policy fail with AccessDenied, for every function that uses the role.",
    command="aws iam put-role-policy --role-name {role} --policy-name <name of a policy of what the code uses>"
    " --policy-document file://<that policy>.json\n"
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
    title="Role has a broad AWS managed policy",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("role-aws-managed-broad",),
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    ),
    cwe=250,
)
def role_aws_managed_broad(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """AWS managed policies cannot name the resources of an account, so they allow all of them, and AWS adds actions
    over time. The policy document is judged, not the name: what it allows on every resource, with the severity of its
    most dangerous action, as role-resource-wildcard explains it. Policies that only write logs and traces, attach to a
    VPC, poll an event source or describe resources are not reported; AWSLambdaRole is, because it can invoke every
    function. All that one attachment allows is one finding; administrator policies are reported by role-admin.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    broad = broad_of(role, PolicyOrigin.PROVIDER)
    passing = passes_any_role(readable_grants(role), owner_of(role))
    policies = [policy for policy in role.policies.need() if policy.origin is PolicyOrigin.PROVIDER]
    for policy in policies:
        found = _Attachment(policy, broad, passing)
        if found.severity is not None:
            hit = Hit(
                message=f"Role {role.name} has the AWS managed policy {policy.name} attached, which allows {found.what}",
                evidence=(
                    cite(role.policies, f"AttachedManagedPolicies: {policy.id}"),
                    *(Evidence(grant_source(role, grant), grant.text) for grant in found.grants),
                ),
                locus=policy.id,
                site=sites.attachment(role.id, policy.id),
                severity=found.severity,
                values={"policy": policy.id, "policy_name": policy.name},
            )
            smaller = reduction(role, policy.id)
            yield (
                hit
                if smaller is None
                else hit.mended(
                    cite(role.usage, smaller.detail), smaller.command, smaller.terraform, smaller.values, smaller.site
                )
            )
    all_grants(role)


class _Attachment:
    """What one managed policy allows that is too much, unless it makes an administrator."""

    def __init__(
        self, policy: PermissionPolicy, broad: tuple[BroadStatement, ...], passing: tuple[PolicyStatement, ...]
    ) -> None:
        own = [one for one in broad if one.grant.policy == policy.id]
        self._administers = any(one.breadth is Breadth.ADMINISTRATOR and one.severity for one in own)
        self._broad = sorted((one for one in own if _weight(one) >= Severity.MEDIUM.rank), key=_weight, reverse=True)
        held = [one.grant for one in self._broad]
        self._passing = [grant for grant in passing if grant.policy == policy.id and grant not in held]

    @property
    def severity(self) -> Severity | None:
        """That of the worst; None where nothing is above low, or role-admin says it."""
        if self._administers:
            return None
        found = [one.severity for one in self._broad if one.severity is not None]
        found += [
            Severity.HIGH if grant.conditions is Conditions.VACUOUS else Severity.MEDIUM for grant in self._passing
        ]
        return max(found, key=lambda one: one.rank, default=None)

    @property
    def grants(self) -> tuple[PolicyStatement, ...]:
        """The statements that say so."""
        return (*(one.grant for one in self._broad), *self._passing)

    @property
    def what(self) -> str:
        """What they allow, for a sentence."""
        parts = [f"{_shortened(one)} on {one.where}{restricted(one.grant)}" for one in self._broad]
        parts += [f"iam:PassRole on every role{restricted(grant)}" for grant in self._passing]
        return "; ".join(parts)


def _weight(broad: BroadStatement) -> int:
    return broad.severity.rank if broad.severity is not None else -1


def _shortened(broad: BroadStatement) -> str:
    if len(broad.actions) <= _SHOWN:
        return broad.what
    return f"{', '.join(broad.actions[:_SHOWN])} and {len(broad.actions) - _SHOWN} more"
