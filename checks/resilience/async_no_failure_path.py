"""Flags asynchronously invoked functions without a destination for failed events."""

from collections.abc import Iterator

from auditor.analysis.destinations import asynchronous
from auditor.analysis.endpoints import qualified
from auditor.analysis.triggers import ASYNCHRONOUS, raise_unread, source_name
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.asynchronous import AsyncSettings
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger, TriggerKind

_FIX = Fix(
    text="Send failed events to a queue, let the role send to it, and set an alarm on its depth. For a trigger"
    " on an alias use the alias as qualifier.",
    breaks="Failed events are discarded as before while the role may not send to the queue.",
    command="aws lambda put-function-event-invoke-config --region {location} --function-name {target}"
    " --destination-config 'OnFailure={Destination=<queue-arn>}'",
    terraform="""\
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name = "{name}"

  destination_config {
    on_failure {
      destination = "<ARN of a queue>"
    }
  }
}""",
)


@check(
    id="async-no-failure-path",
    title="Asynchronous failures have no destination",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("async-no-failure-path",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html",
    ),
)
def async_no_failure_path(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """S3, SNS and EventBridge triggers deliver an event and do not keep it. After two retries Lambda discards it: an
    order, an alert or an audit record is lost without trace. The triggers that are attached are evaluated; queues and
    streams keep their own events, and functions without an asynchronous trigger are not judged. Low, because many
    functions can lose an event; informational where only schedules trigger the function, since the next run follows
    in any case.
    """
    dead_letter, settings = function.failures.dead_letter, function.failures.settings
    exposed: dict[str | None, list[Trigger]] = {}
    facts = []
    for fact, trigger in asynchronous(function.triggers):
        facts.append(cite(fact, f"{trigger.service} {trigger.source or ''}".strip()))
        if not (isinstance(settings, Known) and _keeps(settings.value, trigger.qualifier)):
            exposed.setdefault(trigger.qualifier, []).append(trigger)
    if exposed and dead_letter.need() is None:
        settings.need()
        for qualifier, triggers in exposed.items():
            named = " and ".join(dict.fromkeys(source_name(trigger) for trigger in triggers))
            scheduled = all(trigger.kind is TriggerKind.SCHEDULE for trigger in triggers)
            yield Hit(
                message=f"Events from {named} are dropped when {qualified(function.name, qualifier)} fails on them: the"
                " function has no dead-letter queue and no on-failure destination",
                evidence=(*facts, cite(dead_letter, "no DeadLetterConfig"), cite(settings, "no OnFailure destination")),
                locus=qualifier or "",
                severity=Severity.INFORMATIONAL if scheduled else None,
                values={"target": qualified(function.name, qualifier)},
            )
    if not facts or exposed or dead_letter.need() is None:
        raise_unread(function, services=ASYNCHRONOUS)
    if not facts:
        raise NotApplicable("nothing invokes the function asynchronously")


def _keeps(settings: tuple[AsyncSettings, ...], qualifier: str | None) -> bool:
    return any(setting.qualifier == qualifier and setting.on_failure is not None for setting in settings)
