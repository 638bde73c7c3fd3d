"""Flags apps that mount their content share with a storage account key from the app settings."""

from collections.abc import Iterator

from auditor.analysis.host_storage import signs_in_with_key
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.deployment import StorageAuthentication
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Keep the connection string in a key vault and refer to it, and allow only the app's network on the"
        " storage account. Or run from a package and remove the share.",
        breaks="The app does not start if its identity cannot read the key vault; it restarts.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings 'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING=@Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>)' WEBSITE_SKIP_CONTENTSHARE_VALIDATION=1",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    WEBSITE_CONTENTAZUREFILECONNECTIONSTRING = "@Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>)"
    WEBSITE_SKIP_CONTENTSHARE_VALIDATION     = "1"
  }
}""",
    ),
}


@check(
    id="content-share-shared-key",
    aliases=("content-share-login-key",),
    title="Content share connection uses an account key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-content-share-key",),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/storage-considerations",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-app-settings",
    ),
    cwe=522,
)
def content_share_shared_key(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal that can read the setting can write to the content share, and code written there runs at the next
    start.

    Low, since Azure Files does not accept an identity on these plans: the alternatives are a key vault reference, a
    package instead of the share, or Flex Consumption, which has no share. Where the host connection uses an account key
    as well, host-storage-shared-key reports both.
    """
    if signs_in_with_key(function):
        raise NotApplicable("the host connection uses an account key as well: host-storage-shared-key reports both")
    authentication = function.deployment.then(lambda deployment: deployment.content_storage)
    if authentication.need() is StorageAuthentication.KEY:
        yield Hit(
            message=f"Function app {function.name} mounts its content share with a storage account key",
            evidence=(cite(authentication, "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING holds a key, not shown"),),
        )
