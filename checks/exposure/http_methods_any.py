"""Flags HTTP handlers that accept every verb."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import http_handlers
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="List the methods of the trigger's binding in the code and deploy again. Other verbs get 404 from then on.",
        no_command="the methods are part of the handler's binding in the code",
        no_terraform="the methods are part of the handler's binding in the code",
    ),
}


@check(
    id="http-methods-any",
    title="HTTP handler accepts all methods",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-http-methods-any",),
    controls=("NIST-800-53:CM-7",),
    cwe=650,
    profile_level=ProfileLevel.STRICT,
)
def http_methods_any(function: Function, _context: Context) -> Iterator[Hit]:
    """A handler written for GET that also takes DELETE or PUT runs code its author never thought of for that verb.

    Filters in front often know the expected verbs only. An opinion: most handlers look at the body, not at the verb.
    """
    for handler, entry in http_handlers(function):
        if not entry.methods:
            yield Hit(
                message=f"{handler.name} accepts every HTTP verb",
                evidence=(cite(function.handlers, f"{handler.name}: no methods listed"),),
                locus=handler.name,
            )
