"""Flags .NET functions that run inside the host's process."""

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
        text="Move the code to the isolated worker model: other packages, another entry point, a test of every binding."
        " Then switch the worker together with the deployment, in a slot.",
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
    controls=("NIST-800-53:SA-22", "NIST-800-53:SI-2"),
    cwe=1104,
)
def dotnet_in_process(function: Function, context: Context) -> Iterator[Hit]:
    """The model has lost its support together with the last .NET version that it takes: flaws in the host's own
    libraries stay open, and the code cannot move to a newer .NET without moving out of the process. Before that day
    it is reported as medium.
    """
    inside = function.hosting.then(lambda hosting: hosting.in_process)
    if inside.need():
        over = context.today >= _ENDS
        yield Hit(
            message=f".NET runs in the host's process, which {'lost' if over else 'loses'} its support on {spoken(_ENDS)}",
            evidence=(cite(inside, "the worker is dotnet, not dotnet-isolated"),),
            severity=None if over else Severity.MEDIUM,
        )
