"""Flags routes of APIs whose authorizer's answers are used again for longer than five minutes."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import STAGED, api_of, each_gateway
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_MOST = 300
"""Seconds: what API Gateway itself sets unless it is told otherwise. API reference, Authorizer (as of 2026-11)."""

_OTHER = (
    "aws apigatewayv2 update-authorizer --region {location} --api-id {api} --authorizer-id {authorizer}"
    " --authorizer-result-ttl-in-seconds 300"
)

_FIX = Fix(
    text="Cache the answers of the authorizer {authorizer} for five minutes at most, or for as long as a revoked permission may"
    " still work.",
    breaks="The authorizer's function runs more often.",
    command="aws apigateway update-authorizer --region {location} --rest-api-id {api} --authorizer-id {authorizer}"
    " --patch-operations op=replace,path=/authorizerResultTtlInSeconds,value=300",
    terraform="""\
resource "aws_api_gateway_authorizer" "this" { # HTTP: aws_apigatewayv2_authorizer
  rest_api_id                      = "{api}"
  name                             = "<name>"
  authorizer_uri                   = "<invoke arn of the authorizer's function>"
  authorizer_result_ttl_in_seconds = 300
}""",
)


@check(
    id="api-authorizer-cache-long",
    title="Answers of the API's authorizer are cached for long",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-authorizer-cache-long",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html",
    ),
    cwe=613,
)
def api_authorizer_cache_long(function: Function, _context: Context) -> Iterator[Hit]:
    """As long as the gateway uses an earlier answer of the authorizer again, a token that was revoked, or a user who was
    locked out, still gets in: an hour at most. Reported above five minutes, which API Gateway sets by itself. Judged are
    authorizers that a route to the function asks.
    """
    for gateway, found in each_gateway(function, STAGED, lambda gateway: gateway.authorizers):
        asked = {route.authorizer for route in gateway.routes}
        for each in found.value:
            if each.id in asked and each.seconds is not None and each.seconds > _MOST:
                yield Hit(
                    message=f"API {gateway.name} in front of {function.name} uses answers of the authorizer {each.name} for {each.seconds} seconds",
                    evidence=(cite(found, f"{each.name}: result TTL of {each.seconds} seconds"),),
                    locus=f"{gateway.id} {each.id}",
                    site=f"authorizer {each.id} of {gateway.id}",
                    command=None if gateway.kind == "rest" else _OTHER,
                    values={"api": api_of(gateway), "authorizer": each.id},
                )
