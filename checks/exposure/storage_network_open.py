"""Flags functions whose host storage account allows all networks."""

from collections.abc import Iterator

from auditor.analysis.arm_ids import subscription_of
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Allow the function's subnet (or a private endpoint) first, then set the default action to Deny.",
        breaks="Everything outside the allowed subnets loses the account: an app without virtual network"
        " integration stops.",
        command="az storage account network-rule add --subscription {storage_subscription} --account-name {storage_name} --subnet <id-of-the-functions-subnet>\n"
        "az storage account update --ids {storage} --default-action Deny",
        terraform="""\
resource "azurerm_storage_account_network_rules" "host" {
  storage_account_id         = "{storage}"
  default_action             = "Deny"
  virtual_network_subnet_ids = ["<id of the function's subnet>"]
  bypass                     = ["AzureServices"]
}""",
    ),
}


@check(
    id="storage-network-open",
    title="Host storage account allows all networks",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-storage-public-network",),
    references=("https://learn.microsoft.com/en-us/azure/storage/common/storage-network-security",),
    cwe=668,
)
def storage_network_open(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal that can write to this account can replace the function's code, read its keys and send messages to
    its queues. While all networks are allowed, a leaked account key or shared access signature works from the
    internet. Low where shared key access is disabled, because then only Microsoft Entra identities have access.
    """
    host = function.storage.then(lambda storage: storage.host).need()
    if host is None:
        raise NotApplicable("it has no host storage account")
    if host.open_network.need():
        identities_only = isinstance(host.shared_key, Known) and not host.shared_key.value
        yield Hit(
            message=f"Host storage account {host.id.rpartition('/')[2]} of {function.name} allows connections from all networks",
            evidence=(cite(host.open_network, "networkAcls.defaultAction = Allow, public access is not disabled"),),
            locus=host.id,
            site=host.id,
            severity=Severity.LOW if identities_only else None,
            depends=(Dependence(sites=(host.id,), leads=("storage-shared-key-allowed",), then=Severity.LOW),),
            values={
                "storage": host.id,
                "storage_name": host.id.rpartition("/")[2],
                "storage_subscription": subscription_of(host.id),
            },
        )
