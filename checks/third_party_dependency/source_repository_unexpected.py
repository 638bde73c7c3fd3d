"""Flags functions built from a repository that is not on the allow-list."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.deployment import SourceKind
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Add the repository to trusted_repositories if it belongs to you. Otherwise disconnect it and find"
        " out who connected it.",
        breaks="Deployments from the disconnected repository end.",
        command="az functionapp deployment source delete --resource-group {group} --name {app}{of_slot}",
        no_terraform="remove the azurerm_source_control resource, or its source_control block",
    ),
    Cloud.GCP: Fix(
        text="Add the repository to trusted_repositories if it belongs to you. Otherwise deploy from your pipeline"
        " and find out who connected it.",
        breaks="Deployments from the other repository end.",
        command="gcloud functions describe {name} --region={location} --project={account} --format='value(buildConfig.source)'",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  build_config {
    source {
      storage_source {
        bucket = "<your bucket>"
        object = "<package.zip>"
      }
    }
  }
}""",
    ),
}


@check(
    id="source-repository-unexpected",
    title="Source repository is not on the allow-list",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=(
        "az-func-scm-credentials-in-repo-config",
        "gcp-fn-source-from-repo",
    ),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/deploy-continuous-deployment",
        "https://cloud.google.com/run/docs/continuous-deployment",
    ),
    profile_level=ProfileLevel.STRICT,
)
def source_repository_unexpected(function: Function, context: Context) -> Iterator[Hit]:
    """A principal with push access to that branch deploys code that runs with the function's identity. Only a
    recommendation while trusted_repositories is empty: every connected repository is then listed once, for review.
    """
    source = function.deployment.then(lambda deployment: deployment.source)
    found = source.need()
    if found is None or found.kind is not SourceKind.REPOSITORY:
        return
    if not any(fnmatchcase(found.location, pattern) for pattern in context.settings.trusted_repositories):
        branch = f", branch {found.branch}" if found.branch else ""
        yield Hit(
            message=f"Function {function.name} is built from {found.location}{branch}, which is not in trusted_repositories",
            evidence=(cite(source, f"{found.location}{branch}"),),
            locus=found.location,
        )
