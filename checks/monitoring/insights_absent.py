"""Flags function apps that report to no application monitor."""

from collections.abc import Iterator

from auditor.analysis.doors import part
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

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
    covers=(
        "az-func-app-insights",
        "az-func-app-insights-tag",
    ),
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
    and go with them. Where the settings may not be read, the portal's tag on the app decides, with less certainty: it
    survives a disconnection.
    """
    insights = part(function.monitoring, lambda monitoring: monitoring.insights)
    if isinstance(insights, Known):
        if insights.value is None:
            yield Hit(
                message="No Application Insights resource is connected",
                evidence=(cite(insights, "neither a connection string nor an instrumentation key is set"),),
            )
        return
    linked = part(function.monitoring, lambda monitoring: monitoring.insights_linked)
    if isinstance(linked, Known) and not linked.value:
        yield Hit(
            message="No Application Insights resource is linked to the app",
            evidence=(cite(linked, "no hidden-link tag to an Application Insights resource"),),
            severity=Severity.LOW,
            confidence=Confidence.LOW,
        )
        return
    insights.need()
