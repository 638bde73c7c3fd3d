"""Flags functions without a Binary Authorization policy."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Configure a policy that admits only images attested by your pipeline, in dry-run mode first.",
        breaks="Images that are not attested are rejected, those of Google's buildpacks included unless the policy"
        " names them.",
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
    references=("https://cloud.google.com/binary-authorization/docs/overview",),
    profile_level=ProfileLevel.STRICT,
)
def binary_authorization_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Any principal that can deploy can run an arbitrary image as the service account of the function. With a policy,
    only images that the pipeline built and attested can run. Only a recommendation: it requires a pipeline that
    signs.
    """
    needed = function.deployment.then(lambda deployment: deployment.binary_authorization)
    if not needed.need():
        yield Hit(
            message=f"Service {function.name} runs images without Binary Authorization",
            evidence=(cite(needed, "no binary authorization policy"),),
        )
