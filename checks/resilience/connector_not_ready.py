"""Flags functions whose VPC connector is not ready."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Examine the connector; delete and recreate it if it remains in an error state. Direct VPC egress"
        " needs no connector.",
        breaks="Functions on the connector have no private egress while it is recreated.",
        command="gcloud compute networks vpc-access connectors describe {connector} --region={location} --project={account}",
        terraform="""\
resource "google_vpc_access_connector" "this" {
  name          = "{connector}"
  region        = "{location}"
  min_instances = 2
  max_instances = 3
}""",
    ),
}


@check(
    id="connector-not-ready",
    title="VPC connector is not ready",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-connector-state",),
    references=(
        "https://cloud.google.com/vpc/docs/serverless-vpc-access",
        "https://cloud.google.com/vpc/docs/configure-serverless-vpc-access",
    ),
)
def connector_not_ready(function: Function, _context: Context) -> Iterator[Hit]:
    """While the connector is not ready, traffic from the function to the VPC network is lost, and new instances fail to
    start.
    """
    state = function.ingress.then(lambda ingress: ingress.egress.connector_state)
    value = state.need()
    if value is None:
        raise NotApplicable("the function uses no connector")
    if value.lower() != "ready":
        network = function.ingress.then(lambda ingress: ingress.egress.network)
        yield Hit(
            message=f"The VPC connector of function {function.name} is in state {value.lower()}",
            evidence=(cite(state, f"state = {value}"),),
            site=network.need() or "",
            values={"connector": (network.need() or "<connector>").rpartition("/")[2]},
        )
