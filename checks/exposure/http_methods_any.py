"""Flags HTTP handlers that accept every method."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import public_routes, route_locus, route_name
from auditor.analysis.network_exposure import http_handlers
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered, graver
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="List the methods in the trigger binding in the code and deploy again.",
        breaks="Requests with a method that is not listed get 404.",
        no_command="the methods are part of the handler's binding in the code",
        no_terraform="the methods are part of the handler's binding in the code",
    ),
    Cloud.AWS: Fix(
        text="Replace ANY by the methods that the function serves ({locus}).",
        breaks="Requests with another method get 403 or 404.",
        no_command="which methods the function serves stands in its code: create a route for each, then delete ANY",
        no_terraform="which methods the function serves stands in its code",
    ),
}


@check(
    id="http-methods-any",
    title="HTTP handler accepts all methods",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-http-methods-any", "apigw-any-default-route"),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-http-webhook-trigger",),
    cwe=650,
    profile_level=ProfileLevel.STRICT,
)
def http_methods_any(function: Function, _context: Context) -> Iterator[Hit]:
    """A handler written for GET that also accepts DELETE or PUT runs code paths that were not designed for those
    methods, and filters in front often cover only the expected methods. Opinionated: most handlers evaluate the body,
    not the method.
    """
    if function.cloud is Cloud.AWS:
        for fact, gateway, own in public_routes(function, *AuthMode):
            if own.method == "ANY" and gateway.kind in ("rest", "http"):
                yield Hit(
                    message=f"{route_name(gateway, own)} passes every HTTP method to {function.name}",
                    evidence=(cite(fact, f"{own.method} {own.path}"),),
                    locus=route_locus(gateway, own),
                )
        return
    gap: Gap | None = None
    for handler, entry in http_handlers(function):
        if entry.methods is None:
            what = f"the verbs of {handler.name} are not told by the API that lists it"
            gap = graver(gap, Gap(GapReason.NOT_COLLECTED, function.handlers.source, None, what))
        elif not entry.methods:
            yield Hit(
                message=f"HTTP handler {handler.name} of {function.name} accepts every HTTP method",
                evidence=(cite(function.handlers, f"{handler.name}: no methods listed"),),
                locus=handler.name,
            )
    if gap is not None:
        raise Unanswered(gap)
