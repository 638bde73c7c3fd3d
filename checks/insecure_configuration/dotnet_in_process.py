"""Flags .NET functions that use the in-process model."""

from collections.abc import Iterator
from datetime import date

from auditor.analysis.lifecycle import spoken
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_ENDS = date(2026, 11, 10)
"""When Microsoft ends support of the in-process model."""

FIX = {
    Cloud.AZURE: Fix(
        text="Migrate the code to the isolated worker model: different packages, a different entry point, a test of"
        " every binding. Then change the worker runtime together with the deployment, in a slot.",
        breaks="Code of the in-process model does not load in the isolated one: changing the setting without the"
        " new package stops every handler.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings FUNCTIONS_WORKER_RUNTIME=dotnet-isolated",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    application_stack {
      dotnet_version              = "10.0"
      use_dotnet_isolated_runtime = true
    }
  }
}""",
    ),
}


@check(
    id="dotnet-in-process",
    title="Function uses the .NET in-process model",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-inproc-dotnet",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/migrate-dotnet-to-isolated-model",),
    cwe=1104,
)
def dotnet_in_process(function: Function, context: Context) -> Iterator[Hit]:
    """Support for the in-process model ends together with the last .NET version that it takes: flaws in the host's own
    libraries stay unpatched, and the code cannot move to a newer .NET without leaving the model. Before that date it
    is reported as medium.
    """
    inside = function.hosting.then(lambda hosting: hosting.in_process)
    if inside.need():
        over = context.today >= _ENDS
        yield Hit(
            message=f"Function app {function.name} uses the .NET in-process model, whose support {'ended' if over else 'ends'} on {spoken(_ENDS)}",
            evidence=(cite(inside, "FUNCTIONS_WORKER_RUNTIME = dotnet"),),
            severity=None if over else Severity.MEDIUM,
        )
