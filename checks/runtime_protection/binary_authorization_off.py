"""Flags functions whose images need no attestation."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Let a policy admit only images your pipeline attested, in dry-run first.",
        command="gcloud run services update {run_service} --region={location} --project={account} --binary-authorization=default",
        terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name     = "{name}"
  location = "{location}"

  binary_authorization {
    use_default = true
  }
}""",
    ),
}


@check(
    id="binary-authorization-off",
    title="Binary Authorization is disabled",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-binary-authorization",),
    controls=(
        "NIST-800-53:SI-7",
        "CSA-SAS:SAS-5",
    ),
    profile_level=ProfileLevel.STRICT,
)
def binary_authorization_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Whoever may deploy can run any image as the function's account. With a policy only images that your
    pipeline built and attested start. An opinion: it needs a pipeline that signs.
    """
    needed = function.deployment.then(lambda deployment: deployment.binary_authorization)
    if not needed.need():
        yield Hit(message="Images run without attestation", evidence=(cite(needed, "no binary authorization policy"),))
