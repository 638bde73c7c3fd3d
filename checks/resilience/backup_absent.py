"""Flags function apps without a backup."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Configure a backup, or keep what the app is built from (package, settings as code) so that it can be"
        " rebuilt.",
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
    references=("https://learn.microsoft.com/en-us/azure/app-service/manage-backup",),
    profile_level=ProfileLevel.STRICT,
)
def backup_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Deleting an app also deletes its settings, not only the code. Only a recommendation: an app that is deployed from
    code needs no backup.
    """
    kept = function.hosting.then(lambda hosting: hosting.backup)
    if not kept.need():
        yield Hit(
            message=f"Function app {function.name} has no backup",
            evidence=(cite(kept, "the list of backups is empty"),),
        )
