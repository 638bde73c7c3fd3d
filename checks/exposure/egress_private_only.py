"""Flags functions whose traffic to public addresses bypasses their virtual network."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Route all traffic through the virtual network.",
        breaks="Without a NAT gateway or firewall for egress, calls to public addresses fail, so provide one first.",
        command="az functionapp config set --resource-group {group} --name {app}{of_slot} --vnet-route-all-enabled true",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    vnet_route_all_enabled = true
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Route all traffic through the VPC network.",
        breaks="Without Cloud NAT, calls to public addresses fail, so provide it first; Google APIs need Private"
        " Google Access on the subnet.",
        command="gcloud functions deploy {name} --region={location} --project={account} --egress-settings=all\n"
        "gcloud run services update {run_service} --region={location} --project={account} --vpc-egress=all-traffic  # with Direct VPC egress",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    vpc_connector_egress_settings = "ALL_TRAFFIC"
  }
}""",
    ),
}


@check(
    id="egress-private-only",
    title="Only private ranges egress through the VPC network",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-vnet-route-all", "gcp-fn-egress-private-only"),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/overview-vnet-integration",
        "https://cloud.google.com/run/docs/configuring/vpc-direct-vpc",
    ),
    cwe=441,
)
def egress_private_only(function: Function, _context: Context) -> Iterator[Hit]:
    """Compromised code can send data to a public address without passing the firewall and the flow logs of the
    network. The function is attached to a virtual network, but only traffic to private ranges is routed through it.
    Only functions with such a network are evaluated; vpc-none lists the others.
    """
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    if isinstance(network, Known) and network.value is None:
        raise NotApplicable("it has no virtual network for egress")
    everything = function.ingress.then(lambda ingress: ingress.egress.all_traffic)
    if not everything.need():
        where = network.need()
        yield Hit(
            message=f"Traffic of {function.name} to public addresses bypasses the network {where}",
            evidence=(cite(everything, "only private ranges are routed through the network"),),
        )
