"""Flags services that accept tokens made out to another name than their own."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.GCP: Fix(
        text="Take the audience away if callers can use the service's own URL, and make sure that no other service has"
        " it.",
        command="gcloud run services update {run_service} --region={location} --project={account} --remove-custom-audiences={audience}",
        terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name     = "{name}"
  location = "{location}"
  custom_audiences = [] # without {audience}
}""",
    ),
}


@check(
    id="custom-audience-accepted",
    title="Custom token audiences are accepted",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-iap-audiences",),
    controls=("NIST-800-53:IA-2", "NIST-800-53:AC-3"),
    cwe=345,
    confidence=Confidence.LOW,
    profile_level=ProfileLevel.STRICT,
)
def custom_audience_accepted(function: Function, _context: Context) -> Iterator[Hit]:
    """A token names whom it is for, so that one service cannot use it at another. Two services with the same custom
    audience give that up: each can act as its callers at the other. Only this service's list is seen here, so
    compare it with the others'. An opinion.
    """
    audiences = function.hosting.then(lambda hosting: hosting.audiences)
    for audience in dict.fromkeys(audiences.need()):
        yield Hit(
            message=f"It accepts tokens made out to {audience}",
            evidence=(cite(audiences, f"customAudiences: {audience}"),),
            locus=audience,
            values={"audience": audience},
        )
