"""Flags functions whose egress uses the default VPC network of the project."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Create a VPC network with its own subnets and firewall rules, and move the function to it.",
        breaks="Connections to private resources fail unless they can be reached from the new network.",
        command="gcloud run services update {run_service} --region={location} --project={account} --network=<network> --subnet=<subnet>\n"
        "gcloud functions deploy {name} --region={location} --project={account} --vpc-connector=<connector-of-that-network>  # with a connector",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    vpc_connector = google_vpc_access_connector.own.id # on a network of your own
  }
}""",
    ),
}


@check(
    id="egress-default-network",
    title="Egress uses the default VPC network",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-connector-network",),
    references=(
        "https://cloud.google.com/vpc/docs/vpc",
        "https://cloud.google.com/run/docs/configuring/vpc-direct-vpc",
    ),
    cwe=1188,
)
def egress_default_network(function: Function, _context: Context) -> Iterator[Hit]:
    """The default network has a subnet in every region and firewall rules that allow its members to reach one
    another, SSH included. A function attached to it can reach every machine that was created without choosing a
    network. A custom VPC network contains only the resources that were placed in it.
    """
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    if isinstance(network, Known) and network.value is None:
        raise NotApplicable("it has no virtual network for egress")
    default = function.ingress.then(lambda ingress: ingress.egress.default_network)
    if default.need():
        yield Hit(
            message=f"Egress of {function.name} uses the default VPC network of the project",
            evidence=(cite(default, "network: default"),),
        )
