"""Flags apps that mount their code from a file share with an account key in the settings."""

from collections.abc import Iterator

from auditor.analysis.host_storage import signs_in_with_key
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.deployment import StorageLogin
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Keep the connection string in a vault and refer to it, and deny the account every network but the app's."
        " Or run from a package and drop the share. The app restarts.",
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
    id="content-share-login-key",
    title="Content share connection uses an account key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-content-share-key",),
    controls=("MCSB:IM-8", "NIST-800-53:IA-5(7)", "CSA-SAS:SAS-7"),
    cwe=522,
)
def content_share_login_key(function: Function, _context: Context) -> Iterator[Hit]:
    """Whoever reads the setting can write the share, and what is written there runs at the next start.

    Low, since file shares take no identity on these plans: the way out is a reference to a vault, a package in
    place of the share, or Flex Consumption, which has no share. Where the host signs in with a key as well,
    host-storage-login-key reports both.
    """
    if signs_in_with_key(function):
        raise NotApplicable("its host signs in with a key as well: host-storage-login-key reports both")
    login = function.deployment.then(lambda deployment: deployment.content_storage)
    if login.need() is StorageLogin.KEY:
        yield Hit(
            message="The code is mounted from a file share with the account key",
            evidence=(cite(login, "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING holds a key, not shown"),),
        )
