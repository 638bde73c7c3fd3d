"""Flags resource policies that have gathered more statements than anyone reviews."""

from collections.abc import Iterator

from auditor.analysis.endpoints import qualified
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

_FIX = Fix(
    text="List the statements, remove those whose source is gone, and replace one-per-route grants of the same API by a"
    " single statement for that API. Removing a live grant stops its source, so check each ARN first.",
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
    controls=("CSA-SAS:SAS-11",),
)
def policy_bloat(function: Function, context: Context) -> Iterator[Hit]:
    """Every deployment that adds a permission and none that removes one leaves a policy nobody can read; stale grants
    hide there, and at 20 KB the next deployment fails. Statements are counted for each alias and version by itself.
    The threshold is max_policy_statements (10 by default).
    """
    limit = context.settings.max_policy_statements
    policies = function.policies.need()
    for policy, statements in each_of(policies, lambda policy: policy.statements):
        if len(statements) > limit:
            target = qualified(function.name, policy.qualifier)
            yield Hit(
                message=f"The policy of {target} has {len(statements)} statements; the threshold is {limit}",
                evidence=(cite(policy.statements, f"{len(statements)} entries in Policy.Statement"),),
                locus=policy.qualifier or "",
                values={"target": target},
            )
