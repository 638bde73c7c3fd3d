"""Flags Application Insights resources that accept telemetry with a key only."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Let the apps authenticate with their managed identity (APPLICATIONINSIGHTS_AUTHENTICATION_STRING,"
        " role Monitoring Metrics Publisher), then disable local authentication.",
        breaks="Telemetry that is still sent with the key is rejected.",
        command="az resource update --ids {locus} --set properties.DisableLocalAuth=true",
        terraform="""\
resource "azurerm_application_insights" "this" {
  name                = "{component}"
  resource_group_name = "{group}"

  local_authentication_enabled = false
}""",
    ),
}


@check(
    id="insights-local-auth",
    title="Application Insights allows local authentication",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-app-insights-entra-auth",),
    references=("https://learn.microsoft.com/en-us/azure/azure-monitor/app/azure-ad-authentication",),
    profile_level=ProfileLevel.STRICT,
)
def insights_local_auth(function: Function, _context: Context) -> Iterator[Hit]:
    """The key is in the settings of every app and in client scripts. Anyone who has it can flood the resource with
    telemetry, at your cost, or hide an attack behind forged telemetry.
    """
    insights = function.monitoring.then(lambda monitoring: monitoring.insights)
    found = insights.need()
    if found is None:
        raise NotApplicable("the app is not connected to Application Insights")
    if found.local_auth.need():
        name = (found.id or "<component>").rpartition("/")[2]
        yield Hit(
            message=f"Application Insights resource {name} accepts telemetry without Microsoft Entra authentication",
            evidence=(cite(found.local_auth, "DisableLocalAuth = false"),),
            locus=found.id or "",
            site=found.id or "",
            values={"component": name},
        )
