"""Flags event triggers that retry failed events without a dead-letter destination."""

from collections.abc import Iterator

from auditor.analysis.event_sources import judged_mappings, source_values
from auditor.analysis.source_policies import policy_holder
from auditor.analysis.triggers import heavier, known_triggers, raise_unread, source_name
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered
from auditor.model.observed_logic import all_hold, negated
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Give a queue a redrive policy with a dead-letter queue, and a mapping of a stream an on-failure destination and"
        " a limit on retries; let the role of the function send to the destination. Set an alarm on the depth of the"
        " dead-letter queue.",
        breaks="Messages that fail the maximum number of attempts leave the source: without a reader of the dead-letter queue"
        " they expire there.",
        command="aws sqs set-queue-attributes --region {location} --queue-url {queue} --attributes"
        ' \'{"RedrivePolicy":"{\\"deadLetterTargetArn\\":\\"<dead-letter-queue-arn>\\",\\"maxReceiveCount\\":\\"5\\"}"}\'',
        terraform="""\
resource "aws_sqs_queue" "this" { # {source}
  name = "{source_label}"

  redrive_policy = jsonencode({
    deadLetterTargetArn = "<ARN of a dead-letter queue>"
    maxReceiveCount     = 5
  })
}""",
    ),
    Cloud.GCP: Fix(
        text="Give the trigger's subscription a dead-letter topic and a maximum number of delivery attempts, or"
        " deploy without retry if a lost event does not matter. The Pub/Sub service agent needs permission to"
        " publish to the topic.",
        breaks="Events that fail the maximum number of attempts leave the subscription: without a reader of the"
        " dead-letter topic they are lost.",
        command="gcloud pubsub subscriptions update <subscription-of-the-trigger> --project={account} --dead-letter-topic=<topic>"
        " --max-delivery-attempts=5",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  event_trigger {
    retry_policy = "RETRY_POLICY_DO_NOT_RETRY" # or set a dead-letter topic on the trigger's subscription
  }
}""",
    ),
}


_STREAM = (
    "aws lambda update-event-source-mapping --region {location} --uuid {mapping}"
    " --maximum-retry-attempts 5 --destination-config 'OnFailure={Destination=<queue-arn>}'"
)
_STREAM_HCL = """\
resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn       = "{source}"
  function_name          = "{name}"
  maximum_retry_attempts = 5

  destination_config {
    on_failure {
      destination_arn = "<ARN of a queue>"
    }
  }
}"""


@check(
    id="retry-without-dead-letter",
    title="Failed events are retried without a dead-letter destination",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-trigger-retry", "sqs-no-redrive", "esm-no-failure-destination"),
    references=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
        "https://cloud.google.com/pubsub/docs/handling-failures",
        "https://cloud.google.com/functions/docs/bestpractices/retries",
    ),
    cwe=834,
)
def retry_without_dead_letter(function: Function, _context: Context) -> Iterator[Hit]:
    """One event that the code cannot process is delivered again and again for days, and every attempt is billed. Anyone
    with write access to the source needs a single malformed message to keep the function busy. A dead-letter topic
    removes it after a few attempts and keeps it for analysis. On AWS, event source mappings are judged: queues without a
    redrive policy, and streams without an on-failure destination, where a batch that fails also blocks what is behind it.
    Low where a mapping gives up after some retries: then the records are lost without a trace. Dead-letter queues
    themselves need no other.
    """
    if function.cloud is Cloud.AWS:
        yield from _of_mappings(function)
        return
    gap: Gap | None = None
    for group, trigger, locus in known_triggers(function):
        try:
            endless = all_hold(trigger.retry, negated(trigger.dead_letter))
        except Unanswered as unanswered:
            gap = heavier(gap, unanswered.gap)
            continue
        if endless:
            yield Hit(
                message=f"Events from {trigger.source or trigger.service} to function {function.name} are retried without a dead-letter topic",
                evidence=(cite(group, "retry on failure"), cite(trigger.dead_letter, "no dead-letter topic")),
                locus=locus,
            )
    raise_unread(function, gap)


def _of_mappings(function: Function) -> Iterator[Hit]:
    """AWS: what becomes of messages and records that the function cannot process."""
    for (group, trigger, locus), kept in judged_mappings(function, lambda trigger: trigger.dead_letter):
        if kept.value:
            continue
        queue, holder = trigger.service == "sqs", policy_holder(trigger)
        dropped = isinstance(trigger.retry, Known) and not trigger.retry.value
        becomes = "are dropped after some retries" if dropped else "come again until they expire"
        where = "the queue has no redrive policy" if queue else "the mapping has no on-failure destination"
        yield Hit(
            message=f"Events from {source_name(trigger)} that {function.name} cannot process {becomes}: {where}",
            evidence=(cite(kept, "no RedrivePolicy" if queue else "no OnFailure destination"), cite(group, locus)),
            locus=locus,
            site=f"redrive policy of {holder}" if queue else "",
            severity=Severity.LOW if dropped else None,
            values=source_values(trigger),
            command=None if queue else _STREAM,
            terraform=None if queue else _STREAM_HCL,
        )
