"""Flags function apps without FUNCTIONS_WORKER_RUNTIME."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set the worker runtime that the code is written for.",
        breaks="A wrong value keeps the host from loading any function, so check the language first.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings FUNCTIONS_WORKER_RUNTIME=<python|node|dotnet-isolated|java|powershell>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  app_settings = {
    FUNCTIONS_WORKER_RUNTIME = "<worker>"
  }
}""",
    ),
}


@check(
    id="worker-runtime-unset",
    title="Language worker is not set",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-worker-runtime-unset",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/functions-app-settings",),
)
def worker_runtime_unset(function: Function, _context: Context) -> Iterator[Hit]:
    """Without the setting the host infers the language from the deployed files. One unexpected file makes it start the
    wrong worker, and no function loads.
    """
    worker = function.hosting.then(lambda hosting: hosting.worker)
    if worker.need() is None:
        yield Hit(
            message=f"FUNCTIONS_WORKER_RUNTIME of function app {function.name} is not set",
            evidence=(cite(worker, "no setting FUNCTIONS_WORKER_RUNTIME"),),
        )
