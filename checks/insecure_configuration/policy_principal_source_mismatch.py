"""Flags invoke permissions whose service principal and source ARN do not match."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.policy_statements import allowing, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_SOURCES = {
    "apigateway.amazonaws.com": "execute-api",
    "cloudformation.amazonaws.com": "cloudformation",
    "codecommit.amazonaws.com": "codecommit",
    "cognito-idp.amazonaws.com": "cognito-idp",
    "cognito-sync.amazonaws.com": "cognito-sync",
    "config.amazonaws.com": "config",
    "elasticloadbalancing.amazonaws.com": "elasticloadbalancing",
    "events.amazonaws.com": "events",
    "iot.amazonaws.com": "iot",
    "logs.amazonaws.com": "logs",
    "s3.amazonaws.com": "s3",
    "secretsmanager.amazonaws.com": "secretsmanager",
    "ses.amazonaws.com": "ses",
    "sns.amazonaws.com": "sns",
}
"""The service of the source ARN that each calling service sends, where AWS documents one."""

FIX = {
    Cloud.AWS: Fix(
        text="Remove the statement and grant the service that actually invokes the function, restricted to its source.",
        command="aws lambda remove-permission --function-name {target} --region {location} --statement-id {sid}",
        terraform='resource "aws_lambda_permission" "trigger" {\n  function_name  = "{name}"\n  action         = "lambda:InvokeFunction"\n  principal      = "REPLACE-service.amazonaws.com"\n  source_arn     = "<arn-of-a-resource-of-that-service>"\n  source_account = "{account}"\n}',
    )
}


@check(
    id="policy-principal-source-mismatch",
    title="Service principal and source do not match",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("policy-principal-source-mismatch",),
    facet_of=(
        "policy-public",
        "policy-cross-account",
        "policy-conditional-public",
        "policy-service-no-source",
        "policy-s3-no-source-account",
    ),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",),
)
def policy_principal_source_mismatch(function: Function, _context: Context) -> Iterator[Hit]:
    """Such a statement never applies: the trigger it was written for does not work, or a second, less restrictive one
    was added.

    Only services whose source ARNs are known are compared; a source with a wildcard for the service is not judged.
    """
    for stated in allowing(of_policies(function.policies.need())):
        grant = stated.grant
        expected = {_SOURCES.get(service) for service in grant.services}
        actual = {source.split(":")[2] for source in grant.sources if source.count(":") >= 5}
        comparable = expected and None not in expected and actual and not any("*" in name for name in actual)
        if grant.invokes and not grant.not_principal and comparable and actual.isdisjoint(expected):
            yield Hit(
                message=f"{stated.label} of function {function.name} allows {', '.join(grant.services)} for a source ARN of {', '.join(sorted(actual))}",
                evidence=(cite(stated.fact, grant.text),),
                locus=stated.locus,
                site=sites.statement(function, stated),
                values=stated.values(function.name),
            )
