"""Flags Premium apps without a warmup trigger."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Add a function with a warmupTrigger that loads the dependencies of the others.",
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
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-warmup",),
    profile_level=ProfileLevel.STRICT,
)
def warmup_trigger_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Pre-warmed instances are billed to avoid cold starts; without a warmup function the first request still loads the
    dependencies. Only a recommendation.
    """
    if function.hosting.need().kind is not HostingKind.PREMIUM:
        raise NotApplicable("warmup triggers run on Premium plans only")
    triggers = [handler.trigger.type for handler in function.handlers.need() if handler.trigger is not None]
    if triggers and "warmuptrigger" not in triggers:
        yield Hit(
            message=f"Function app {function.name} has no warmup trigger",
            evidence=(cite(function.handlers, f"triggers: {', '.join(sorted(set(triggers)))}"),),
        )
