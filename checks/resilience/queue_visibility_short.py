"""Flags queues that hand a message out again while a function may still be working on it."""

from collections.abc import Iterator

from auditor.analysis.event_sources import judged_sources, source_values
from auditor.analysis.triggers import source_name
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_TIMES = 6
"""Lambda Developer Guide, "Using Lambda with Amazon SQS" (2026-10): at least six times the function's timeout, plus the
batching window."""

_FIX = Fix(
    text="Set the visibility timeout of the queue to six times the timeout of the function plus the batching window of the"
    " mapping, or shorten the timeout of the function.",
    breaks="A message that fails is tried again only after the longer time.",
    command="aws sqs set-queue-attributes --region {location} --queue-url {queue} --attributes VisibilityTimeout={seconds}",
    terraform="""\
resource "aws_sqs_queue" "this" { # {source}
  name                       = "{source_label}"
  visibility_timeout_seconds = {seconds}
}""",
)


@check(
    id="queue-visibility-short",
    title="Visibility timeout of the queue is too short",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("esm-sqs-visibility-short",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html",
    ),
    cwe=663,
)
def queue_visibility_short(function: Function, _context: Context) -> Iterator[Hit]:
    """A message that is visible again while a run still works on it is processed twice: an order is shipped twice, a
    payment is made twice, and both runs are billed. AWS recommends six times the timeout of the function, because Lambda
    also tries again where the function is throttled. Medium where the time is shorter than the timeout itself: then every
    slow run is doubled.
    """
    for (group, trigger, locus), visible in judged_sources(function, lambda settings: settings.visibility_seconds):
        timeout = function.limits.timeout_seconds.need()
        window = trigger.batch_window.value if isinstance(trigger.batch_window, Known) else 0
        wanted = _TIMES * timeout + window
        if visible.value < wanted:
            yield Hit(
                message=f"{source_name(trigger)} hides a message for {visible.value} s, and a run of {function.name} may"
                f" last {timeout} s: {wanted} s are recommended",
                evidence=(
                    cite(visible, f"VisibilityTimeout = {visible.value}"),
                    cite(function.limits.timeout_seconds, f"Timeout = {timeout}"),
                    cite(group, locus),
                ),
                locus=locus,
                severity=Severity.MEDIUM if visible.value < timeout else None,
                values={**source_values(trigger), "seconds": str(min(wanted, _LONGEST))},
            )


_LONGEST = 43_200
"""The longest visibility timeout, in seconds: twelve hours."""
