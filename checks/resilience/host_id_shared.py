"""Flags apps that keep their locks and keys under the same host id in one storage account."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Give each app a storage account of its own, or a host id of its own. Timers may fire twice while it changes.",
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
    controls=("NIST-800-53:SC-4",),
)
def host_id_shared(function: Function, _context: Context) -> Iterator[Hit]:
    """Apps with one host id in one storage account share singleton locks, timer schedules and the blob their keys are kept in:
    timers of one do not run, and a key of one opens the other. The id is the first 32 characters of the app's name unless
    it is set, so long names collide.
    """
    others = function.hosting.then(lambda hosting: hosting.shares_host_id)
    for other in others.need():
        yield Hit(
            message=f"It shares its host id and storage account with {other}",
            evidence=(cite(others, f"same host id, same storage account as {other}"),),
            locus=other,
        )
