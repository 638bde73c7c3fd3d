"""Flags function apps without the Application Insights link tag of the portal."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

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
    id="insights-link-absent",
    title="Application Insights link tag is missing",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-app-insights-tag",),
    facet_of=("insights-absent",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/configure-monitoring",),
    cwe=778,
    confidence=Confidence.LOW,
    profile_level=ProfileLevel.STRICT,
)
def insights_link_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Weak evidence that needs no permission to read app settings: the portal tags an app with the Application Insights
    resource it connects. Other tools do not, and the tag remains after a disconnection. Therefore only a
    recommendation; insights-absent evaluates the settings themselves.
    """
    linked = function.monitoring.then(lambda monitoring: monitoring.insights_linked)
    insights = function.monitoring.then(lambda monitoring: monitoring.insights)
    if isinstance(insights, Known) and insights.value is not None:
        return
    if not linked.need():
        yield Hit(
            message=f"No hidden-link tag connects function app {function.name} to Application Insights",
            evidence=(cite(linked, "no hidden-link tag to an Application Insights resource"),),
        )
