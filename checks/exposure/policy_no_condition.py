"""Flags grants to services, other accounts or everyone that carry no condition at all."""

from collections.abc import Iterator

from auditor.analysis.statements import allowing, deed, of_policies
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Grant again with a condition that names the source: its ARN and account for a service, the organisation for"
    " another account. Remove the bare statement afterwards.",
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
    controls=("NIST-800-53:AC-3",),
    profile_level=ProfileLevel.STRICT,
)
def policy_no_condition(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A condition is the second fence behind the principal; without one a mistake in the principal is the whole
    mistake. Statements for named principals of your own account need none and are not reported. What such a
    grant really opens is reported, with its weight, by policy-public, policy-cross-account and policy-service-no-source.
    """
    for stated in allowing(of_policies(function.policies.need())):
        grant = stated.grant
        if not grant.condition_keys and grant.reach not in (Reach.SCOPED, Reach.NONE):
            yield Hit(
                message=f"{stated.label} lets {stated.who} {deed(grant)} without any condition",
                evidence=(cite(stated.fact, grant.text),),
                locus=stated.locus,
                values=stated.values(function.name),
            )
