"""Flags dedicated plans with a single worker."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Run at least two workers, so that an upgrade or a crash of one causes no outage. Each is billed.",
        breaks="Code that keeps state in one worker's memory or disk sees only its own part.",
        command="az appservice plan update --ids {locus} --number-of-workers 2",
        terraform="""\
resource "azurerm_service_plan" "this" {
  name         = "<plan>"
  worker_count = 2
}""",
    ),
}


@check(
    id="plan-single-worker",
    title="Plan has a single worker",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-plan-instances",),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/overview-hosting-plans",
        "https://learn.microsoft.com/en-us/azure/reliability/reliability-app-service",
    ),
    profile_level=ProfileLevel.STRICT,
)
def plan_single_worker(function: Function, _context: Context) -> Iterator[Hit]:
    """The platform moves workers for its own upgrades; with a single worker this causes downtime, as does a crash of its
    host. Elastic plans add workers automatically and are not judged. Only a recommendation: cost counts too.
    """
    hosting = function.hosting.need()
    if hosting.kind is not HostingKind.DEDICATED:
        raise NotApplicable("only dedicated plans have a fixed number of workers")
    plan = hosting.plan.need()
    if plan is None:
        raise NotApplicable("the app has no plan of its own")
    if plan.capacity.need() < 2:
        yield Hit(
            message=f"Plan {plan.name} of function app {function.name} has {plan.capacity.need()} worker",
            evidence=(cite(plan.capacity, f"sku.capacity = {plan.capacity.need()}"),),
            locus=plan.id,
            site=plan.id,
        )
