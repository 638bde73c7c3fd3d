"""Flags variables that are set from the latest version of a secret."""

import re
from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""A variable's name: paths of mounted files differ by their slashes and dashes."""

FIX = {
    Cloud.GCP: Fix(
        text="Pin the version, and deploy when a new one is to be used.",
        breaks="A new version of the secret is not used until the next deployment.",
        command="gcloud functions deploy {name} --region={location} --project={account} --update-secrets={setting}={secret}:<version>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    secret_environment_variables {
      key        = "{setting}"
      project_id = "{account}"
      secret     = "{secret}"
      version    = "<version>"
    }
  }
}""",
    ),
}


@check(
    id="secret-version-latest",
    title="Secret reference uses the latest version",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-secret-version-latest",),
    references=(
        "https://cloud.google.com/functions/docs/configuring/secrets",
        "https://cloud.google.com/secret-manager/docs/best-practices",
    ),
    profile_level=ProfileLevel.STRICT,
)
def secret_version_latest(function: Function, _context: Context) -> Iterator[Hit]:
    """The value is read when an instance starts. After a new version is added, instances with the old and the new value
    serve at the same time, and a bad value reaches production without a deployment to roll back.

    An opinion. Secrets mounted as files are read anew each time and are not reported.
    """
    references = function.storage.then(lambda storage: storage.references)
    variables = {one.setting: one for one in references.need() if _VARIABLE.fullmatch(one.setting)}
    if not variables:
        raise NotApplicable("no variable is set from a stored secret")
    for reference in variables.values():
        if reference.version is None:
            yield Hit(
                message=f"Variable {reference.setting} of function {function.name} uses the latest version of secret {reference.store}",
                evidence=(cite(references, f"{reference.setting}: version latest"),),
                locus=reference.setting,
                values={"setting": reference.setting, "secret": reference.store},
            )
