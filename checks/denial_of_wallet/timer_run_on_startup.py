"""Flags timers that also run at every start of the host."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Remove runOnStartup from the binding of {locus} and deploy again; the timer then runs on its schedule only.",
        no_command="the setting is part of the handler's binding in the code",
        no_terraform="the setting is part of the handler's binding in the code",
    ),
}


@check(
    id="timer-run-on-startup",
    title="Timer trigger runs on every host start",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-timer-run-on-startup",),
    controls=("NIST-800-53:SC-5", "CSA-SAS:SAS-8"),
    cwe=799,
)
def timer_run_on_startup(function: Function, _context: Context) -> Iterator[Hit]:
    """The host starts whenever the app scales out, is updated or restarts after a crash, and each time the job runs again.

    A job that crashes the host starts itself in a loop. Made for trying things out; in production it bills a
    schedule's work at moments nobody chose.
    """
    for handler in function.handlers.need():
        if handler.enabled and handler.run_on_startup:
            yield Hit(
                message=f"{handler.name} runs at every start of the host",
                evidence=(cite(function.handlers, f"{handler.name}: runOnStartup = true"),),
                locus=handler.name,
            )
