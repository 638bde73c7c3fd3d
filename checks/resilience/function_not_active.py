"""Flags functions that are not active or whose deployment failed."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import ServiceState
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Read the message, fix the cause and deploy again; delete the function if it is not needed.",
        command="gcloud functions describe {name} --region={location} --project={account}",
        no_terraform="deploy it again with terraform apply once the cause is fixed",
    ),
}


@check(
    id="function-not-active",
    title="Function is not active",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-state-failed",),
    references=(
        "https://cloud.google.com/functions/docs/troubleshooting",
        "https://cloud.google.com/run/docs/troubleshooting",
    ),
)
def function_not_active(function: Function, _context: Context) -> Iterator[Hit]:
    """The last deployment did not succeed. The code that serves requests, if any, is an older version, and a fix that
    was deployed is not live. The finding contains the message of the platform.
    """
    hosting = function.hosting.need()
    state = hosting.state.need()
    if state is ServiceState.UNRECOGNISED:
        raise Unanswered(
            Gap(GapReason.UNRECOGNISED, hosting.state.source, None, "a state newer than this version knows")
        )
    if state in (ServiceState.FAILED, ServiceState.STOPPED):
        why = f": {hosting.state_reason}" if hosting.state_reason else ""
        yield Hit(
            message=f"Function {function.name} is {state}{why}",
            evidence=(cite(hosting.state, f"state = {state}{why}"),),
        )
