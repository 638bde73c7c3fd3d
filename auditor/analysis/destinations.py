"""Where a function's failed and finished events go, and which of its triggers need such a place."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from auditor.model.asynchronous import FailureHandling, Target
from auditor.model.observed import Known, Observed, Unanswered, Unknown
from auditor.model.trigger import Trigger


class Sent(NamedTuple):
    """A target in use: the answer that names it, its role and qualifier (``dead-letter``, ``live/on-failure``)."""

    source: str
    locus: str
    target: Target


def sent(failures: FailureHandling) -> Iterator[Sent]:
    """Every target that could be read, then Unanswered for the settings that could not."""
    dead_letter, settings = failures.dead_letter, failures.settings
    if isinstance(dead_letter, Known) and dead_letter.value is not None:
        yield Sent(dead_letter.source, "dead-letter", dead_letter.value)
    if isinstance(settings, Known):
        for setting in settings.value:
            prefix = f"{setting.qualifier}/" if setting.qualifier else ""
            if setting.on_failure is not None:
                yield Sent(settings.source, f"{prefix}on-failure", setting.on_failure)
            if setting.on_success is not None:
                yield Sent(settings.source, f"{prefix}on-success", setting.on_success)
    for fact in (dead_letter, settings):
        if isinstance(fact, Unknown):
            raise Unanswered(fact.gap)


def asynchronous(
    groups: Iterable[Observed[tuple[Trigger, ...]]],
) -> Iterator[tuple[Known[tuple[Trigger, ...]], Trigger]]:
    """Enabled triggers whose failed events the platform retries and then drops, among the groups that could be read."""
    for group in groups:
        if isinstance(group, Known):
            for trigger in group.value:
                if trigger.enabled and trigger.asynchronous:
                    yield group, trigger
