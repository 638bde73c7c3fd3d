"""Flags function apps that keep no log of HTTP requests."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.observed_logic import any_holds
from auditor.model.severity import Severity

_HTTP = frozenset({"appservicehttplogs", "alllogs"})

FIX = {
    Cloud.AZURE: Fix(
        text="Send AppServiceHTTPLogs to a workspace, or switch the host's own HTTP log on.",
        command='az monitor diagnostic-settings create --name to-workspace --resource {id} --workspace <workspace> --logs \'[{"category":"AppServiceHTTPLogs","enabled":true}]\'',
        terraform="""\
resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "to-workspace"
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
    controls=(
        "MCSB:LT-3",
        "NIST-800-53:AU-12",
    ),
    profile_level=ProfileLevel.STRICT,
)
def http_logs_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Who asked for what, from where and with which answer: without it scanning and abuse leave no trace. An opinion where
    Application Insights records requests already.
    """
    settings = function.monitoring.then(lambda monitoring: monitoring.diagnostics)
    if isinstance(settings, Known) and any(
        category.lower() in _HTTP for setting in settings.value for category in setting.categories
    ):
        return
    logged = function.monitoring.then(lambda monitoring: monitoring.http_logs)
    if not any_holds(logged, settings.map(lambda _: False)):
        yield Hit(
            message="Neither the host nor a diagnostic setting logs requests",
            evidence=(cite(logged, "httpLogs: off"), cite(settings, "no AppServiceHTTPLogs")),
        )
