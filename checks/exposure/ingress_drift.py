"""Flags functions whose effective ingress differs from the ingress recorded on the function."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.ingress import IngressScope
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Decide which of the two values is intended, and deploy the function with it: that sets both. The"
        " command sets the recorded value again.",
        breaks="Callers that only the value in force admits lose access where the recorded one is narrower.",
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
    references=(
        "https://cloud.google.com/run/docs/securing/ingress",
        "https://cloud.google.com/functions/docs/networking/network-settings",
    ),
    cwe=1188,
)
def ingress_drift(function: Function, _context: Context) -> Iterator[Hit]:
    """The ingress of the underlying Cloud Run service was changed directly, so the function resource shows a setting
    that is not in force. High where the recorded value is internal and the service allows all internet traffic. The
    next deployment resets the service to the recorded value, which may block callers that rely on the change.
    """
    recorded = function.ingress.then(lambda ingress: ingress.recorded)
    if recorded.need() is None:
        return
    real = function.ingress.then(lambda ingress: ingress.scope)
    effective = real.value.value if isinstance(real, Known) else "something else"
    opened = isinstance(real, Known) and real.value is IngressScope.ALL
    yield Hit(
        message=f"{function.name} records ingress {recorded.need()}, but its Cloud Run service has {effective}",
        evidence=(cite(recorded, f"ingressSettings: {recorded.need()}"), cite(real, f"ingress: {effective}")),
        site=f"record of {function.id}",
        severity=Severity.HIGH if opened else None,
    )
