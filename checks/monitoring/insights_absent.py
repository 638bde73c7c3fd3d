"""Flags function apps without Application Insights."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Connect the app to an Application Insights resource. Telemetry is billed by volume: sampling is on by default.",
        breaks="The app restarts when the setting changes.",
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
    id="insights-absent",
    title="Application Insights is not connected",
    risk=Risk.MONITORING,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-app-insights",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/configure-monitoring",),
    cwe=778,
)
def insights_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Without Application Insights, failed requests, unusual callers and sudden load go unnoticed: the logs of a
    function app are on its workers and are lost with them. The app settings decide; where they cannot be read,
    insights-link-absent evaluates the tag of the portal.
    """
    insights = function.monitoring.then(lambda monitoring: monitoring.insights)
    if insights.need() is None:
        yield Hit(
            message=f"Function app {function.name} is not connected to Application Insights",
            evidence=(cite(insights, "neither a connection string nor an instrumentation key is set"),),
        )
