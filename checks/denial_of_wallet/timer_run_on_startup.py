"""Flags timer triggers that also run on every host start."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered, graver
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Remove runOnStartup from the binding of {locus} and deploy again; the timer then runs on its"
        " schedule only.",
        breaks="A job that relied on running at each start runs only on its schedule: after a deployment it waits"
        " for the next time.",
        no_command="the setting is part of the function's binding in the code",
        no_terraform="the setting is part of the function's binding in the code",
    ),
}


@check(
    id="timer-run-on-startup",
    title="Timer trigger runs on every host start",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-timer-run-on-startup",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-timer",),
    cwe=799,
)
def timer_run_on_startup(function: Function, _context: Context) -> Iterator[Hit]:
    """The host starts whenever the app scales out, is updated or restarts after a crash, and each time the timer
    function runs again. A function that crashes the host runs in a loop. runOnStartup is meant for debugging; in
    production it causes unscheduled, billed executions.
    """
    gap: Gap | None = None
    for handler in function.handlers.need():
        if handler.enabled and handler.run_on_startup is None:
            what = f"whether {handler.name} runs on startup is not told by the API that lists it"
            gap = graver(gap, Gap(GapReason.NOT_COLLECTED, function.handlers.source, None, what))
        elif handler.enabled and handler.run_on_startup:
            yield Hit(
                message=f"Timer function {handler.name} of app {function.name} runs on every host start",
                evidence=(cite(function.handlers, f"{handler.name}: runOnStartup = true"),),
                locus=handler.name,
            )
    if gap is not None:
        raise Unanswered(gap)
