"""Flags function apps of which no backup is kept."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Configure a backup, or keep what builds the app (package, settings as code) where it can be built again.",
        command="az webapp config backup create --resource-group {group} --webapp-name {app}{of_slot} --container-url <container-url-from-your-vault>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  backup {
    name                = "daily"
    storage_account_url = "<from your vault>"

    schedule {
      frequency_interval = 1
      frequency_unit     = "Day"
    }
  }
}""",
    ),
}


@check(
    id="backup-absent",
    title="Backups are not configured",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-backup",),
    controls=("NIST-800-53:CP-9",),
    profile_level=ProfileLevel.STRICT,
)
def backup_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """What a deletion takes with it is the settings, not only the code. An opinion: an app that is deployed from code needs no
    backup of its own.
    """
    kept = function.hosting.then(lambda hosting: hosting.backup)
    if not kept.need():
        yield Hit(message="No backup exists", evidence=(cite(kept, "the list of backups is empty"),))
