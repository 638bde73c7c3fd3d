"""Flags function apps that the portal links to no application monitor."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
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
    id="insights-link-absent",
    title="Application Insights link tag is missing",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-app-insights-tag",),
    controls=(
        "MCSB:LT-3",
        "CIS-Azure-Compute-2.0:2.3.17",
        "NIST-800-53:AU-12",
        "CSA-SAS:SAS-6",
    ),
    cwe=778,
    confidence=Confidence.LOW,
    profile_level=ProfileLevel.STRICT,
)
def insights_link_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Weak evidence, which needs no right to read settings: the portal tags an app with the monitor it connects. Tools do not,
    and the tag survives a disconnection. An opinion therefore; insights-absent reads the settings themselves.
    """
    linked = function.monitoring.then(lambda monitoring: monitoring.insights_linked)
    insights = function.monitoring.then(lambda monitoring: monitoring.insights)
    if isinstance(insights, Known) and insights.value is not None:
        return
    if not linked.need():
        yield Hit(
            message="No tag links the app to an Application Insights resource",
            evidence=(cite(linked, "no hidden-link tag to an Application Insights resource"),),
        )
