"""Flags Allow statements written with NotPrincipal: everyone except those named."""

from collections.abc import Iterator

from auditor.analysis.statements import allowing, deed, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Write the statement the other way round: name who may, in Principal. Remove the NotPrincipal statement after the"
    " named callers have their own grant.",
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
    controls=("FSBP:Lambda.1", "NIST-800-53:AC-3"),
    cwe=284,
)
def policy_notprincipal(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Allow with NotPrincipal admits every principal of every account but a few, which is almost never what its author
    meant. policy-public reports how far it opens the function; this finding is about the form, because the same
    statement with another name in it would be just as open.
    """
    for stated in allowing(of_policies(function.policies.need())):
        if stated.grant.not_principal:
            yield Hit(
                message=f"{stated.label} allows everyone but the principals it names to {deed(stated.grant)}",
                evidence=(cite(stated.fact, stated.grant.text),),
                locus=stated.locus,
                values=stated.values(function.name),
            )
