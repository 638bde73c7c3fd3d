"""Flags apps that do not require a customer storage account for their content."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Enable the setting if a policy requires it.",
        breaks="The app needs a content share first.",
        command="az resource update --ids {id} --set properties.storageAccountRequired=true",
        no_terraform="the azurerm provider does not offer storageAccountRequired",
    ),
}


@check(
    id="storage-account-not-required",
    title="Customer storage account is not required for content",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-required",),
    references=(
        "https://learn.microsoft.com/en-us/azure/templates/microsoft.web/sites",
        "https://learn.microsoft.com/en-us/azure/azure-functions/storage-considerations",
    ),
    profile_level=ProfileLevel.STRICT,
)
def storage_account_not_required(function: Function, _context: Context) -> Iterator[Hit]:
    """The setting requires that content is stored on a file share of a customer storage account, where the customer's
    keys, network rules and logs apply.

    An opinion, and one that conflicts with managed identities: such a share is mounted with an account key.
    """
    required = function.deployment.then(lambda deployment: deployment.storage_required)
    if not required.need():
        yield Hit(
            message=f"Function app {function.name} does not require a customer storage account (storageAccountRequired = false)",
            evidence=(cite(required, "storageAccountRequired = false"),),
        )
