"""Flags functions whose configuration still names Container Registry, which was shut down."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Deploy the function again with Artifact Registry; the image is built again. Then delete the images in the"
        " old bucket.",
        breaks="Deployments fail while the build account may not write to Artifact Registry; revisions whose image"
        " is deleted cannot start.",
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
    title="Function was deployed with Container Registry and not since",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-docker-registry-legacy",),
    references=("https://cloud.google.com/artifact-registry/docs/transition/transition-from-gcr",),
    cwe=1104,
)
def registry_legacy(function: Function, _context: Context) -> Iterator[Hit]:
    """Container Registry was shut down in March 2025, and the setting is no longer accepted: the next deployment has to
    name Artifact Registry. An image address under gcr.io alone proves nothing, because Artifact Registry has served
    those since.
    """
    legacy = function.deployment.then(lambda deployment: deployment.build.legacy_registry)
    if legacy.need():
        yield Hit(
            message=f"Function {function.name} was deployed with Container Registry and has not been deployed since",
            evidence=(cite(legacy, "dockerRegistry: CONTAINER_REGISTRY"),),
        )
