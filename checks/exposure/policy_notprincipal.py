"""Flags Allow statements with NotPrincipal, which grant every principal except those named."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.policy_statements import allowing, deed, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Rewrite the statement with Principal, naming the principals that need access. Remove the NotPrincipal"
    " statement after the named callers have their own grant.",
    breaks="Callers that the NotPrincipal statement admitted and that are not named lose access.",
    command="aws lambda add-permission --region {location} --function-name {target} --statement-id <caller> --action lambda:InvokeFunction"
    " --principal <account-id-or-role-arn>\n"
    "aws lambda remove-permission --region {location} --function-name {target} --statement-id {sid}",
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
    id="policy-notprincipal",
    title="Allow statement uses NotPrincipal",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("policy-notprincipal",),
    facet_of=(
        "policy-public",
        "policy-cross-account",
        "policy-conditional-public",
        "policy-service-no-source",
        "policy-s3-no-source-account",
    ),
    references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",),
    cwe=284,
)
def policy_notprincipal(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Allow with NotPrincipal grants every principal of every account except a few, which is rarely intended.
    policy-public reports the resulting access; this finding reports the form, because the same statement with other
    exceptions would grant as much.
    """
    for stated in allowing(of_policies(function.policies.need())):
        if stated.grant.not_principal:
            yield Hit(
                message=f"{stated.label} in the policy of {function.name} allows every principal except those in NotPrincipal to"
                f" {deed(stated.grant)}",
                evidence=(cite(stated.fact, stated.grant.text),),
                locus=stated.locus,
                site=sites.statement(function, stated),
                values=stated.values(function.name),
            )
