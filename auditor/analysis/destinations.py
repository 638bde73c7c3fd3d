"""Where a function's failed and finished events go, and which of its triggers need such a place."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from auditor.analysis.triggers import MAPPINGS, heavier, known_triggers, raise_unmapped
from auditor.model.asynchronous import FailureHandling, Target
from auditor.model.function import Function
from auditor.model.observed import Gap, Known, Observed, Unanswered, Unknown
from auditor.model.trigger import Trigger, TriggerVia


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


def failing(function: Function) -> Iterator[Sent]:
    """The same, with where the event source mappings of a function send what failed (``<source>/on-failure``)."""
    gap: Gap | None = None
    for group, trigger, locus in known_triggers(function):
        fact = trigger.failure_target
        if trigger.via is not TriggerVia.MAPPING:
            continue
        if isinstance(fact, Unknown):
            gap = heavier(gap, fact.gap)
        elif fact.value is not None:
            yield Sent(group.source, f"{locus}/on-failure", fact.value)
    yield from sent(function.failures)
    raise_unmapped(function, gap)


MAPPED: Final = (
    "aws lambda list-event-source-mappings --region {location} --function-name {name}\n"
    "aws lambda update-event-source-mapping --region {location} --uuid <mapping-uuid>"
    " --destination-config 'OnFailure={Destination=<own-queue-arn>}'"
)
"""The command that gives a mapping another place for what failed."""
MAPPED_HCL: Final = """\
resource "aws_lambda_event_source_mapping" "this" {
  function_name = "{name}"

  destination_config {
    on_failure {
      destination_arn = "<ARN of a queue of your own>"
    }
  }
}"""


def mapped(found: Sent) -> bool:
    """Whether a mapping, and not the function, names the target."""
    return found.source == MAPPINGS


def asynchronous(
    groups: Iterable[Observed[tuple[Trigger, ...]]],
) -> Iterator[tuple[Known[tuple[Trigger, ...]], Trigger]]:
    """Enabled triggers whose failed events the platform retries and then drops, among the groups that could be read."""
    for group in groups:
        if isinstance(group, Known):
            for trigger in group.value:
                if trigger.enabled and trigger.asynchronous:
                    yield group, trigger
