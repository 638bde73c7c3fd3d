"""Flags execution roles with inline policies."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import PolicyOrigin
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Create a managed policy with the same document, attach it to the role, and only then delete the"
        " inline one.",
        breaks="The function lacks the permissions if the inline policy is deleted before the managed one is attached.",
        command="aws iam attach-role-policy --role-name {role} --policy-arn <managed-policy-arn> && aws iam delete-role-policy --role-name {role} --policy-name {policy}",
        terraform='resource "aws_iam_policy" "this" {\n  name   = "{policy}"\n  policy = data.aws_iam_policy_document.this.json\n}\n\nresource "aws_iam_role_policy_attachment" "this" {\n  role       = "{role}"\n  policy_arn = aws_iam_policy.this.arn\n}',
    )
}


@check(
    id="role-inline-policy",
    title="Role has inline policies",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=("role-inline-policy",),
    references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",),
    profile_level=ProfileLevel.STRICT,
)
def role_inline_policy(function: Function, _context: Context) -> Iterator[Hit]:
    """An inline policy has no versions, cannot be reviewed centrally or reused, and does not appear in searches for
    managed policies.

    An opinion: it grants no more than the same text in a managed policy.
    """
    identity = function.identity.need()
    if identity is None:
        raise NotApplicable("the function has no role")
    for policy in identity.policies.need():
        if policy.origin is PolicyOrigin.INLINE:
            yield Hit(
                message=f"Role {identity.name} of function {function.name} has the inline policy {policy.name}",
                evidence=(cite(identity.policies, f"RolePolicyList: {policy.name}"),),
                locus=policy.name,
                site=f"{identity.id}/{policy.name}",
                values={"policy": policy.name},
            )
