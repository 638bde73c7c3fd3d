"""Flags apps whose host signs in at its storage account with the account key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.deployment import StorageLogin
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Give the identity Storage Blob Data Owner, Storage Queue Data Contributor and Storage Table Data"
        " Contributor on the account, name the account instead of the connection string, and rotate the key when no"
        " app uses it.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings AzureWebJobsStorage__accountName=<account>\naz functionapp config appsettings delete --resource-group {group} --name {app}{of_slot} --setting-names AzureWebJobsStorage",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  storage_account_name          = "<account>"
  storage_uses_managed_identity = true
}""",
    ),
}


@check(
    id="host-storage-login-key",
    title="Host signs in at its storage with a key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-webjobs-storage-key",),
    controls=("MCSB:IM-8", "NIST-800-53:IA-5(7)", "CSA-SAS:SAS-7"),
    cwe=522,
)
def host_storage_login_key(function: Function, _context: Context) -> Iterator[Hit]:
    """The key opens the whole account: the functions' keys, their queues and often their code. It stands in the
    settings of every app that uses the account and works from anywhere until somebody rotates it. An identity with
    roles on the account needs none.

    A key kept in a vault and referred to is not reported.
    """
    login = function.deployment.then(lambda deployment: deployment.host_storage)
    if login.need() is StorageLogin.KEY:
        yield Hit(
            message="The host signs in at its storage account with the account key",
            evidence=(cite(login, "AzureWebJobsStorage is a connection string with a key, not shown"),),
        )
