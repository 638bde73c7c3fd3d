"""Flags function apps that report to no application monitor."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Connect the app to an Application Insights resource. Telemetry is billed by volume: sampling is on by default.",
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
    controls=(
        "MCSB:LT-3",
        "CIS-Azure-Compute-2.0:2.3.17",
        "NIST-800-53:AU-12",
        "CSA-SAS:SAS-6",
    ),
    cwe=778,
)
def insights_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Without it nobody sees failing calls, unusual callers or a sudden load: the logs of a function app live on its workers
    and go with them. Only the settings tell; where they may not be read, insights-link-absent looks at the portal's tag.
    """
    insights = function.monitoring.then(lambda monitoring: monitoring.insights)
    if insights.need() is None:
        yield Hit(
            message="No Application Insights resource is connected",
            evidence=(cite(insights, "neither a connection string nor an instrumentation key is set"),),
        )
