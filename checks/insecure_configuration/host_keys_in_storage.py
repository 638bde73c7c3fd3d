"""Flags apps whose host stores its access keys in a storage account or on a file share."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.deployment import KeyStore
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Store the keys in a key vault in which the app's identity may read and write secrets, and give the"
        " new keys to the callers.",
        breaks="New keys are generated: callers that use the old ones get 401.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings AzureWebJobsSecretStorageType=keyvault AzureWebJobsSecretStorageKeyVaultUri=https://<vault>.vault.azure.net",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    AzureWebJobsSecretStorageType        = "keyvault"
    AzureWebJobsSecretStorageKeyVaultUri = "https://<vault>.vault.azure.net"
  }
}""",
    ),
}


@check(
    id="host-keys-in-storage",
    title="Function access keys are stored in host storage",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-keys-in-storage-plaintext",),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/function-keys-how-to",
        "https://learn.microsoft.com/en-us/azure/azure-functions/security-concepts",
    ),
    cwe=522,
    profile_level=ProfileLevel.STRICT,
)
def host_keys_in_storage(function: Function, _context: Context) -> Iterator[Hit]:
    """By default the access keys of all functions are a blob in the host's storage account, next to queues and
    packages. A principal that may write blobs there can replace them, and reads are not logged as they are in a key
    vault.

    An opinion: it is the platform's default, and a dedicated account with restricted network access is acceptable.
    """
    store = function.deployment.then(lambda deployment: deployment.key_store)
    if store.need() in (KeyStore.STORAGE, KeyStore.FILES):
        where = "on a file share" if store.need() is KeyStore.FILES else "as a blob in the host storage account"
        yield Hit(
            message=f"Access keys of function app {function.name} are stored {where}",
            evidence=(cite(store, f"AzureWebJobsSecretStorageType: {store.need()}"),),
        )
