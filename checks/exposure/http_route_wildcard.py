"""Flags HTTP handlers whose route is a wildcard or shadows a host route."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import public_routes, route_locus, route_name
from auditor.analysis.network_exposure import http_handlers
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_OF_THE_HOST = ("admin", "runtime")

FIX = {
    Cloud.AZURE: Fix(
        text="Give each handler the path it serves, with constraints for its parameters ({locus}), and deploy again.",
        breaks="Requests for paths that no handler serves any more get 404.",
        no_command="the route is part of the handler's binding in the code",
        no_terraform="the route is part of the handler's binding in the code",
    ),
    Cloud.AWS: Fix(
        text="Give each path that the function serves a route of its own in place of {locus}.",
        breaks="Requests for paths that no route names any more get 403 or 404.",
        no_command="which paths the function serves stands in its code: create a route for each, then delete the catch-all",
        no_terraform="which paths the function serves stands in its code",
    ),
}


@check(
    id="http-route-wildcard",
    title="HTTP route is a wildcard or shadows a host route",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-http-route-wildcard", "apigw-any-default-route", "apigw-any-default-route"),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-http-webhook-trigger",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html",
    ),
    cwe=749,
)
def http_route_wildcard(function: Function, _context: Context) -> Iterator[Hit]:
    """A catch-all route accepts every path, and passes the rest of the path to the code as text to be parsed. Rules
    in front that match paths do not cover it. Routes that begin with admin or runtime shadow routes of the Functions
    host.
    """
    if function.cloud is Cloud.AWS:
        for fact, gateway, own in public_routes(function, *AuthMode):
            if own.catch_all and gateway.kind != "websocket":
                yield Hit(
                    message=f"{route_name(gateway, own)} passes every path to {function.name}",
                    evidence=(cite(fact, f"{own.method} {own.path}"),),
                    locus=route_locus(gateway, own),
                )
        return
    for handler, entry in http_handlers(function):
        route = (entry.route or "").strip("/").lower()
        last, first = route.rpartition("/")[2], route.partition("/")[0]
        if last.startswith("{*") or first in _OF_THE_HOST:
            yield Hit(
                message=f"HTTP handler {handler.name} of {function.name} has the route {entry.route}",
                evidence=(cite(function.handlers, f"{handler.name}: route {entry.route}"),),
                locus=handler.name,
            )
