"""Flags public REST APIs in front of a function whose resource policy narrows nothing or admits other accounts."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import api_values, for_stages
from auditor.analysis.gateway_stages import REST, each_gateway
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.exposure import AccessGrant, Effect, Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_COMMAND = (
    "aws apigateway update-rest-api --region {location} --rest-api-id {api}"
    " --patch-operations file://<patch-of-policy.json>\n"
    "aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}"
)

_FIX = Fix(
    text="Give the API {locus} a resource policy that admits the accounts, address ranges or VPC endpoints of its callers.",
    breaks="Callers that the policy does not name get 403.",
    command=_COMMAND,
    terraform="""\
resource "aws_api_gateway_rest_api_policy" "this" {
  rest_api_id = "{api}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:{partition}:iam::{account}:root" }
      Action    = "execute-api:Invoke"
      Resource  = "arn:{partition}:execute-api:{location}:{account}:{api}/*"
      Condition = { IpAddress = { "aws:SourceIp" = ["<address range>"] } }
    }]
  })
}""",
)


@check(
    id="api-policy-open",
    title="Resource policy of the REST API narrows nothing",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-policy-missing-or-open",),
    facet_of=("api-route-unauthenticated",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html",
    ),
    cwe=284,
    profile_level=ProfileLevel.STRICT,
)
def api_policy_open(function: Function, _context: Context) -> Iterator[Hit]:
    """A resource policy is the second control beside the authorizer of each route: it decides before the request reaches
    one, so that a route that lost its authorizer is not open to everyone. Without a policy, or with a statement for every
    principal and no condition, there is none; a statement for another account admits all that account trusts (medium).
    A statement for everyone is not reported where a Deny with conditions is beside it, the form AWS documents for lists
    of addresses. Opinionated, because many public APIs are meant for everyone; private APIs are judged by
    api-private-policy-loose.
    """
    for gateway, found in each_gateway(function, REST, lambda gateway: gateway.grants.then(lambda _: gateway.private)):
        if found.value:
            continue
        grants = gateway.grants.need()
        for what, severity in _faults(grants):
            command = for_stages(_COMMAND, gateway)
            yield Hit(
                message=f"Resource policy of REST API {gateway.name} in front of {function.name} {what}",
                evidence=(cite(gateway.grants, f"{gateway.id}: {what}"),),
                locus=f"{gateway.id} {what}",
                site=f"policy of {gateway.id}",
                severity=severity,
                command=command,
                values=api_values(gateway),
            )


def _faults(grants: tuple[AccessGrant, ...] | None) -> Iterator[tuple[str, Severity]]:
    """What a policy lacks, each once."""
    if grants is None:
        yield "is absent", Severity.LOW
        return
    allowed = [grant for grant in grants if grant.effect is Effect.ALLOW]
    denied = any(grant.effect is Effect.DENY and grant.condition_keys for grant in grants)
    if not denied and any(grant.reach.public for grant in allowed):
        yield "admits everyone", Severity.LOW
    for account in sorted(
        {account for grant in allowed if grant.reach is Reach.CROSS_ACCOUNT for account in grant.accounts}
    ):
        yield f"admits account {account}", Severity.MEDIUM
