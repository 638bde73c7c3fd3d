"""Flags routes of HTTP APIs that accept every token of their issuer, whatever its scopes."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import api_values, route_locus, route_name
from auditor.analysis.gateway_stages import STAGED, each_gateway
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Name the scopes of which a token must hold one to use the route {locus}.",
    breaks="Tokens without one of the scopes get 403.",
    command="aws apigatewayv2 update-route --region {location} --api-id {api} --route-id {part_id}"
    " --authorization-scopes <scope>",
    terraform="""\
resource "aws_apigatewayv2_route" "this" {
  api_id               = "{api}"
  route_key            = "{route}"
  authorization_type   = "JWT"
  authorizer_id        = "{authorizer}"
  authorization_scopes = ["<scope>"]
}""",
)


@check(
    id="api-route-scopes-absent",
    title="API route accepts every token of its issuer",
    risk=Risk.EXPOSURE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-jwt-weak",),
    facet_of=("api-token-unrestricted",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html",
        "https://www.rfc-editor.org/rfc/rfc9068#section-2.2.3",
    ),
    cwe=285,
    profile_level=ProfileLevel.STRICT,
)
def api_route_scopes_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """A route without scopes lets every signed-in user of the issuer start the function, and accepts identity tokens, which
    were made to be shown to a client, in place of access tokens. Opinionated: the code may check claims itself, which is not
    visible here. Only routes that ask an authorizer of the JWT kind are judged.
    """
    for gateway, found in each_gateway(function, STAGED, lambda gateway: gateway.authorizers):
        tokens = {each.id for each in found.value if each.kind == "JWT"}
        for route in gateway.routes:
            if route.authorizer in tokens and isinstance(route.scopes, Known) and not route.scopes.value:
                yield Hit(
                    message=f"{route_name(gateway, route)} starts {function.name} with any token of its issuer: it asks for no scope",
                    evidence=(cite(route.scopes, f"{route.method} {route.path}: no AuthorizationScopes"),),
                    locus=route_locus(gateway, route),
                    site=f"scopes of {route_locus(gateway, route)}",
                    values={
                        **api_values(gateway, route),
                        "authorizer": route.authorizer or "",
                        "route": route.path if route.path.startswith("$") else f"{route.method} {route.path}",
                    },
                )
