"""Flags functions whose images are stored in the default repository of the platform."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Create a dedicated repository and deploy with it; the image is built again.",
        breaks="Deployments fail while the build account may not write to the new repository.",
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
    facet_of=("function-no-cmk",),
    references=("https://cloud.google.com/functions/docs/building",),
    profile_level=ProfileLevel.STRICT,
)
def image_repository_default(function: Function, _context: Context) -> Iterator[Hit]:
    """All functions of a region share gcf-artifacts: a principal that may write to it can change the image of any of
    them, and scanning, retention and encryption cannot be set separately. An opinion.
    """
    own = function.deployment.then(lambda deployment: deployment.build.own_repository)
    if own.need() is None:
        yield Hit(
            message=f"The image of function {function.name} is stored in the shared default repository",
            evidence=(cite(own, "buildConfig.dockerRepository: gcf-artifacts (default)"),),
        )
