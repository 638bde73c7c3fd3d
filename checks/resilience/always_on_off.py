"""Flags apps on a dedicated plan that are unloaded when idle."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Switch Always On on. It costs nothing more on a dedicated plan.",
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
    controls=("CSA-SAS:SAS-11",),
)
def always_on_off(function: Function, _context: Context) -> Iterator[Hit]:
    """On a dedicated plan the host unloads an app without HTTP traffic, and its timers and queue triggers stop with it until
    somebody calls. Consumption and Flex plans wake up by themselves and are not asked.
    """
    kept = function.hosting.then(lambda hosting: hosting.always_on)
    if not kept.need():
        yield Hit(message="Always On is off on a dedicated plan", evidence=(cite(kept, "alwaysOn = false"),))
