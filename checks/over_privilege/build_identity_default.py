"""Flags functions that are built by a default service account."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_DEFAULTS = (
    "-compute@developer.gserviceaccount.com",
    "@cloudbuild.gserviceaccount.com",
    "@appspot.gserviceaccount.com",
)

FIX = {
    Cloud.GCP: Fix(
        text="Create a service account that may write logs, read the source and write images, and build the function"
        " with it.",
        breaks="The next deployment fails until the new service account has the roles that the build needs.",
        command="gcloud functions deploy {name} --region={location} --project={account}"
        " --build-service-account=projects/{account}/serviceAccounts/<account>@{account}.iam.gserviceaccount.com",
        terraform="""\
resource "google_cloudfunctions2_function" "this" { # in place of {identity}
  name     = "{name}"
  location = "{location}"

  build_config {
    service_account = "<service account that builds>"
  }
}""",
    ),
}


@check(
    id="build-identity-default",
    title="Function is built by a default service account",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-build-service-account",),
    references=(
        "https://cloud.google.com/functions/docs/securing/build-custom-sa",
        "https://cloud.google.com/build/docs/cloud-build-service-account",
    ),
    cwe=250,
)
def build_identity_default(function: Function, _context: Context) -> Iterator[Hit]:
    """Code that a build runs, such as the install script of a dependency, acts as the account that builds. The Cloud
    Build and Compute Engine default accounts are shared by all builds of the project and often hold Editor, so that a
    principal that may deploy a function, or a compromised dependency, gains their permissions.
    """
    identity = function.deployment.then(lambda deployment: deployment.build.identity)
    named = identity.need()
    if named is None or named.endswith(_DEFAULTS):
        told = named or "the default account of Cloud Build"
        yield Hit(
            message=f"{function.name} is built by {told}",
            evidence=(cite(identity, f"buildConfig.serviceAccount: {named or 'not set'}"),),
            values={"identity": told},
        )
