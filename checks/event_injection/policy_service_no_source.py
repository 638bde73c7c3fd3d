"""Flags grants to an AWS service principal without a source ARN or account condition (confused deputy)."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.policy_statements import judged, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Add the permission again with the ARN and account of the source, then remove this statement.",
    breaks="Other sources of the same service can no longer invoke the function and need their own permission; add"
    " the new one first, so that no event is lost.",
    command="aws lambda add-permission --region {location} --function-name {target} --statement-id <source> --action lambda:InvokeFunction"
    " --principal {service} --source-arn <source-arn> --source-account {account}\n"
    "aws lambda remove-permission --region {location} --function-name {target} --statement-id {sid}",
    terraform="""\
# replaces the statement "{sid}"
resource "aws_lambda_permission" "source" {
  function_name  = "{name}"
  statement_id   = "<source>"
  action         = "lambda:InvokeFunction"
  principal      = "{service}"
  source_arn     = "<source ARN>"
  source_account = "{account}"
}""",
)


@check(
    id="policy-service-no-source",
    title="Service principal can invoke without a source condition",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("policy-service-no-source",),
    facet_of=("policy-public", "policy-cross-account"),
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
    ),
    cwe=441,
)
def policy_service_no_source(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The service principal acts for every AWS customer: another account can configure its own bucket, topic or rule
    with this function as the target, and its events look like legitimate ones (confused deputy). A condition with a
    source ARN of a known account, a source account or an organization prevents that, and such statements are not
    reported.
    """
    for stated in judged(of_policies(function.policies.need())):
        if stated.grant.reach is Reach.SERVICE_WITHOUT_SOURCE:
            yield Hit(
                message=f"{stated.label} in the resource policy of {function.name} has"
                f" {'a source condition that fixes no account' if stated.grant.condition_keys else 'no source condition'}:"
                f" {stated.told}",
                evidence=(cite(stated.fact, stated.grant.text),),
                locus=stated.locus,
                site=sites.statement(function, stated),
                values=stated.values(function.name),
            )
