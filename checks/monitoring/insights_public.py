"""Flags application monitors that any network may send to or query."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Close ingestion and query to public networks once a private link scope serves the apps and the people.",
        command="az monitor app-insights component update --app {component} --resource-group {group} --ingestion-access Disabled --query-access Disabled",
        terraform="""\
resource "azurerm_application_insights" "this" {
  name                = "{component}"
  resource_group_name = "{group}"

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
    controls=(
        "MCSB:NS-2",
        "NIST-800-53:SC-7",
    ),
    profile_level=ProfileLevel.STRICT,
)
def insights_public(function: Function, _context: Context) -> Iterator[Hit]:
    """Telemetry holds URLs, parameters and stack traces. Open ingestion lets anyone who has the key send
    from anywhere, open query lets a stolen sign-in read from anywhere. An opinion: queries need a sign-in in any case.
    """
    insights = function.monitoring.then(lambda monitoring: monitoring.insights)
    found = insights.need()
    if found is None:
        raise NotApplicable("it reports to no application monitor")
    if found.public.need():
        name = (found.id or "<component>").rpartition("/")[2]
        yield Hit(
            message=f"{name} answers all networks",
            evidence=(cite(found.public, "public ingestion or query = Enabled"),),
            locus=found.id or "",
            values={"component": name},
        )
