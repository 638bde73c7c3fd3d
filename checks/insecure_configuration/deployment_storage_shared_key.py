"""Flags Flex Consumption apps that fetch their deployment package with a storage account key."""

from collections.abc import Iterator

from auditor.analysis.host_storage import signs_in_with_key
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.deployment import StorageAuthentication
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Let the app fetch its package with its managed identity, which needs Storage Blob Data Contributor on the"
        " container.",
        breaks="Deployments fail until the identity has its role on the container.",
        command="az functionapp deployment config set --resource-group {group} --name {app} --deployment-storage-auth-type SystemAssignedIdentity",
        terraform="""\
resource "azurerm_function_app_flex_consumption" "this" {
  name                        = "{app}"
  resource_group_name         = "{group}"
  storage_authentication_type = "SystemAssignedIdentity"
}""",
    ),
}


@check(
    id="deployment-storage-shared-key",
    aliases=("deployment-storage-login-key",),
    title="Deployment storage connection uses an account key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-flex-deploy-storage-auth",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/flex-consumption-how-to",),
    cwe=522,
)
def deployment_storage_shared_key(function: Function, _context: Context) -> Iterator[Hit]:
    """The container holds the code that runs next. The account key from the settings is enough to replace that code from
    anywhere; a managed identity with a role on that one container cannot be copied. Where the host connection uses an
    account key as well, host-storage-shared-key reports both.
    """
    if signs_in_with_key(function):
        raise NotApplicable("the host connection uses an account key as well: host-storage-shared-key reports both")
    authentication = function.deployment.then(lambda deployment: deployment.deployment_storage)
    if authentication.need() is StorageAuthentication.KEY:
        yield Hit(
            message=f"Function app {function.name} fetches its deployment package with a storage account key",
            evidence=(cite(authentication, "deployment.storage.authentication.type = StorageAccountConnectionString"),),
        )
