"""Flags services that accept ID tokens issued for a custom audience."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.GCP: Fix(
        text="Remove the audience if callers can use the service's own URL, and make sure that no other service has it.",
        breaks="Callers whose tokens carry the removed audience get 401.",
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
    references=("https://cloud.google.com/run/docs/configuring/custom-audiences",),
    cwe=345,
    confidence=Confidence.LOW,
    profile_level=ProfileLevel.STRICT,
)
def custom_audience_accepted(function: Function, _context: Context) -> Iterator[Hit]:
    """The audience of an ID token names the service it was issued for, so that one service cannot replay it at another.
    Two services with the same custom audience lose that protection: each can replay its callers' tokens at the
    other. Only this service's list is read here, so compare it with those of other services. An opinion.
    """
    audiences = function.hosting.then(lambda hosting: hosting.audiences)
    for audience in dict.fromkeys(audiences.need()):
        yield Hit(
            message=f"Function {function.name} accepts ID tokens issued for the custom audience {audience}",
            evidence=(cite(audiences, f"customAudiences: {audience}"),),
            locus=audience,
            values={"audience": audience},
        )
