"""Flags routes of public REST APIs that pass requests on without validating them."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.gateway_routes import api_values, public_routes, route_locus, route_name
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Unanswered, graver
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Declare a model or the required parameters of the method, and set a request validator ({locus}).",
        breaks="Requests that do not fit the declaration get 400.",
        command="aws apigateway create-request-validator --region {location} --rest-api-id {api} --name all"
        " --validate-request-body --validate-request-parameters\n"
        "aws apigateway update-method --region {location} --rest-api-id {api} --resource-id {part_id}"
        " --http-method {method} --patch-operations op=replace,path=/requestValidatorId,value=<validator-id>",
        terraform="""\
resource "aws_api_gateway_request_validator" "all" {
  name                        = "all"
  rest_api_id                 = "{api}"
  validate_request_body       = true
  validate_request_parameters = true
}""",
    ),
}


@check(
    id="api-route-unvalidated",
    title="API route does not validate requests",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("apigw-no-request-validation",),
    facet_of=("api-route-unauthenticated", "key-only-auth-public"),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html",
    ),
    cwe=20,
)
def api_route_unvalidated(function: Function, _context: Context) -> Iterator[Hit]:
    """Every request reaches the code and is billed as an invocation, although the gateway could reject what does not
    match a model. Reported on routes without authentication or with an API key only, where the input is untrusted. HTTP
    APIs have no request validation, so they are not judged.
    """
    gap: Gap | None = None
    for fact, gateway, route in public_routes(function, AuthMode.NONE, AuthMode.KEY):
        if gateway.kind != "rest":
            continue
        if not isinstance(route.validated, Known):
            if route.validated.gap.reason is not GapReason.NOT_OFFERED:
                gap = graver(gap, route.validated.gap)
        elif not route.validated.value:
            yield Hit(
                message=f"{route_name(gateway, route)} passes requests to {function.name} without validating them",
                evidence=(cite(fact, f"{route.method} {route.path}: no request validator"),),
                locus=route_locus(gateway, route),
                site=sites.route(function, gateway, route),
                values={**api_values(gateway, route), "method": route.method},
            )
    if gap is not None:
        raise Unanswered(gap)
