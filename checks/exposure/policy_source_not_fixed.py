"""Flags statements whose source condition contains a wildcard or a policy variable."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.policy_statements import allowing, deed, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Add the permission again with the full ARN of the one source, and its account, then remove the statement"
    " with the wildcard.",
    breaks="Sources that only matched the wildcard can no longer invoke the function: list them first.",
    command="aws lambda add-permission --region {location} --function-name {target} --statement-id <source> --action lambda:InvokeFunction"
    " --principal {service} --source-arn <full-source-arn> --source-account {account}\n"
    "aws lambda remove-permission --region {location} --function-name {target} --statement-id {sid}",
    terraform="""\
# replaces the statement "{sid}"
resource "aws_lambda_permission" "source" {
  function_name  = "{name}"
  statement_id   = "<source>"
  action         = "lambda:InvokeFunction"
  principal      = "{service}"
  source_arn     = "<full ARN of the source>"
  source_account = "{account}"
}""",
)


@check(
    id="policy-source-not-fixed",
    title="Source condition uses a wildcard",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("policy-source-not-fixed",),
    facet_of=(
        "policy-public",
        "policy-cross-account",
        "policy-conditional-public",
        "policy-service-no-source",
        "policy-s3-no-source-account",
    ),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    cwe=284,
)
def policy_source_not_fixed(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A source condition with a wildcard or a variable matches every source the pattern fits, including later ones
    of other owners. A pattern counts only where nothing else in the statement fixes the source: a fixed organization,
    account, VPC endpoint or full ARN beside it suffices, and so do the stage and method wildcards of one named API
    (execute-api), which API Gateway itself writes. policy-public or policy-service-no-source reports the access with
    its severity; this finding names the cause.
    """
    for stated in allowing(of_policies(function.policies.need())):
        grant = stated.grant
        if grant.source_wildcard:
            yield Hit(
                message=f"{stated.label} in the policy of {function.name} allows {stated.who} to {deed(grant)} under a pattern:"
                f" {', '.join(grant.sources or grant.condition_keys)}",
                evidence=(cite(stated.fact, grant.text),),
                locus=stated.locus,
                site=sites.statement(function, stated),
                values=stated.values(function.name),
            )
