"""Flags functions whose images lie in the repository that the platform makes by itself."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Make a repository of your own and deploy with it; the image is built again.",
        command="gcloud functions deploy {name} --region={location} --project={account} --docker-repository=projects/{account}/locations/{location}/repositories/<repository>",
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
    id="image-repository-default",
    title="Image is stored in the default repository",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-docker-repository",),
    controls=("NIST-800-53:CM-6", "CSA-SAS:SAS-5"),
    profile_level=ProfileLevel.STRICT,
)
def image_repository_default(function: Function, _context: Context) -> Iterator[Hit]:
    """All functions of a region share gcf-artifacts: who may write to it changes the image of any of them, and
    scanning, retention and encryption cannot be set apart. An opinion.
    """
    own = function.deployment.then(lambda deployment: deployment.build.own_repository)
    if own.need() is None:
        yield Hit(
            message="Its image lies in the shared repository of the platform",
            evidence=(cite(own, "dockerRepository is the default"),),
        )
