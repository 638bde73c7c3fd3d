"""Flags function apps on a Free or Shared plan."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Move the plan to a dedicated or elastic tier; the app restarts.",
        breaks="The app restarts, and its addresses can change.",
        command="az appservice plan update --ids {locus} --sku B1",
        terraform="""\
resource "azurerm_service_plan" "this" {
  name     = "<plan>"
  sku_name = "B1"
}""",
    ),
}


@check(
    id="plan-tier-low",
    title="Plan tier is not for production",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-plan-minimum-sku",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/overview-hosting-plans",),
)
def plan_tier_low(function: Function, _context: Context) -> Iterator[Hit]:
    """Free and Shared plans run on machines that are shared with other customers, stop for the day when their quota is
    used up, and offer neither custom TLS nor network integration.
    """
    plan = function.hosting.then(lambda hosting: hosting.plan)
    found = plan.need()
    if found is None:
        raise NotApplicable("the app has no plan of its own")
    if found.tier.lower() in ("free", "shared"):
        yield Hit(
            message=f"Plan {found.name} of function app {function.name} is in tier {found.tier}",
            evidence=(cite(plan, f"sku.tier = {found.tier}"),),
            locus=found.id,
            site=found.id,
        )
