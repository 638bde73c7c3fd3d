"""Flags functions that were last deployed over a year ago and are patched only on deployment."""

from collections.abc import Iterator
from datetime import date

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_DAYS = 365

FIX = {
    Cloud.GCP: Fix(
        text="Deploy the function again with current dependencies, and enable automatic base image updates.",
        breaks="A newer base image or dependency can behave differently: test the build first.",
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
    facet_of=("runtime-pinned",),
    references=("https://cloud.google.com/functions/docs/securing/execution-environment-security",),
    cwe=1104,
)
def deployment_stale(function: Function, context: Context) -> Iterator[Hit]:
    """Base image and dependencies date from the last build: a year of security fixes is missing from a function that is
    still in service. Functions whose base image is updated automatically are not reported.
    """
    build = function.deployment.then(lambda deployment: deployment.build.deployed_at)
    age = (context.today - date.fromisoformat(build.need()[:10])).days
    if age <= _DAYS:
        return
    updated = function.deployment.then(lambda deployment: deployment.build.automatic_updates)
    if not updated.need():
        yield Hit(
            message=f"Function {function.name} was last deployed {age} days ago and is patched only on deployment",
            evidence=(
                cite(build, f"updateTime: {build.need()[:10]}"),
                cite(updated, "runtime update policy: on deployment"),
            ),
        )
