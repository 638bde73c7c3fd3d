"""Flags application monitors that accept telemetry from anyone who knows a key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Let the apps sign in with their identity (APPLICATIONINSIGHTS_AUTHENTICATION_STRING, role Monitoring Metrics Publisher), then switch local authentication off. What still sends with the key is then lost.",
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
    controls=(
        "MCSB:IM-1",
        "NIST-800-53:IA-2",
    ),
    profile_level=ProfileLevel.STRICT,
)
def insights_local_auth(function: Function, _context: Context) -> Iterator[Hit]:
    """The key stands in the settings of every app and in client scripts. Whoever has it can flood the monitor, at your cost,
    or bury what they did under made-up telemetry.
    """
    insights = function.monitoring.then(lambda monitoring: monitoring.insights)
    found = insights.need()
    if found is None:
        raise NotApplicable("it reports to no application monitor")
    if found.local_auth.need():
        name = (found.id or "<component>").rpartition("/")[2]
        yield Hit(
            message=f"{name} accepts telemetry without an identity",
            evidence=(cite(found.local_auth, "DisableLocalAuth = false"),),
            locus=found.id or "",
            values={"component": name},
        )
