"""Flags functions without a private endpoint."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Create a private endpoint in the network of the callers, with its private DNS zone, then disable public"
        " network access. Requires a Premium, Flex Consumption or dedicated plan; the endpoint is billed by the hour.",
        breaks="Callers outside the private network get 403 once public network access is disabled; the endpoint"
        " is billed by the hour.",
        command="az network private-endpoint create --resource-group {group} --name <name> --subnet <subnet-id>"
        " --private-connection-resource-id {id} --group-id sites --connection-name {app}",
        terraform="""\
resource "azurerm_private_endpoint" "this" {
  name                = "<name>"
  resource_group_name = "{group}"
  location            = "{location}"
  subnet_id           = "<subnet id>"

  private_service_connection {
    name                           = "{app}"
    private_connection_resource_id = "{id}"
    subresource_names              = ["sites"]
    is_manual_connection           = false
  }
}""",
    ),
}


@check(
    id="private-endpoint-absent",
    title="Function has no private endpoint",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-private-endpoint",),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/overview-private-endpoint",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-networking-options",
    ),
    profile_level=ProfileLevel.STRICT,
)
def private_endpoint_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """With a private endpoint callers stay inside the virtual network, and public network access can be disabled.
    Opinionated: a public function does not need one. ingress-open reports what is really exposed. The Consumption plan
    does not support private endpoints.
    """
    if function.hosting.need().kind in (HostingKind.CONSUMPTION, HostingKind.CONTAINER_APPS):
        raise NotApplicable("its hosting plan does not support private endpoints")
    approved = function.ingress.then(lambda ingress: ingress.private_endpoints)
    if not approved.need():
        yield Hit(
            message=f"{function.name} has no approved private endpoint",
            evidence=(cite(approved, "privateEndpointConnections: none with status Approved"),),
        )
