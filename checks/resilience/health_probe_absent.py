"""Flags functions without a health check of their instances."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Configure a path that answers only when the app is able to work; instances that fail the check are"
        " replaced.",
        breaks="A path that answers with errors although the app works gets healthy instances replaced.",
        command='az functionapp config set --resource-group {group} --name {app}{of_slot} --generic-configurations \'{"healthCheckPath": "/api/health"}\'',
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    health_check_path                 = "/api/health"
    health_check_eviction_time_in_min = 5
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Configure a startup or liveness probe on the container; instances that fail it receive no traffic.",
        breaks="A probe that fails although the code works keeps new revisions from receiving traffic.",
        command="gcloud run services update {run_service} --region={location} --project={account} --startup-probe=httpGet.path=/healthz",
        terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name     = "{name}"
  location = "{location}"

  template {
    containers {
      startup_probe {
        http_get {
          path = "/healthz"
        }
      }
    }
  }
}""",
    ),
}


@check(
    id="health-probe-absent",
    title="No health check is configured",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=(
        "az-func-health-check",
        "gcp-fn-startup-probe",
    ),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/monitor-instances-health-check",
        "https://cloud.google.com/run/docs/configuring/healthchecks",
    ),
    profile_level=ProfileLevel.STRICT,
)
def health_probe_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """An unresponsive instance continues to receive requests until the fault is noticed. Only a recommendation: events
    of functions with event triggers are retried by their queue.
    """
    probe = function.hosting.then(lambda hosting: hosting.health_probe)
    if probe.need() is None:
        yield Hit(message=f"Function {function.name} has no health check", evidence=(cite(probe, "no probe"),))
