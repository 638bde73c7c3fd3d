"""Flags Application Insights resources that are reachable from all networks."""

from collections.abc import Iterator

from auditor.analysis.arm_ids import group_of, subscription_of
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Disable public network access for ingestion and query once a private link scope serves the apps and"
        " the users.",
        breaks="Apps and users outside the private link scope can neither send nor query telemetry.",
        command="az extension add --name application-insights\naz monitor app-insights component update --subscription {component_subscription} --app {component} --resource-group {component_group} --ingestion-access Disabled --query-access Disabled",
        terraform="""\
resource "azurerm_application_insights" "this" {
  name                = "{component}"
  resource_group_name = "{component_group}"

  internet_ingestion_enabled = false
  internet_query_enabled     = false
}""",
    ),
}


@check(
    id="insights-public",
    title="Application Insights accepts telemetry from all networks",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-app-insights-public-ingest",),
    references=("https://learn.microsoft.com/en-us/azure/azure-monitor/logs/private-link-security",),
    profile_level=ProfileLevel.STRICT,
)
def insights_public(function: Function, _context: Context) -> Iterator[Hit]:
    """Telemetry contains URLs, parameters and stack traces. Public ingestion allows anyone who has the key to send
    telemetry from any network; public query allows the use of stolen credentials from any network. Only a
    recommendation: queries require authentication in any case.
    """
    insights = function.monitoring.then(lambda monitoring: monitoring.insights)
    found = insights.need()
    if found is None:
        raise NotApplicable("the app is not connected to Application Insights")
    if found.public.need():
        name = (found.id or "<component>").rpartition("/")[2]
        yield Hit(
            message=f"Application Insights resource {name} is reachable from all networks",
            evidence=(cite(found.public, "public ingestion or query = Enabled"),),
            locus=found.id or "",
            site=found.id or "",
            values={
                "component": name,
                "component_group": group_of(found.id or ""),
                "component_subscription": subscription_of(found.id or ""),
            },
        )
