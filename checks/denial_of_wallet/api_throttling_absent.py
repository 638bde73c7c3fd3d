"""Flags stages of public APIs without a limit on the rate of requests."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import public_gateways
from auditor.analysis.triggers import heavier
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered
from auditor.model.severity import Severity

_REST = (
    "aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage} --patch-operations"
    " op=replace,path=/*/*/throttling/rateLimit,value=<rate> op=replace,path=/*/*/throttling/burstLimit,value=<burst>"
)
_HTTP = (
    "aws apigatewayv2 update-stage --region {location} --api-id {api} --stage-name {stage}"
    " --default-route-settings ThrottlingRateLimit=<rate>,ThrottlingBurstLimit=<burst>"
)
_KINDS = frozenset({"rest", "http", "websocket"})

_FIX = Fix(
    text="Set a rate and a burst on the stage {locus}, a little above what its callers need.",
    breaks="Requests beyond the rate get 429.",
    command=_HTTP.replace("{api}", "<api>").replace("{stage}", "<stage>"),
    terraform="""\
resource "aws_apigatewayv2_stage" "this" { # a REST API: aws_api_gateway_method_settings
  api_id = "<api id>"
  name   = "<stage>"

  default_route_settings {
    throttling_rate_limit  = 50
    throttling_burst_limit = 100
  }
}""",
)


@check(
    id="api-throttling-absent",
    title="API has no rate limit of its own",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-throttling-default",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
    ),
    cwe=770,
)
def api_throttling_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Without a limit the stage takes as many requests as the account may, 10,000 a second in most regions: one caller
    spends the money of the function, and takes the rate from every other API of the account. Limits of single routes
    and of usage plans are not read. spend-ceiling-high says what it comes to.
    """
    gap: Gap | None = None
    for _, gateway in public_gateways(function):
        if gateway.kind not in _KINDS:
            continue
        if not isinstance(gateway.stages, Known):
            gap = heavier(gap, gateway.stages.gap)
            continue
        for stage in gateway.stages.value:
            if stage.rate is None:
                yield Hit(
                    message=f"Stage {stage.name} of API {gateway.name} in front of {function.name} has no rate limit",
                    evidence=(cite(gateway.stages, f"{gateway.id} {stage.name}: no throttling rate"),),
                    locus=f"{gateway.id}/{stage.name}",
                    site=f"throttling of {gateway.id}/{stage.name}",
                    command=_REST if gateway.kind == "rest" else _HTTP,
                    values={"api": gateway.id.rpartition(":")[2], "stage": stage.name},
                )
    if gap is not None:
        raise Unanswered(gap)
