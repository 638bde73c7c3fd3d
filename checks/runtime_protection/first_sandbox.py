"""Flags services in the first-generation execution environment."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Switch to the second-generation execution environment; start-up is slightly slower, and it is fully"
        " compatible with Linux.",
        breaks="Start-up is slightly slower, and code that needs the first-generation environment's timing can run"
        " into timeouts.",
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
    references=("https://cloud.google.com/run/docs/about-execution-environments",),
    profile_level=ProfileLevel.STRICT,
)
def first_sandbox(function: Function, _context: Context) -> Iterator[Hit]:
    """Threat detection and network file systems require the second generation. Only a recommendation: the sandbox of the
    first generation is secure too, and starts faster.
    """
    older = function.hosting.then(lambda hosting: hosting.first_sandbox)
    if older.need():
        yield Hit(
            message=f"Service {function.name} runs in the first-generation execution environment",
            evidence=(cite(older, "executionEnvironment = EXECUTION_ENVIRONMENT_GEN1"),),
        )
