"""Flags file shares mounted into an app with an account key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Read the files with the app's identity through the storage SDK in place of the mount. Where it has to be"
        " a mount, use a share in an account of its own and let the mount refer to a key in a vault.",
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
    id="mount-login-key",
    title="Mounted share uses an account key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-byos-mount-keys",),
    controls=("MCSB:IM-8", "NIST-800-53:IA-5(7)"),
    cwe=522,
)
def mount_login_key(function: Function, _context: Context) -> Iterator[Hit]:
    """The key of the mount opens the whole account to everyone who may list the app's mounts, not only the share that
    was meant. A key kept in a vault and referred to is not reported.
    """
    mounts = function.deployment.then(lambda deployment: deployment.mounts_with_key)
    for name in dict.fromkeys(mounts.need()):
        yield Hit(
            message=f"Mount {name} signs in with the account key",
            evidence=(cite(mounts, f"{name}: accessKey is set, not shown"),),
            locus=name,
            values={"mount": name},
        )
