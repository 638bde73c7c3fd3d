"""Flags functions whose configuration differs from that of their Cloud Run service."""

from collections.abc import Iterator

from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Decide which of the two values of {setting} is intended, and deploy the function with it: that updates"
        " both.",
        breaks="The next deployment overwrites the value in force, and whatever relies on it stops working.",
        command="gcloud functions describe {name} --region={location} --project={account}\ngcloud run services describe {run_service} --region={location} --project={account}\ngcloud functions deploy {name} --region={location} --project={account}  # with what is meant",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    # set {setting} to what is meant, and apply
  }
}""",
    ),
}


@check(
    id="service-drift",
    title="Service configuration differs from the function's record",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-run-drift",),
    facet_of=("ingress-drift",),
    references=(
        "https://cloud.google.com/functions/docs/concepts/version-comparison",
        "https://cloud.google.com/functions/docs/deploy",
    ),
    cwe=1188,
)
def service_drift(function: Function, _context: Context) -> Iterator[Hit]:
    """The Cloud Run service was changed directly. A review of the function then covers a configuration that is not
    running, and the next deployment silently reverts it: a fix is lost, or a deliberate change is undone.
    ingress-drift reports the ingress, which is not repeated here.
    """
    drift = function.deployment.then(lambda deployment: deployment.drift)
    for entry in dict.fromkeys(drift.need()):
        setting = entry.partition(":")[0]
        if setting != "ingress":
            yield Hit(
                message=f"Function {function.name} and its Cloud Run service disagree on {entry}",
                evidence=(cite(drift, entry), Evidence(function.source, f"function configuration: {setting}")),
                locus=setting,
                site=f"record of {function.id}",
                values={"setting": setting},
            )
