"""Flags functions whose host storage account has no private endpoint."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Create private endpoints for the account's blob, queue, table and file services in the function's"
        " network, with their private DNS zones, then disable public network access. Each endpoint is billed by the"
        " hour.",
        breaks="Everything outside the private network loses the account once public network access is disabled;"
        " each endpoint is billed by the hour.",
        command="az network private-endpoint create --resource-group {group} --name <name> --subnet <subnet-id>"
        " --private-connection-resource-id {storage} --group-id blob --connection-name <name>",
        terraform="""\
resource "azurerm_private_endpoint" "host" {
  name                = "<name>"
  resource_group_name = "{group}"
  location            = "{location}"
  subnet_id           = "<subnet id>"

  private_service_connection {
    name                           = "host-storage"
    private_connection_resource_id = "{storage}"
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }
}""",
    ),
}


@check(
    id="storage-private-endpoint-absent",
    title="Host storage account has no private endpoint",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-storage-private-endpoint",),
    references=("https://learn.microsoft.com/en-us/azure/storage/common/storage-private-endpoints",),
    profile_level=ProfileLevel.STRICT,
)
def storage_private_endpoint_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """With a private endpoint public network access of the account can be disabled. Opinionated: network rules for
    the function's subnet restrict it nearly as well and cost nothing. storage-network-open reports accounts that
    neither restricts.
    """
    host = function.storage.then(lambda storage: storage.host).need()
    if host is None:
        raise NotApplicable("it has no host storage account")
    if not host.private_endpoint.need():
        yield Hit(
            message=f"Host storage account {host.id.rpartition('/')[2]} of {function.name} has no approved private endpoint",
            evidence=(cite(host.private_endpoint, "privateEndpointConnections: none with status Approved"),),
            locus=host.id,
            site=host.id,
            values={"storage": host.id},
        )
