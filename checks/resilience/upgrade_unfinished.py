"""Flags functions with an unfinished upgrade to the second generation."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Complete the upgrade once the copy is tested, or abort it. Until then two copies are deployed and"
        " both must be patched.",
        breaks="Once committed the first-generation copy is gone; callers of its URL reach the new one.",
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
    references=("https://cloud.google.com/functions/1stgendocs/migrating/upgrade-gen1-functions",),
)
def upgrade_unfinished(function: Function, _context: Context) -> Iterator[Hit]:
    """Traffic may go to either copy, each with its own IAM policy and service account: a restriction of one leaves the
    other unchanged.
    """
    state = function.hosting.then(lambda hosting: hosting.upgrade)
    value = state.need()
    if value is not None:
        yield Hit(
            message=f"The upgrade of function {function.name} to the second generation is in state {value}",
            evidence=(cite(state, f"upgradeInfo.upgradeState = {value}"),),
        )
