"""Flags functions whose way out is the project's default network."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Create a network with subnets and firewall rules of your own, and move the function to it. Private"
        " resources it reaches today must be reachable from there.",
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
    controls=("NIST-800-53:SC-7", "CSA-SAS:SAS-3"),
    cwe=1188,
)
def egress_default_network(function: Function, _context: Context) -> Iterator[Hit]:
    """The default network has a subnet in every region and rules that let its members reach one another, SSH included.

    A function attached to it can knock at every machine that anybody ever started without choosing a network. Own
    networks hold only what was put there.
    """
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    if isinstance(network, Known) and network.value is None:
        raise NotApplicable("it has no private network for its way out")
    default = function.ingress.then(lambda ingress: ingress.egress.default_network)
    if default.need():
        yield Hit(
            message="Its traffic goes through the project's default network",
            evidence=(cite(default, "the network is named default"),),
        )
