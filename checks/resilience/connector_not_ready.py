"""Flags functions whose way into the network does not work."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Look at the connector; delete and create it again if it stays in error. Direct VPC egress needs none.",
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
    controls=("NIST-800-53:SC-7",),
)
def connector_not_ready(function: Function, _context: Context) -> Iterator[Hit]:
    """While the connector is not ready nothing the function sends into the network arrives, and new instances fail to start."""
    state = function.ingress.then(lambda ingress: ingress.egress.connector_state)
    told = state.need()
    if told is None:
        raise NotApplicable("it uses no connector")
    if told.lower() != "ready":
        network = function.ingress.then(lambda ingress: ingress.egress.network)
        yield Hit(
            message=f"The connector is {told.lower()}",
            evidence=(cite(state, f"state = {told}"),),
            values={"connector": (network.need() or "<connector>").rpartition("/")[2]},
        )
