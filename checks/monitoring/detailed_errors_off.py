"""Flags function apps without detailed errors and failed request tracing."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Enable failed request tracing while you investigate an error; left on, it fills the disk of the app.",
        breaks="Left on, it fills the disk of the app; the app restarts.",
        command="az webapp log config --resource-group {group} --name {app}{of_slot} --failed-request-tracing true --detailed-error-messages true",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  # azurerm_linux_web_app has logs { failed_request_tracing = true }; for function apps set config/logs through azapi
}""",
    ),
}


@check(
    id="detailed-errors-off",
    title="Failed request tracing is disabled",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-detailed-errors",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/troubleshoot-diagnostic-logs",),
    profile_level=ProfileLevel.STRICT,
)
def detailed_errors_off(function: Function, _context: Context) -> Iterator[Hit]:
    """When a request fails in the host before it reaches the code, this is the only log of it. Only a recommendation:
    Application Insights covers every request that reaches the code.
    """
    traced = function.monitoring.then(lambda monitoring: monitoring.detailed_errors)
    if not traced.need():
        yield Hit(
            message=f"Detailed errors and failed request tracing of function app {function.name} are disabled",
            evidence=(cite(traced, "detailedErrorMessages and failedRequestsTracing: off"),),
        )
