"""Flags functions whose deployment failed or that are not active."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import ServiceState
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Read the message, mend the cause and deploy again; delete the function if nobody misses it.",
        command="gcloud functions describe {name} --region={location} --project={account}",
        no_terraform="deploy it again with terraform apply after mending the cause",
    ),
}


@check(
    id="function-not-active",
    title="Function is not active",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-state-failed",),
    controls=("NIST-800-53:CM-3",),
)
def function_not_active(function: Function, _context: Context) -> Iterator[Hit]:
    """The last deployment did not succeed. The code that serves, if any, is an older one than you
    believe, and a fix you thought was out is not. The message of the platform stands in the finding.
    """
    hosting = function.hosting.need()
    state = hosting.state.need()
    if state is ServiceState.UNRECOGNISED:
        raise Unanswered(
            Gap(GapReason.UNRECOGNISED, hosting.state.source, None, "a state newer than this version knows")
        )
    if state in (ServiceState.FAILED, ServiceState.STOPPED):
        why = f": {hosting.state_reason}" if hosting.state_reason else ""
        yield Hit(message=f"The function is {state}{why}", evidence=(cite(hosting.state, f"state = {state}{why}"),))
