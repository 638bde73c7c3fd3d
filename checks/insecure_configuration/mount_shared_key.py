"""Flags file shares mounted into an app with an account key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Read the files with the app's managed identity through the storage SDK instead of the mount. Where a"
        " mount is required, use a share in a dedicated account and let the mount refer to a key in a key vault.",
        breaks="Code that reads the mounted path fails without the mount; the app restarts.",
        command="az webapp config storage-account delete --resource-group {group} --name {app}{of_slot} --custom-id {mount}",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  # no storage_account block named {mount}: read the files with the identity
}""",
    ),
}


@check(
    id="mount-shared-key",
    aliases=("mount-login-key",),
    title="Mounted share uses an account key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-byos-mount-keys",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-connect-to-azure-storage",),
    cwe=522,
)
def mount_shared_key(function: Function, _context: Context) -> Iterator[Hit]:
    """The account key of the mount grants access to the whole storage account to every principal that may list the
    app's mounts, not only to the mounted share. A key that is kept in a key vault and referenced is not reported.
    """
    mounts = function.deployment.then(lambda deployment: deployment.mounts_with_key)
    for name in dict.fromkeys(mounts.need()):
        yield Hit(
            message=f"Mount {name} of function app {function.name} uses a storage account key",
            evidence=(cite(mounts, f"{name}: accessKey is set, not shown"),),
            locus=name,
            values={"mount": name},
        )
