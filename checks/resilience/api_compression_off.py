"""Flags REST APIs in front of a function that compress no responses."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import api_values, for_stages
from auditor.analysis.gateway_stages import REST, each_gateway
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_COMMAND = (
    "aws apigateway update-rest-api --region {location} --rest-api-id {api}"
    " --patch-operations op=replace,path=/minimumCompressionSize,value=1024\n"
    "aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}"
)

_FIX = Fix(
    text="Let the API {locus} compress responses above a size, 1,024 bytes for example.",
    breaks="A function that compresses its responses itself must stop, or they are compressed twice.",
    command=_COMMAND,
    terraform="""\
resource "aws_api_gateway_rest_api" "this" {
  name                     = "{api_name}"
  minimum_compression_size = 1024
}""",
)


@check(
    id="api-compression-off",
    title="REST API compresses no responses",
    risk=Risk.RESILIENCE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-no-compression",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html",
    ),
    profile_level=ProfileLevel.STRICT,
)
def api_compression_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Data that leaves AWS is billed by its size after compression, and large answers take longer to arrive without it: the
    same abuse costs more. Opinionated, because the function may compress by itself, and small answers gain nothing. Only
    REST APIs offer it.
    """
    for gateway, found in each_gateway(function, REST, lambda gateway: gateway.compression):
        if not found.value:
            command = for_stages(_COMMAND, gateway)
            yield Hit(
                message=f"REST API {gateway.name} in front of {function.name} compresses no responses",
                evidence=(cite(found, f"{gateway.id}: no minimumCompressionSize"),),
                locus=gateway.id,
                site=f"compression of {gateway.id}",
                command=command,
                values={**api_values(gateway), "api_name": gateway.name},
            )
