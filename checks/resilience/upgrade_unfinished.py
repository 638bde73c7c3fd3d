"""Flags functions left half-way between two generations."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Finish the upgrade once the copy is tested, or abort it. Until then two copies are deployed and both must be patched.",
        command="gcloud functions upgrade {name} --region={location} --project={account} --commit",
        no_terraform="an upgrade in progress has no Terraform form: finish it, then import the second-generation function",
    ),
}


@check(
    id="upgrade-unfinished",
    title="Upgrade to second generation is unfinished",
    risk=Risk.RESILIENCE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-upgrade-state",),
    controls=("NIST-800-53:CM-3",),
)
def upgrade_unfinished(function: Function, _context: Context) -> Iterator[Hit]:
    """Traffic may go to either copy, with its own policy and its own account; whoever tightens one leaves the other open."""
    state = function.hosting.then(lambda hosting: hosting.upgrade)
    told = state.need()
    if told is not None:
        yield Hit(
            message=f"The upgrade stopped at {told}", evidence=(cite(state, f"upgradeInfo.upgradeState = {told}"),)
        )
