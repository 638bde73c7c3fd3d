"""Flags functions that were last deployed long ago and are patched only when deployed."""

from collections.abc import Iterator
from datetime import date

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_DAYS = 365

FIX = {
    Cloud.GCP: Fix(
        text="Deploy it again, with current dependencies, and let the platform update the base image from then on.",
        command="gcloud functions deploy {name} --region={location} --project={account} --runtime-update-policy=automatic",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  build_config {
    automatic_update_policy {}
  }
}""",
    ),
}


@check(
    id="deployment-stale",
    title="Function was not deployed for a year",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-stale-deployment",),
    controls=("NIST-800-53:SI-2", "OWASP-SLS:S9", "CSA-SAS:SAS-5"),
    cwe=1104,
)
def deployment_stale(function: Function, context: Context) -> Iterator[Hit]:
    """Base image and dependencies are those of the day it was built: a year of fixes is missing from a function that
    still answers. Functions whose base image the platform updates by itself are not reported.
    """
    build = function.deployment.then(lambda deployment: deployment.build.deployed_at)
    age = (context.today - date.fromisoformat(build.need()[:10])).days
    if age <= _DAYS:
        return
    updated = function.deployment.then(lambda deployment: deployment.build.automatic_updates)
    if not updated.need():
        yield Hit(
            message=f"It was last deployed {age} days ago, and only a deployment patches it",
            evidence=(
                cite(build, f"updateTime: {build.need()[:10]}"),
                cite(updated, "updates are made at deployment only"),
            ),
        )
