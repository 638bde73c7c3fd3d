"""Flags entry points of an app that nothing can start."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Give the function a trigger, or remove it from the package. If it has one in the code, the host failed to load it: look at its log.",
        command="az functionapp function show --resource-group {group} --name {app} --function-name {locus}",
        no_terraform="functions inside an app are part of its package",
    ),
}


@check(
    id="handler-without-trigger",
    title="Handler has no trigger",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-function-without-trigger",),
    controls=("NIST-800-53:CM-7",),
)
def handler_without_trigger(function: Function, _context: Context) -> Iterator[Hit]:
    """Either the code is dead, or its trigger did not load and events are piling up somewhere. Both are worth knowing before
    somebody else finds out.
    """
    for handler in function.handlers.need():
        if handler.trigger is None:
            why = handler.problem or "it has no trigger binding"
            yield Hit(
                message=f"{handler.name} can never start: {why}",
                evidence=(cite(function.handlers, f"{handler.name}: {why}"),),
                locus=handler.name,
            )
