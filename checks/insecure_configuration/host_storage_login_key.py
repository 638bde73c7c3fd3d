"""Flags apps whose host signs in at its storage account with the account key."""

from collections.abc import Iterator

from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.deployment import StorageLogin
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
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
    title="Host storage connection uses an account key",
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

    The code's share, the package and triggers that use the same key are named here and not reported a second time. A
    key kept in a vault and referred to is not reported.
    """
    login = function.deployment.then(lambda deployment: deployment.host_storage)
    if login.need() is StorageLogin.KEY:
        more = tuple(_more(function))
        yield Hit(
            message="The host signs in at its storage account with the account key"
            f"{', and so do ' if more else ''}{' and '.join(word for word, _ in more)}",
            evidence=(
                cite(login, "AzureWebJobsStorage is a connection string with a key, not shown"),
                *(evidence for _, evidence in more),
            ),
        )


def _more(function: Function) -> Iterator[tuple[str, Evidence]]:
    """What else is known to sign in with a storage key."""
    share = function.deployment.then(lambda deployment: deployment.content_storage)
    if isinstance(share, Known) and share.value is StorageLogin.KEY:
        yield "the share of its code", cite(share, "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING holds a key, not shown")
    package = function.deployment.then(lambda deployment: deployment.deployment_storage)
    if isinstance(package, Known) and package.value is StorageLogin.KEY:
        yield "its package", cite(package, "deployment.storage.authentication.type = StorageAccountConnectionString")
