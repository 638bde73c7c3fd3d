"""Flags apps that share a host ID in one storage account."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Give each app a separate storage account, or a unique host ID.",
        breaks="Timers may fire twice during the change.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings AzureFunctionsWebHost__hostid=<unique-id-of-32-characters-at-most>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  app_settings = {
    AzureFunctionsWebHost__hostid = "<unique id of 32 characters at most>"
  }
}""",
    ),
}


@check(
    id="host-id-shared",
    title="Host id is shared by two apps",
    risk=Risk.RESILIENCE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-host-id-collision",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/storage-considerations",),
)
def host_id_shared(function: Function, _context: Context) -> Iterator[Hit]:
    """Apps with the same host ID in one storage account share singleton locks, timer schedules and the blob that holds
    their keys: timers of one do not run, and a key of one is valid for the other. By default the ID is the first 32
    characters of the app's name, so long names collide.
    """
    others = function.hosting.then(lambda hosting: hosting.shares_host_id)
    for other in others.need():
        yield Hit(
            message=f"Function app {function.name} shares its host ID and storage account with {other}",
            evidence=(cite(others, f"same host id, same storage account as {other}"),),
            locus=other,
        )
