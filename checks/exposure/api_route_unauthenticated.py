"""Flags routes of public APIs that start the function without asking who is calling."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.gateway_routes import (
    CONNECT_SIGNED,
    REST_SIGNED,
    ROUTE_SIGNED,
    api_values,
    for_stages,
    public_routes,
    route_locus,
    route_name,
)
from auditor.check import Context, Fix, Hit, Risk, Trait, check, cite
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Require IAM, a Cognito user pool, a JWT or a Lambda authorizer on the route {locus}, and deploy the stage"
        " again. On a WebSocket API the authorizer belongs on $connect. On a load balancer, put an action that"
        " authenticates before the one that forwards.",
        breaks="Callers that send no token or signature get 401 or 403.",
        command=f"# REST\n{REST_SIGNED}\n# HTTP or WebSocket\n{ROUTE_SIGNED}",
        terraform="""\
resource "aws_apigatewayv2_route" "this" { # a REST API: aws_api_gateway_method with authorization
  api_id             = "{api}"
  route_key          = "{route}"
  authorization_type = "AWS_IAM"
}""",
    ),
}


_RULE = """\
resource "aws_lb_listener_rule" "this" {
  listener_arn = "{locus_of}"

  action {
    type = "authenticate-cognito"
    authenticate_cognito {
      user_pool_arn       = "<user pool arn>"
      user_pool_client_id = "<client id>"
      user_pool_domain    = "<domain>"
    }
  }
  action {
    type             = "forward"
    target_group_arn = "<target group arn>"
  }
  condition {
    path_pattern {
      values = ["{route}"]
    }
  }
}"""
_LISTENER = (
    "aws elbv2 modify-rule --region {location} --rule-arn {part_id}"
    " --actions <authenticate-cognito-or-oidc-before-the-forward-action>"
)

_COMMANDS = {"rest": REST_SIGNED, "load-balancer": _LISTENER, "websocket": CONNECT_SIGNED}


@check(
    id="api-route-unauthenticated",
    title="API route starts the function without authentication",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=(
        "apigw-method-auth-none",
        "apigw-public-no-authorizer",
        "apigw-rest-no-authorizer",
        "apigw-v2-no-authorizer",
        "apigw-v2-route-auth-none",
        "apigw-websocket-weak",
    ),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html",
    ),
    cwe=306,
    trait=Trait.UNAUTHENTICATED,
)
def api_route_unauthenticated(function: Function, _context: Context) -> Iterator[Hit]:
    """Anyone on the internet can run the code through this route and choose its input. The resource policy of the
    function looks correct, because it admits API Gateway alone: the authorizer is missing on the route. Preflight
    requests are not counted, and neither are private APIs and APIs whose resource policy restricts the callers. The rules
    of a load balancer that its security groups open to the internet are judged alike, but for those that only requests
    from some addresses or with a certain header take.
    """
    for fact, gateway, route in public_routes(function, AuthMode.NONE):
        form = ROUTE_SIGNED if route.path == "$connect" else _COMMANDS.get(gateway.kind, ROUTE_SIGNED)
        command = for_stages(form, gateway)
        yield Hit(
            message=f"{route_name(gateway, route)} starts {function.name} without authentication",
            evidence=(
                cite(fact, f"{route.method} {route.path}: authorization NONE"),
                cite(gateway.public, f"{gateway.id}: public"),
            ),
            locus=route_locus(gateway, route),
            site=sites.route(function, gateway, route),
            command=command,
            terraform=_RULE if gateway.kind == "load-balancer" else None,
            values={
                **api_values(gateway, route),
                "locus_of": gateway.id,
                "method": route.method,
                "route": route.path if route.path.startswith("$") else f"{route.method} {route.path}",
            },
        )
