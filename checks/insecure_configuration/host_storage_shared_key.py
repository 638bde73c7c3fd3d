"""Flags apps whose host connects to its storage account with an account key."""

from collections.abc import Iterator

from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.deployment import StorageAuthentication
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Grant the identity Storage Blob Data Owner, Storage Queue Data Contributor and Storage Table Data"
        " Contributor on the account, set the account name instead of the connection string, and rotate the key"
        " when no app uses it.",
        breaks="The host does not start until the identity has its roles on the account, and other apps that use"
        " the key fail once it is rotated; the app restarts.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings AzureWebJobsStorage__accountName={storage}\naz functionapp config appsettings delete --resource-group {group} --name {app}{of_slot} --setting-names AzureWebJobsStorage",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  storage_account_name          = "{storage}"
  storage_uses_managed_identity = true
}""",
    ),
}


@check(
    id="host-storage-shared-key",
    aliases=("host-storage-login-key",),
    title="Host storage connection uses an account key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-webjobs-storage-key",),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-reference",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-identity-based-connections-tutorial",
    ),
    cwe=522,
)
def host_storage_shared_key(function: Function, _context: Context) -> Iterator[Hit]:
    """The account key grants access to the whole account: the functions' keys, their queues and often their code. It is
    in the settings of every app that uses the account and works from anywhere until it is rotated. A managed
    identity with roles on the account needs no key.

    A content share, deployment package or trigger that uses the same key is named here and not reported a second time.
    A key that is kept in a key vault and referenced is not reported.
    """
    authentication = function.deployment.then(lambda deployment: deployment.host_storage)
    if authentication.need() is StorageAuthentication.KEY:
        more = tuple(_more(function))
        yield Hit(
            message=f"The host of function app {function.name} connects to its storage account with an account key"
            f"{', and so do ' if more else ''}{' and '.join(word for word, _ in more)}",
            evidence=(
                cite(authentication, "AzureWebJobsStorage is a connection string with a key, not shown"),
                *(evidence for _, evidence in more),
            ),
            values={"storage": _account(function)},
        )


def _account(function: Function) -> str:
    """The name of the host's storage account, where an answer told it."""
    host = function.storage.then(lambda storage: storage.host)
    told = host.value.id.rpartition("/")[2] if isinstance(host, Known) and host.value is not None else ""
    return told or "<account>"


def _more(function: Function) -> Iterator[tuple[str, Evidence]]:
    """What else is known to connect with a storage account key."""
    share = function.deployment.then(lambda deployment: deployment.content_storage)
    if isinstance(share, Known) and share.value is StorageAuthentication.KEY:
        yield "the content share", cite(share, "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING holds a key, not shown")
    package = function.deployment.then(lambda deployment: deployment.deployment_storage)
    if isinstance(package, Known) and package.value is StorageAuthentication.KEY:
        yield (
            "the deployment package",
            cite(package, "deployment.storage.authentication.type = StorageAccountConnectionString"),
        )
