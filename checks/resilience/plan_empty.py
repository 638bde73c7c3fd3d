"""Flags App Service plans without apps."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Delete the plan. Check first that no deployment is about to use it.",
        breaks="A deployment that is about to use the plan fails.",
        command="az appservice plan delete --ids {locus}",
        no_terraform="remove the azurerm_service_plan resource",
    ),
}


@check(
    id="plan-empty",
    title="App Service plan is empty",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-empty-plan",),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/overview-hosting-plans",
        "https://learn.microsoft.com/en-us/azure/app-service/app-service-plan-manage",
    ),
    subject=Subject.SCOPE,
)
def plan_empty(scope: Scope, _context: Context) -> Iterator[Hit]:
    """A plan is billed for its workers whether or not it hosts an app. Plans left over from a migration are often
    forgotten together with their network access.
    """
    guardrails = scope.guardrails.then(lambda rails: rails.empty_plans)
    for plan in guardrails.need():
        yield Hit(
            message=f"App Service plan {plan} hosts no app",
            evidence=(cite(guardrails, f"{plan}: numberOfSites = 0"),),
            locus=plan,
        )
