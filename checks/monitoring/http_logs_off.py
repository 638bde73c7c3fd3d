"""Flags function apps without a log of HTTP requests."""

from collections.abc import Iterator

from auditor.analysis.log_categories import offers_audit_logs
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.observed_logic import any_holds
from auditor.model.severity import Severity

_HTTP = frozenset({"appservicehttplogs", "alllogs"})

FIX = {
    Cloud.AZURE: Fix(
        text="Export AppServiceHTTPLogs to a workspace, or enable the HTTP log of the host.",
        command='az monitor diagnostic-settings create --name http-to-workspace --resource {id} --workspace <workspace> --logs \'[{"category":"AppServiceHTTPLogs","enabled":true}]\'',
        terraform="""\
resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "http-to-workspace"
  target_resource_id         = "{id}"
  log_analytics_workspace_id = "<workspace>"

  enabled_log {
    category = "AppServiceHTTPLogs"
  }
}""",
    ),
}


@check(
    id="http-logs-off",
    title="HTTP logging is disabled",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-http-logs",),
    facet_of=("diagnostics-absent",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/troubleshoot-diagnostic-logs",),
    profile_level=ProfileLevel.STRICT,
)
def http_logs_off(function: Function, _context: Context) -> Iterator[Hit]:
    """HTTP logs record client address, path and status of each request: without them scanning and abuse leave no trace.
    Only a recommendation where Application Insights already records requests.
    """
    settings = function.monitoring.then(lambda monitoring: monitoring.diagnostics)
    if isinstance(settings, Known) and any(
        category.lower() in _HTTP for setting in settings.value for category in setting.categories
    ):
        return
    logged = function.monitoring.then(lambda monitoring: monitoring.http_logs)
    if not any_holds(logged, settings.map(lambda _: False)):
        yield Hit(
            message=f"Neither the host nor a diagnostic setting of function app {function.name} logs HTTP requests",
            site="" if offers_audit_logs(function) else f"HTTP logs of {function.id}",
            evidence=(cite(logged, "httpLogs: off"), cite(settings, "no AppServiceHTTPLogs")),
        )
