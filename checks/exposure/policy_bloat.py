"""Flags resource policies with more statements than the threshold."""

from collections.abc import Iterator

from auditor.analysis.endpoints import qualified
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

_FIX = Fix(
    text="List the statements, remove those whose source no longer exists, and replace per-route grants of the"
    " same API with a single statement for that API.",
    breaks="A source whose grant is removed can no longer invoke the function, so check each ARN first.",
    command="aws lambda get-policy --region {location} --function-name {target} --query Policy --output text\n"
    "aws lambda remove-permission --region {location} --function-name {target} --statement-id <stale-statement-id>",
    no_terraform="delete the stale aws_lambda_permission resources; there is no setting to add",
)


@check(
    id="policy-bloat",
    title="Resource policy has too many statements",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("policy-bloat",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    ),
)
def policy_bloat(function: Function, context: Context) -> Iterator[Hit]:
    """Permissions that are added by deployments and not removed make a policy unreviewable; stale grants stay
    unnoticed in it, and at 20 KB the next deployment fails. Statements are counted per alias and version. The
    threshold is max_policy_statements (10 by default).
    """
    limit = context.settings.max_policy_statements
    policies = function.policies.need()
    for policy, statements in each_of(policies, lambda policy: policy.statements):
        if len(statements) > limit:
            target = qualified(function.name, policy.qualifier)
            yield Hit(
                message=f"The resource policy of {target} has {len(statements)} statements; the threshold is {limit}",
                evidence=(cite(policy.statements, f"{len(statements)} entries in Policy.Statement"),),
                locus=policy.qualifier or "",
                values={"target": target},
            )
