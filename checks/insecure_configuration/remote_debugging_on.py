"""Flags apps with remote debugging enabled."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Disable remote debugging.",
        breaks="Debuggers that are attached lose their connection; the app restarts.",
        command="az functionapp config set --resource-group {group} --name {app}{of_slot} --remote-debugging-enabled false",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    remote_debugging_enabled = false
  }
}""",
    ),
}


@check(
    id="remote-debugging-on",
    title="Remote debugging is enabled",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-remote-debugging",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-common",),
    cwe=489,
)
def remote_debugging_on(function: Function, _context: Context) -> Iterator[Hit]:
    """A debugger reads every variable and secret in memory and runs code in the process. It opens further ports, and
    often stays enabled after use; the platform disables it automatically only after two days, if at all.
    """
    debugging = function.hosting.then(lambda hosting: hosting.remote_debugging)
    if debugging.need():
        yield Hit(
            message=f"Function app {function.name} has remote debugging enabled",
            evidence=(cite(debugging, "remoteDebuggingEnabled = true"),),
        )
