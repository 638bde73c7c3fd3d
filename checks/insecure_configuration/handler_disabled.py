"""Flags functions that are deployed but disabled."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Delete {handler} from the code if it is no longer needed; otherwise enable it again.",
        breaks="An enabled handler runs again, with everything that waits in its source.",
        command="az functionapp config appsettings delete --resource-group {group} --name {app}{of_slot} --setting-names AzureWebJobs.{handler}.Disabled",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    # without "AzureWebJobs.{handler}.Disabled", once {handler} is deleted from the code
  }
}""",
    ),
}


@check(
    id="handler-disabled",
    title="Handler is disabled but still deployed",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-disabled-functions",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/disable-function",),
    cwe=561,
    confidence=Confidence.MEDIUM,
    profile_level=ProfileLevel.STRICT,
)
def handler_disabled(function: Function, _context: Context) -> Iterator[Hit]:
    """Code that does not run is rarely patched, and one setting enables it again. Azure does not report since when it
    is disabled, so a pause of an hour looks the same: an opinion, low.
    """
    for handler in function.handlers.need():
        if not handler.enabled:
            yield Hit(
                message=f"Function {handler.name} of function app {function.name} is disabled but still deployed",
                evidence=(cite(function.handlers, f"{handler.name}: isDisabled = true"),),
                locus=handler.name,
                values={"handler": handler.name},
            )
