"""Flags routes of an API in front of a function that call their backend without TLS, or without verifying it."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import api_values, for_stages
from auditor.analysis.gateway_stages import STAGED, each_gateway
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_OTHER = (
    "aws apigatewayv2 update-integration --region {location} --api-id {api} --integration-id {part_id}"
    " --integration-uri <https-address>"
)

_REST = (
    "aws apigateway update-integration --region {location} --rest-api-id {api} --resource-id {part_id}"
    " --http-method {method} --patch-operations op=replace,path=/uri,value=<https-address>"
    " op=replace,path=/tlsConfig/insecureSkipVerification,value=false\n"
    "aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}"
)

_FIX = Fix(
    text="Let the backend of {locus} answer over HTTPS with a certificate of a known authority, call it by that address, and"
    " verify the certificate.",
    breaks="Requests fail while the backend does not answer at the new address or with a certificate that is not trusted.",
    command=_REST,
    terraform="""\
resource "aws_api_gateway_integration" "this" { # HTTP, WebSocket: integration_uri of aws_apigatewayv2_integration
  rest_api_id             = "{api}"
  resource_id             = "{part_id}"
  http_method             = "{method}"
  integration_http_method = "<method>"
  type                    = "HTTP_PROXY"
  uri                     = "<https address>"
}""",
)


@check(
    id="api-backend-plaintext",
    title="API calls a backend without TLS or without verifying it",
    risk=Risk.TRANSPORT,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-integration-plaintext",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html",
        "https://docs.aws.amazon.com/apigateway/latest/api/API_TlsConfig.html",
    ),
    cwe=319,
)
def api_backend_plaintext(function: Function, _context: Context) -> Iterator[Hit]:
    """Callers reach the API over TLS, and the gateway passes what they sent, tokens included, over the internet in plain
    text, or to any host that answers in the backend's name. API Gateway calls functions over TLS always: the other routes of the
    same API are judged, which share its callers and their tokens. Low where the backend is reached through a private
    connection.
    """
    for gateway, found in each_gateway(function, STAGED, lambda gateway: gateway.backends):
        for backend in found.value:
            if backend.encrypted and backend.verified:
                continue
            why = "without verifying its certificate" if backend.encrypted else "without TLS"
            command = for_stages(_REST if gateway.kind == "rest" else _OTHER, gateway)
            yield Hit(
                message=f"{backend.route} of API {gateway.name}, which starts {function.name} as well, calls {backend.address} {why}",
                evidence=(cite(found, f"{backend.route}: {backend.address}"),),
                locus=f"{gateway.id} {backend.route}",
                site=f"backend of {gateway.id} {backend.route}",
                severity=Severity.LOW if backend.internal else None,
                command=command,
                values={**api_values(gateway, backend), "method": backend.route.partition(" ")[0]},
            )
