"""Flags services that run in the older execution environment."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Move to the second-generation environment; start-up is a little slower, the kernel is complete.",
        command="gcloud run services update {run_service} --region={location} --project={account} --execution-environment=gen2",
        terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name     = "{name}"
  location = "{location}"

  template {
    execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
  }
}""",
    ),
}


@check(
    id="first-sandbox",
    title="Service uses the first-generation execution environment",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-execution-environment",),
    controls=("NIST-800-53:SC-39",),
    profile_level=ProfileLevel.STRICT,
)
def first_sandbox(function: Function, _context: Context) -> Iterator[Hit]:
    """Threat detection and network file systems need the second one. An opinion: the first one's sandbox is sound, and starts
    faster.
    """
    older = function.hosting.then(lambda hosting: hosting.first_sandbox)
    if older.need():
        yield Hit(
            message="It runs in the first-generation execution environment",
            evidence=(cite(older, "executionEnvironment = EXECUTION_ENVIRONMENT_GEN1"),),
        )
