"""Flags apps that may keep their content outside a storage account of yours."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set the switch if your rules ask for it; the app needs a content share first.",
        command="az resource update --ids {id} --set properties.storageAccountRequired=true",
        no_terraform="the azurerm provider does not offer storageAccountRequired",
    ),
}


@check(
    id="storage-account-not-required",
    title="storageAccountRequired is not enabled",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-required",),
    controls=("NIST-800-53:SC-28", "NIST-800-53:CM-6"),
    profile_level=ProfileLevel.STRICT,
)
def storage_account_not_required(function: Function, _context: Context) -> Iterator[Hit]:
    """The switch demands that content lie on a file share of your own, where your keys, networks and logs apply.

    An opinion, and one that pulls the other way than identities do: such a share is mounted with a key.
    """
    required = function.deployment.then(lambda deployment: deployment.storage_required)
    if not required.need():
        yield Hit(
            message="It does not insist on a storage account of yours for its content",
            evidence=(cite(required, "storageAccountRequired = false"),),
        )
