"""Flags private REST APIs in front of a function that admit the VPC endpoints of every account."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import api_values, for_stages
from auditor.analysis.gateway_stages import REST, each_gateway
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import AccessGrant, Effect
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_COMMAND = (
    "aws apigateway update-rest-api --region {location} --rest-api-id {api}"
    " --patch-operations file://<patch-of-policy.json>\n"
    "aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}"
)

_FIX = Fix(
    text="Admit in the resource policy of {locus} only the VPC endpoints of its callers, by aws:SourceVpce.",
    breaks="Callers that come through other VPC endpoints get 403.",
    command=_COMMAND,
    terraform="""\
resource "aws_api_gateway_rest_api_policy" "this" {
  rest_api_id = "{api}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "execute-api:Invoke"
      Resource  = "arn:{partition}:execute-api:{location}:{account}:{api}/*"
      Condition = { StringEquals = { "aws:SourceVpce" = ["<vpc endpoint id>"] } }
    }]
  })
}""",
)

_NETWORK = frozenset({"aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"})


@check(
    id="api-private-policy-loose",
    title="Private API admits the networks of every account",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-private-policy-loose",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html",
    ),
    cwe=668,
)
def api_private_policy_loose(function: Function, _context: Context) -> Iterator[Hit]:
    """A private API answers every caller that comes through a VPC endpoint for execute-api, and anybody can have one in an account of
    their own: only the resource policy says which endpoints or networks may call. A statement for every principal without a
    condition on the network or the organization admits them all, unless a Deny with such a condition takes it back. Routes
    that ask for IAM or a token still do.
    """
    for gateway, found in each_gateway(function, REST, lambda gateway: gateway.private.then(lambda _: gateway.grants)):
        if not gateway.private.need():
            continue
        open_to_all = next((grant for grant in found.value or () if _loose(grant)), None)
        if open_to_all is not None and not any(_narrows(grant) for grant in found.value or ()):
            command = for_stages(_COMMAND, gateway)
            yield Hit(
                message=f"Private API {gateway.name} in front of {function.name} admits VPC endpoints of every account",
                evidence=(cite(found, open_to_all.text),),
                locus=gateway.id,
                site=f"policy of {gateway.id}",
                command=command,
                values=api_values(gateway),
            )


def _loose(grant: AccessGrant) -> bool:
    return grant.effect is Effect.ALLOW and grant.reach.public


def _narrows(grant: AccessGrant) -> bool:
    return grant.effect is Effect.DENY and any(key.lower() in _NETWORK for key in grant.condition_keys)
