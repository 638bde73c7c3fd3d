"""Flags functions whose traffic to public addresses bypasses the private network they are attached to."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Route all traffic through the network. Without a NAT gateway or firewall with a way out, calls to public"
        " addresses then fail, so provide one first.",
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
        text="Send all traffic through the network. Without Cloud NAT calls to public addresses then fail, so provide it"
        " first; Google APIs need Private Google Access on the subnet.",
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
    controls=("CIS-Azure-Compute-2.0:2.3.16", "MCSB:NS-1", "NIST-800-53:SC-7"),
    cwe=441,
)
def egress_private_only(function: Function, _context: Context) -> Iterator[Hit]:
    """Code that has been taken over sends what it stole to a public address, past the firewall and the flow logs you paid for.

    The function is attached to your network, but only what goes to private ranges passes through it. Asked only of
    functions that have such a network; vpc-none lists the others.
    """
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    if isinstance(network, Known) and network.value is None:
        raise NotApplicable("it has no private network for its way out")
    everything = function.ingress.then(lambda ingress: ingress.egress.all_traffic)
    if not everything.need():
        where = network.need()
        yield Hit(
            message=f"Traffic to public addresses bypasses {where}",
            evidence=(cite(everything, "only private ranges are routed through the network"),),
        )
