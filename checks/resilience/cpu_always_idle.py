"""Flags services with CPU always allocated and few executions."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Allocate CPU during request processing only.",
        breaks="Background work after the response stops.",
        command="gcloud run services update {run_service} --region={location} --project={account} --cpu-throttling",
        terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name     = "{name}"
  location = "{location}"

  template {
    containers {
      resources {
        cpu_idle = true
      }
    }
  }
}""",
    ),
}


@check(
    id="cpu-always-idle",
    title="CPU is always allocated to an idle service",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-cpu-always-allocated",),
    references=("https://cloud.google.com/run/docs/configuring/billing-settings",),
)
def cpu_always_idle(function: Function, _context: Context) -> Iterator[Hit]:
    """Instance-based billing pays off under steady traffic only. Below a hundred executions a month, CPU that is
    allocated outside of requests is an unnecessary cost.
    """
    always = function.hosting.then(lambda hosting: hosting.cpu_always)
    if not always.need():
        return
    ran = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.executions_30_days)
    if ran.need() < 100:
        yield Hit(
            message=f"CPU is always allocated to service {function.name}, which had {ran.need()} executions in thirty days",
            evidence=(cite(always, "cpuIdle = false"), cite(ran, f"executions in 30 days: {ran.need()}")),
        )
