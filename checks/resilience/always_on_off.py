"""Flags apps on a dedicated plan without Always On."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Enable Always On. It adds no cost on a dedicated plan.",
        breaks="The app restarts.",
        command="az functionapp config set --resource-group {group} --name {app}{of_slot} --always-on true",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    always_on = true
  }
}""",
    ),
}


@check(
    id="always-on-off",
    title="Always On is disabled",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-always-on",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/dedicated-plan",),
)
def always_on_off(function: Function, _context: Context) -> Iterator[Hit]:
    """On a dedicated plan the host unloads an app that receives no HTTP requests, and its timer and queue triggers stop
    until the next request. Consumption and Flex Consumption plans start on demand and are not judged.
    """
    kept = function.hosting.then(lambda hosting: hosting.always_on)
    if not kept.need():
        yield Hit(
            message=f"Always On of function app {function.name} is disabled on a dedicated plan",
            evidence=(cite(kept, "alwaysOn = false"),),
        )
