"""Flags routes of HTTP APIs whose tokens may be made out for anyone, or signed by an issuer without TLS."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import route_locus, route_name
from auditor.analysis.gateway_stages import STAGED, api_of, each_gateway
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.gateway import Authorizer
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Name in the authorizer {authorizer} the audience for which tokens must be made out, and an issuer with an https address.",
    breaks="Tokens made out for other clients get 401.",
    command="aws apigatewayv2 update-authorizer --region {location} --api-id {api} --authorizer-id {authorizer}"
    " --jwt-configuration Audience=<client-id>,Issuer=<https-address-of-the-issuer>",
    terraform="""\
resource "aws_apigatewayv2_authorizer" "this" {
  api_id           = "{api}"
  name             = "<name>"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    audience = ["<client id>"]
    issuer   = "<https address of the issuer>"
  }
}""",
)


@check(
    id="api-token-unrestricted",
    title="API accepts tokens that were made out for anyone",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-jwt-weak",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html",
        "https://www.rfc-editor.org/rfc/rfc8725#section-3.9",
    ),
    cwe=287,
)
def api_token_unrestricted(function: Function, _context: Context) -> Iterator[Hit]:
    """Without an audience, a token that the issuer signed for any other application opens this route as well: anyone who runs
    one of them, or signs up to it, can call the function with the tokens it receives. An issuer without TLS hands out its
    public keys to the network, where they can be replaced. Whether a route asks for scopes is judged by
    api-route-scopes-absent.
    """
    for gateway, found in each_gateway(function, STAGED, lambda gateway: gateway.authorizers):
        by_id = {each.id: each for each in found.value if each.kind == "JWT"}
        for route in gateway.routes:
            authorizer = by_id.get(route.authorizer or "")
            for fault in _faults(authorizer) if authorizer is not None else ():
                yield Hit(
                    message=f"{route_name(gateway, route)} starts {function.name} with a token {fault}",
                    evidence=(cite(found, f"authorizer {authorizer.name if authorizer else ''}: {fault}"),),
                    locus=f"{route_locus(gateway, route)} {fault}",
                    site=f"authorizer {route.authorizer} of {gateway.id}",
                    values={"api": api_of(gateway), "authorizer": route.authorizer or ""},
                )


def _faults(authorizer: Authorizer) -> Iterator[str]:
    if not authorizer.audience:
        yield "for any audience"
    if authorizer.issuer is not None and not authorizer.issuer.lower().startswith("https://"):
        yield "of an issuer without TLS"
