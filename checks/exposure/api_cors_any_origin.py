"""Flags APIs in front of the function whose cross-origin rules admit every site."""

from collections.abc import Iterator

from auditor.analysis.endpoints import is_every_origin
from auditor.analysis.gateway_routes import public_gateways
from auditor.analysis.triggers import heavier
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Name the origins that may call {locus}.",
        breaks="Pages of other sites can no longer read the answers.",
        command="aws apigatewayv2 update-api --region {location} --api-id {api} --cors-configuration AllowOrigins=<https-origin>\n"
        "# a REST API: put the origin into the integration response of each OPTIONS method",
        terraform="""\
resource "aws_apigatewayv2_api" "this" {
  name          = "{api_name}"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins = ["<https origin>"]
  }
}""",
    ),
}


@check(
    id="api-cors-any-origin",
    title="API in front of the function allows any origin",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("apigw-cors-any", "apigw-cors-any"),
    references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html",),
    cwe=942,
)
def api_cors_any_origin(function: Function, _context: Context) -> Iterator[Hit]:
    """Every web site can call the API from the browsers of its visitors and read the responses. High where credentials
    are allowed too. CORS headers that the function itself returns are not visible in the configuration of the API, and
    so not judged here.
    """
    gap: Gap | None = None
    for _, gateway in public_gateways(function):
        if not isinstance(gateway.cors, Known):
            gap = heavier(gap, gateway.cors.gap)
            continue
        cors = gateway.cors.value
        wide = [origin for origin in cors.origins if is_every_origin(origin)] if cors else []
        if cors is not None and wide:
            yield Hit(
                message=f"API {gateway.name} in front of {function.name} allows the origin {wide[0]}",
                evidence=(cite(gateway.cors, f"AllowOrigins: {', '.join(cors.origins)}"),),
                locus=gateway.id,
                site=f"CORS of {gateway.id}",
                severity=Severity.HIGH if cors.credentials else None,
                values={"api": gateway.id.rpartition(":")[2], "api_name": gateway.name},
            )
    if gap is not None:
        raise Unanswered(gap)
