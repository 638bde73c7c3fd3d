"""Flags rules that drop events which cannot be delivered to a function."""

from collections.abc import Iterator

from auditor.analysis.event_sources import judged_triggers
from auditor.analysis.triggers import source_name
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import not_offered
from auditor.model.severity import Severity

_FIX = Fix(
    text="Give the target of the rule a dead-letter queue, and let EventBridge send to it by the policy of the queue.",
    breaks="The command replaces the target, so repeat its input and retry settings.",
    command="aws events list-targets-by-rule --region {location} --rule {rule} --event-bus-name {bus}\n"
    "aws events put-targets --region {location} --rule {rule} --event-bus-name {bus} --targets"
    " Id=<target-id>,Arn=<function-arn>,DeadLetterConfig={Arn=<queue-arn>}",
    terraform="""\
resource "aws_cloudwatch_event_target" "this" {
  rule           = "{rule}"
  event_bus_name = "{bus}"
  arn            = "{id}"

  dead_letter_config {
    arn = "<ARN of a queue>"
  }
}""",
)
_EVENTS = "events"
_OTHER = not_offered("events:ListTargetsByRule", "no rule delivers it")


@check(
    id="delivery-without-dead-letter",
    title="Events that cannot be delivered are dropped",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("eventrule-no-dlq",),
    references=("https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",),
    cwe=755,
    profile_level=ProfileLevel.STRICT,
)
def delivery_without_dead_letter(function: Function, _context: Context) -> Iterator[Hit]:
    """EventBridge drops an event that it cannot hand to the function: at once where the permission was removed, after 24
    hours of retries otherwise. The dead-letter queue of the function does not help, for the function never saw the event.
    An opinion: handing over to Lambda rarely fails, and what fails in the code is reported by async-no-failure-path.
    """
    for (group, trigger, locus), kept in judged_triggers(
        function, lambda trigger: trigger.dead_letter if trigger.service == _EVENTS else _OTHER, services=(_EVENTS,)
    ):
        if not kept.value:
            path = (trigger.source or "").partition(":rule/")[2]
            yield Hit(
                message=f"Events of {source_name(trigger)} that cannot be delivered to {function.name} are dropped",
                evidence=(cite(kept, "events:ListTargetsByRule: no DeadLetterConfig"), cite(group, locus)),
                locus=locus,
                values={"rule": path.rpartition("/")[2], "bus": path.rpartition("/")[0] or "default"},
            )
