"""Flags functions in an app that no trigger can invoke."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Give the function a trigger, or remove it from the package. If the code declares a trigger, the host"
        " failed to load it: check the host log.",
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
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/functions-triggers-bindings",),
)
def handler_without_trigger(function: Function, _context: Context) -> Iterator[Hit]:
    """Either the code is unused, or its trigger failed to load and events accumulate unprocessed at the source. Unused
    code still has to be patched and reviewed.
    """
    for handler in function.handlers.need():
        if handler.trigger is None:
            why = handler.problem or "no trigger binding"
            yield Hit(
                message=f"Function {handler.name} of app {function.name} cannot be invoked: {why}",
                evidence=(cite(function.handlers, f"{handler.name}: {why}"),),
                locus=handler.name,
            )
