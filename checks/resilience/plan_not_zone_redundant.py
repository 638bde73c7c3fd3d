"""Flags plans whose workers all stand in one zone."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Zone redundancy is chosen when a plan is created: create a new one in a region with zones and move the app.",
        command="az appservice plan create --resource-group {group} --name <new-plan> --location {location} --sku EP1 --zone-redundant",
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
    controls=("NIST-800-53:CP-10",),
    profile_level=ProfileLevel.STRICT,
)
def plan_not_zone_redundant(function: Function, _context: Context) -> Iterator[Hit]:
    """The loss of one data centre takes the function with it. An opinion: not every region has zones, and not every function
    is worth three workers.
    """
    plan = function.hosting.then(lambda hosting: hosting.plan)
    found = plan.need()
    if found is None:
        raise NotApplicable("it runs on no plan of its own")
    if not found.zone_redundant.need():
        yield Hit(
            message=f"Plan {found.name} is not zone redundant",
            evidence=(cite(found.zone_redundant, "zoneRedundant = false"),),
        )
