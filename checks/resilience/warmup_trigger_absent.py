"""Flags Premium apps without a warm-up function."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Add a function with a warmupTrigger that loads what the others need.",
        no_command="a warm-up function is part of the package: add it to the code",
        no_terraform="functions inside an app are part of its package",
    ),
}


@check(
    id="warmup-trigger-absent",
    title="Warmup trigger is missing",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-warmup-trigger",),
    controls=("CSA-SAS:SAS-11",),
    profile_level=ProfileLevel.STRICT,
)
def warmup_trigger_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Pre-warmed instances are paid for so that nobody waits; without a warm-up function the first caller still loads the
    dependencies. An opinion.
    """
    if function.hosting.need().kind is not HostingKind.PREMIUM:
        raise NotApplicable("warm-up triggers run on Premium plans only")
    triggers = [handler.trigger.type for handler in function.handlers.need() if handler.trigger is not None]
    if triggers and "warmuptrigger" not in triggers:
        yield Hit(
            message="No function warms new instances up",
            evidence=(cite(function.handlers, f"triggers: {', '.join(sorted(set(triggers)))}"),),
        )
