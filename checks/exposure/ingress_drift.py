"""Flags functions whose recorded ingress is not the one in force."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.ingress import IngressScope
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Decide which of the two is meant, and deploy the function with it: that writes both. The command sets the recorded"
        " value again.",
        command="gcloud functions deploy {name} --region={location} --project={account} --ingress-settings=<all|internal-only|internal-and-gclb>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    ingress_settings = "<what is meant>"
  }
}""",
    ),
}


@check(
    id="ingress-drift",
    title="Effective ingress differs from the recorded ingress",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-ingress-drift",),
    controls=("NIST-800-53:CM-3", "NIST-800-53:CM-6"),
    cwe=1188,
)
def ingress_drift(function: Function, _context: Context) -> Iterator[Hit]:
    """Somebody changed the ingress of the service behind the function, so whoever reads the function is misled.

    High where the record says internal and the service lets the internet in. The next deployment silently sets it
    back, which may close a door others rely on.
    """
    recorded = function.ingress.then(lambda ingress: ingress.recorded)
    if recorded.need() is None:
        return
    real = function.ingress.then(lambda ingress: ingress.scope)
    told = real.value.value if isinstance(real, Known) else "something else"
    opened = isinstance(real, Known) and real.value is IngressScope.ALL
    yield Hit(
        message=f"The function records ingress {recorded.need()}, and the service behind it has {told}",
        evidence=(cite(recorded, f"ingressSettings: {recorded.need()}"), cite(real, f"ingress: {told}")),
        severity=Severity.HIGH if opened else None,
    )
