"""Flags functions whose host storage account accepts connections from every network."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Admit the function's subnet (or a private endpoint) first, then deny by default. An app without network"
        " integration cannot reach the account any more and stops.",
        command="az storage account network-rule add --ids {storage} --subnet <id-of-the-functions-subnet>\n"
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
    controls=("MCSB:NS-2", "NIST-800-53:SC-7"),
    cwe=668,
)
def storage_network_open(function: Function, _context: Context) -> Iterator[Hit]:
    """Whoever can write to this account can replace the function's code, read its keys and feed its queues.

    With the network open, a leaked account key or signed URL works from anywhere. Low where shared keys are switched
    off, because then only identities get in.
    """
    host = function.keeping.then(lambda keeping: keeping.host).need()
    if host is None:
        raise NotApplicable("it uses no storage account")
    if host.open_network.need():
        identities_only = isinstance(host.shared_key, Known) and not host.shared_key.value
        yield Hit(
            message="The host storage account accepts connections from every network",
            evidence=(cite(host.open_network, "networkAcls.defaultAction = Allow, public access is not disabled"),),
            locus=host.id,
            severity=Severity.LOW if identities_only else None,
            values={"storage": host.id},
        )
