"""Flags REST APIs in front of a function that answer on the internet."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import api_values, for_stages
from auditor.analysis.gateway_stages import REST, each_gateway
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_COMMAND = (
    "aws apigateway update-rest-api --region {location} --rest-api-id {api} --patch-operations"
    " op=replace,path=/endpointConfiguration/types/<REGIONAL-or-EDGE>,value=PRIVATE"
    " op=add,path=/endpointConfiguration/vpcEndpointIds,value=<vpc-endpoint-id>\n"
    "aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}"
)

_FIX = Fix(
    text="Make the API {locus} private, associate it with the VPC endpoints of its callers, and admit those endpoints in its"
    " resource policy, if all callers are inside virtual networks.",
    breaks="Callers on the internet no longer reach the API.",
    command=_COMMAND,
    terraform="""\
resource "aws_api_gateway_rest_api" "this" {
  name = "{api_name}"

  endpoint_configuration {
    types            = ["PRIVATE"]
    vpc_endpoint_ids = ["<vpc endpoint id>"]
  }
}""",
)


@check(
    id="api-endpoint-public",
    title="REST API answers on the internet",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-endpoint-public",),
    facet_of=("api-route-unauthenticated",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html",
    ),
    cwe=668,
    profile_level=ProfileLevel.STRICT,
)
def api_endpoint_public(function: Function, _context: Context) -> Iterator[Hit]:
    """An edge-optimized or regional endpoint can be reached from everywhere; what its routes ask of callers is then the only
    control. Opinionated, because most APIs are meant for the internet: routes that ask nothing are reported by
    api-route-unauthenticated. HTTP and WebSocket APIs cannot be private and are not judged.
    """
    for gateway, found in each_gateway(function, REST, lambda gateway: gateway.private):
        if not found.value:
            command = for_stages(_COMMAND, gateway)
            yield Hit(
                message=f"REST API {gateway.name} in front of {function.name} has a public endpoint",
                evidence=(cite(found, f"{gateway.id}: endpointConfiguration.types is not PRIVATE"),),
                locus=gateway.id,
                site=f"endpoint of {gateway.id}",
                command=command,
                values={**api_values(gateway), "api_name": gateway.name},
            )
