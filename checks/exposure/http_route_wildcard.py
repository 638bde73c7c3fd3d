"""Flags HTTP handlers whose route catches every path, or looks like the host's own."""

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
    controls=("NIST-800-53:CM-7", "CSA-SAS:SAS-3"),
    cwe=749,
)
def http_route_wildcard(function: Function, _context: Context) -> Iterator[Hit]:
    """A catch-all receives every path nobody thought of, and what comes after it reaches code as text to be parsed.

    Rules in front that name paths do not fit it. Routes that begin with admin or runtime hide behind names the host
    uses for itself.
    """
    for handler, entry in http_handlers(function):
        route = (entry.route or "").strip("/").lower()
        last, first = route.rpartition("/")[2], route.partition("/")[0]
        if last.startswith("{*") or first in _OF_THE_HOST:
            yield Hit(
                message=f"{handler.name} answers on the route {entry.route}",
                evidence=(cite(function.handlers, f"{handler.name}: route {entry.route}"),),
                locus=handler.name,
            )
