"""Flags routes of public APIs that can be called without an API key, so that no usage plan limits their callers."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import api_values, for_stages, public_gateways, route_locus, route_name
from auditor.analysis.gateway_stages import LOGGED
from auditor.analysis.triggers import heavier
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered
from auditor.model.severity import Severity

_WEBSOCKET = "aws apigatewayv2 update-route --region {location} --api-id {api} --route-id {part_id} --api-key-required"

_REST = (
    "aws apigateway update-method --region {location} --rest-api-id {api} --resource-id {part_id}"
    " --http-method {method} --patch-operations op=replace,path=/apiKeyRequired,value=true\n"
    "aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}"
)

_FIX = Fix(
    text="Require an API key on the route {locus}, beside its authentication, and put each caller's key into a usage plan with a"
    " rate and a quota.",
    breaks="Callers that send no key get 403.",
    command=_REST,
    terraform="""\
resource "aws_api_gateway_method" "this" {
  rest_api_id      = "{api}"
  resource_id      = "{part_id}"
  http_method      = "{method}"
  authorization    = "AWS_IAM"
  api_key_required = true
}""",
)


@check(
    id="api-key-not-required",
    title="API route has no quota for each caller",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-apikey-missing",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-key-with-console.html",
    ),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def api_key_not_required(function: Function, _context: Context) -> Iterator[Hit]:
    """An API key is not authentication: it says whose quota a request counts against, and belongs beside an authorizer
    (key-only-auth-public reports routes that ask for nothing else). Without keys one caller can use up the rate of the whole
    stage. Opinionated, because keys fit partners, not browsers. HTTP APIs know no keys; preflight requests are not judged.
    """
    gap: Gap | None = None
    for _, gateway in public_gateways(function):
        for route in gateway.routes if gateway.kind in LOGGED else ():
            if route.method == "OPTIONS":
                continue
            if not isinstance(route.key, Known):
                gap = heavier(gap, route.key.gap)
            elif not route.key.value:
                form = _WEBSOCKET if gateway.kind == "websocket" else _REST
                command = for_stages(form, gateway)
                yield Hit(
                    message=f"{route_name(gateway, route)} starts {function.name} without an API key, so without a quota of the caller",
                    evidence=(cite(route.key, f"{route.method} {route.path}: apiKeyRequired false"),),
                    locus=route_locus(gateway, route),
                    site=f"API key of {route_locus(gateway, route)}",
                    command=command,
                    values={**api_values(gateway, route), "method": route.method, "path": route.path},
                )
    if gap is not None:
        raise Unanswered(gap)
