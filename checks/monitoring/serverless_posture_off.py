"""Flags subscriptions whose Defender CSPM does not cover serverless resources."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Enable Defender CSPM with its serverless extension, if you want Microsoft's recommendations in"
        " addition to these.",
        command="az security pricing create --name CloudPosture --tier Standard",
        terraform="""\
resource "azurerm_security_center_subscription_pricing" "posture" {
  tier          = "Standard"
  resource_type = "CloudPosture"
}""",
    ),
}


@check(
    id="serverless-posture-off",
    title="Defender CSPM does not cover serverless",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-defender-cspm-serverless",),
    references=(
        "https://learn.microsoft.com/en-us/azure/defender-for-cloud/concept-cloud-security-posture-management",
    ),
    profile_level=ProfileLevel.STRICT,
    subject=Subject.SCOPE,
)
def serverless_posture_off(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Between two audits, the provider's posture management detects changes. Only a recommendation: it is billed, and
    other tools do the same.
    """
    covered = scope.guardrails.then(lambda rails: rails.serverless_posture)
    if not covered.need():
        yield Hit(
            message=f"Defender CSPM of subscription {scope.name} does not cover serverless resources",
            evidence=(cite(covered, "CloudPosture: off, or without its serverless extension"),),
        )
