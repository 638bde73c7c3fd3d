"""Flags grants to services, other accounts or the public without any condition."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.policy_statements import allowing, deed, of_policies
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Add the permission again with a condition that names the source: its ARN and account for a service, the"
    " organization for another account. Remove the statement without a condition afterwards.",
    breaks="Other sources and accounts that the statement without a condition admitted lose access.",
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
    id="policy-no-condition",
    title="Grant outside the account has no condition",
    risk=Risk.EXPOSURE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("policy-no-condition",),
    facet_of=(
        "policy-public",
        "policy-cross-account",
        "policy-conditional-public",
        "policy-service-no-source",
        "policy-s3-no-source-account",
    ),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    profile_level=ProfileLevel.STRICT,
)
def policy_no_condition(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A condition limits the effect of a mistake in the principal; without one the principal is the only control.
    Statements for named principals of the own account need no condition and are not reported. policy-public,
    policy-cross-account and policy-service-no-source report what such a grant allows, with its severity.
    """
    for stated in allowing(of_policies(function.policies.need())):
        grant = stated.grant
        if not grant.condition_keys and grant.reach not in (Reach.SCOPED, Reach.NONE):
            yield Hit(
                message=f"{stated.label} in the policy of {function.name} allows {stated.who} to {deed(grant)} without a condition",
                evidence=(cite(stated.fact, grant.text),),
                locus=stated.locus,
                site=sites.statement(function, stated),
                values=stated.values(function.name),
            )
