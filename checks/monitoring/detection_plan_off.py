"""Flags subscriptions whose threat detection does not watch App Service."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Switch the plan on. It is billed for each worker of Basic to Isolated plans; Consumption and Flex are not covered by it.",
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
    controls=(
        "MCSB:LT-1",
        "CIS-Azure-Foundations-2.0:2.1.2",
        "NIST-800-53:SI-4",
    ),
    subject=Subject.SCOPE,
)
def detection_plan_off(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Microsoft Defender for App Service reports web shells, calls from known attackers and dangling host names. Without it
    nobody looks.
    """
    plans = scope.guardrails.then(lambda rails: rails.detection_plans)
    states = {name.lower(): on for name, on in plans.need()}
    if "appservices" not in states:
        raise Unanswered(Gap(GapReason.MALFORMED, plans.source, None, "the list of plans does not name AppServices"))
    if not states["appservices"]:
        yield Hit(message="Defender for App Service is off", evidence=(cite(plans, "AppServices: pricingTier Free"),))
