"""Flags subscriptions without Defender for App Service."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Enable the plan. It is billed for each worker of Basic to Isolated plans; it does not cover"
        " Consumption and Flex Consumption.",
        command="az security pricing create --name AppServices --tier Standard",
        terraform="""\
resource "azurerm_security_center_subscription_pricing" "app_services" {
  tier          = "Standard"
  resource_type = "AppServices"
}""",
    ),
}


@check(
    id="detection-plan-off",
    title="Defender for App Service is disabled",
    risk=Risk.MONITORING,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-defender-app-service",),
    references=("https://learn.microsoft.com/en-us/azure/defender-for-cloud/defender-for-app-service-introduction",),
    subject=Subject.SCOPE,
)
def detection_plan_off(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Microsoft Defender for App Service detects web shells, requests from known malicious addresses and dangling DNS
    records. Without it these attacks raise no alert.
    """
    plans = scope.guardrails.then(lambda rails: rails.detection_plans)
    states = {name.lower(): on for name, on in plans.need()}
    if "appservices" not in states:
        raise Unanswered(Gap(GapReason.MALFORMED, plans.source, None, "the list of plans does not name AppServices"))
    if not states["appservices"]:
        yield Hit(
            message=f"Defender for App Service is disabled in subscription {scope.name}",
            evidence=(cite(plans, "AppServices: pricingTier Free"),),
        )
