"""Flags roles with actions that the code of their functions never calls."""

from collections.abc import Iterator

from auditor.analysis.policy_edits import statement_site
from auditor.analysis.policy_reductions import reduction_to_calls, uncalled
from auditor.analysis.roles import acting_role, readable_grants
from auditor.analysis.unused_permissions import calls_of_role
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Put the smaller policy in the place of this one: it allows nothing new, and leaves out what no code of the role's"
    " functions calls. Compare it first with what the role used, which a scan with --tier usage reads.",
    breaks="A call fails with AccessDenied where code makes it that was not followed, or another holder of the role.",
    command="aws iam list-role-policies --role-name {role}\naws iam list-attached-role-policies --role-name {role}",
    terraform="""\
resource "aws_iam_role_policy" "called" {
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
    id="role-actions-uncalled",
    title="Role allows actions that the code never calls",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    fix={Cloud.AWS: _FIX},
    facet_of=("role-admin", "role-service-wildcard", "role-aws-managed-broad", "role-resource-wildcard"),
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    ),
    cwe=250,
)
def role_actions_uncalled(function: Function, context: Context) -> Iterator[Hit]:
    """What the code does not call, an attacker in it can. The calls of AWS's SDKs for Python and JavaScript are found in
    the packages of all functions that run as the role, with what Lambda does in their name (logs, traces, network
    interfaces, event source mappings, destinations), and compared with each policy of the role.

    UNKNOWN where more may be called than was found: a call that is chosen at run time, a library that calls AWS itself, a
    layer, a published version, a function whose package was not read, another holder of the role. Roles of Azure and Google
    Cloud are not compared with what code calls.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    calls = calls_of_role(function, role, context)
    called = f"called: {', '.join(sorted(_calls(function))) or 'nothing'}"
    for policy in role.policies.need():
        smaller = reduction_to_calls(role, policy, calls)
        if smaller is None:
            continue
        found = uncalled(policy, calls)
        grants = [grant for grant in readable_grants(role) if grant.policy == policy.id]
        yield Hit(
            message=f"Role {role.name} allows {found} through policy {policy.id}, which no code of its functions calls",
            evidence=(cite(policy.document, smaller.detail), Evidence(function.code.analysis.source, called)),
            locus=policy.id,
            site=smaller.site or (statement_site(role, grants[0]) if len(grants) == 1 else f"{policy.id} of {role.id}"),
            values=smaller.values,
            command=smaller.command,
            terraform=smaller.terraform,
        )
    for policy in role.policies.need():
        policy.document.need()


def _calls(function: Function) -> set[str]:
    facts = function.code.analysis.need().facts
    return {use.call for use in (*facts.api_uses, *facts.other_uses)}
