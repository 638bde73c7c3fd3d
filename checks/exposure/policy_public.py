"""Flags resource-policy statements that let any principal invoke, change or read the function."""

from collections.abc import Iterator

from auditor.analysis.statements import judged, of_policies, opens
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import ResourceGrant
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Unknown
from auditor.model.severity import Severity

_FIX = Fix(
    text="Remove the statement, then grant the one account, role or service that needs the function. Callers who rely"
    " on the open grant lose access at once: find them in CloudTrail or the access log first.",
    command="aws lambda remove-permission --region {location} --function-name {target} --statement-id {sid}",
    terraform="""\
# replaces the statement "{sid}"
resource "aws_lambda_permission" "caller" {
  function_name = "{name}"
  statement_id  = "<caller>"
  action        = "lambda:InvokeFunction"
  principal     = "<account id or role ARN>"
}""",
)


@check(
    id="policy-public",
    title="Resource policy lets anyone use the function",
    risk=Risk.EXPOSURE,
    severity=Severity.CRITICAL,
    fix={Cloud.AWS: _FIX},
    covers=("policy-public", "gap-qualified-policy"),
    controls=("FSBP:Lambda.1", "CIS-Compute-1.0:4.6", "NIST-800-53:AC-3", "CSA-SAS:SAS-2"),
    cwe=284,
)
def policy_public(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A principal of * is every AWS account in existence: an attacker signs a call with an account of their own
    and runs your code with your role and at your cost. We read the policy of every alias and version known, not
    only of $LATEST, and call a condition a restriction only when it is one. A grant that counts only through a
    function URL is low while no such URL exists: it waits for the day somebody creates one.
    """
    for stated in judged(of_policies(function.policies.need())):
        if not stated.grant.reach.public:
            continue
        severity, remark = _weigh(function, stated.grant)
        yield Hit(
            message=f"{stated.label}: {stated.told}{remark}",
            evidence=(cite(stated.fact, stated.grant.text),),
            locus=stated.locus,
            severity=severity,
            values=stated.values(function.name),
        )


def _weigh(function: Function, grant: ResourceGrant) -> tuple[Severity, str]:
    if not grant.endpoint_only:
        return Severity.CRITICAL if grant.invokes or grant.modifies else Severity.HIGH, ""
    if isinstance(function.endpoints, Unknown):
        return Severity.HIGH, " It counts only through a function URL, and whether there is one could not be read."
    for endpoint in function.endpoints.value:
        if opens(grant, endpoint):
            return Severity.HIGH, f" It counts through {endpoint.url}."
    return Severity.LOW, " It is dormant: it counts only through a function URL, and there is none that it opens."
