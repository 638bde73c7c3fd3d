"""Flags functions whose images lie in the withdrawn Container Registry."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Deploy it again with Artifact Registry; the image is built anew. Then delete the old bucket's images.",
        command="gcloud functions deploy {name} --region={location} --project={account} --docker-registry=artifact-registry",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  build_config {
    docker_repository = "projects/{account}/locations/{location}/repositories/<repository>"
  }
}""",
    ),
}


@check(
    id="registry-legacy",
    title="Image lies in the withdrawn Container Registry",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-docker-registry-legacy",),
    controls=("NIST-800-53:SA-22", "CSA-SAS:SAS-5"),
    cwe=1104,
)
def registry_legacy(function: Function, _context: Context) -> Iterator[Hit]:
    """Container Registry is withdrawn since March 2025: nothing can be pushed to it, so the function cannot be built
    again as it is, and its access is that of a storage bucket, without roles for a single image.
    """
    legacy = function.deployment.then(lambda deployment: deployment.build.legacy_registry)
    if legacy.need():
        yield Hit(
            message="Its image lies in Container Registry",
            evidence=(cite(legacy, "Container Registry, not Artifact Registry"),),
        )
