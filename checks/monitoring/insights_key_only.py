"""Flags function apps that send telemetry with the retired instrumentation key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set the connection string and remove the key. No telemetry is lost in between: both name the same"
        " resource.",
        breaks="The app restarts when the setting changes; no telemetry is lost, because both name the same resource.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings APPLICATIONINSIGHTS_CONNECTION_STRING=<connection-string>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    application_insights_connection_string = azurerm_application_insights.this.connection_string
  }
}""",
    ),
}


@check(
    id="insights-key-only",
    title="Application Insights uses the retired instrumentation key",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-app-insights-key-in-client",),
    references=("https://learn.microsoft.com/en-us/azure/azure-monitor/app/connection-strings",),
)
def insights_key_only(function: Function, _context: Context) -> Iterator[Hit]:
    """Support for ingestion with an instrumentation key alone ended in March 2025: no new features, no regional
    endpoint, no Microsoft Entra authentication. Telemetry may stop without notice.
    """
    key_only = function.monitoring.then(lambda monitoring: monitoring.insights_key_only)
    if key_only.need():
        yield Hit(
            message=f"Function app {function.name} sets APPINSIGHTS_INSTRUMENTATIONKEY without a connection string",
            evidence=(cite(key_only, "no connection string is set"),),
        )
