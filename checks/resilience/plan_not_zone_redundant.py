"""Flags plans whose workers are all in one availability zone."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Zone redundancy is set when a plan is created: create a new plan in a region with zones and move the"
        " app.",
        breaks="The app is interrupted while it moves, and its outbound addresses change.",
        command="az functionapp plan create --resource-group {group} --name <new-plan> --location {location} --sku EP1 --zone-redundant",
        terraform="""\
resource "azurerm_service_plan" "this" {
  name                   = "<new plan>"
  zone_balancing_enabled = true
}""",
    ),
}


@check(
    id="plan-not-zone-redundant",
    title="Plan is not zone redundant",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-zone-redundancy",),
    references=("https://learn.microsoft.com/en-us/azure/reliability/reliability-functions",),
    profile_level=ProfileLevel.STRICT,
)
def plan_not_zone_redundant(function: Function, _context: Context) -> Iterator[Hit]:
    """The outage of a single availability zone stops the function. Only a recommendation: not every region has zones,
    and not every function justifies the cost.
    """
    plan = function.hosting.then(lambda hosting: hosting.plan)
    found = plan.need()
    if found is None:
        raise NotApplicable("the app has no plan of its own")
    if not found.zone_redundant.need():
        yield Hit(
            message=f"Plan {found.name} of function app {function.name} is not zone redundant",
            evidence=(cite(found.zone_redundant, "zoneRedundant = false"),),
        )
