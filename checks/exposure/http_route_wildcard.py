"""Flags HTTP handlers whose route is a wildcard or shadows a host route."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import http_handlers
from auditor.check import Context, Fix, Hit, Risk, check, cite
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
}


@check(
    id="http-route-wildcard",
    title="HTTP route is a wildcard or shadows a host route",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-http-route-wildcard",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-http-webhook-trigger",),
    cwe=749,
)
def http_route_wildcard(function: Function, _context: Context) -> Iterator[Hit]:
    """A catch-all route accepts every path, and passes the rest of the path to the code as text to be parsed. Rules
    in front that match paths do not cover it. Routes that begin with admin or runtime shadow routes of the Functions
    host.
    """
    for handler, entry in http_handlers(function):
        route = (entry.route or "").strip("/").lower()
        last, first = route.rpartition("/")[2], route.partition("/")[0]
        if last.startswith("{*") or first in _OF_THE_HOST:
            yield Hit(
                message=f"HTTP handler {handler.name} of {function.name} has the route {entry.route}",
                evidence=(cite(function.handlers, f"{handler.name}: route {entry.route}"),),
                locus=handler.name,
            )
