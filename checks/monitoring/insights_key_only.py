"""Flags function apps that report with the retired instrumentation key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set the connection string and remove the key. Nothing is lost in between: both name the same resource.",
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
    controls=("NIST-800-53:AU-12",),
)
def insights_key_only(function: Function, _context: Context) -> Iterator[Hit]:
    """Ingestion with an instrumentation key alone has been out of support since March 2025: no new features, no regional
    endpoint, no identity. One day the telemetry simply stops.
    """
    key_only = function.monitoring.then(lambda monitoring: monitoring.insights_key_only)
    if key_only.need():
        yield Hit(
            message="Only APPINSIGHTS_INSTRUMENTATIONKEY is set",
            evidence=(cite(key_only, "no connection string is set"),),
        )
