"""Flags event triggers that retry failed events without a dead-letter destination."""

from collections.abc import Iterator

from auditor.analysis.triggers import heavier, known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Unanswered
from auditor.model.observed_logic import all_hold, negated
from auditor.model.severity import Severity

FIX = {
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


@check(
    id="retry-without-dead-letter",
    title="Failed events are retried without a dead-letter destination",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-trigger-retry",),
    references=(
        "https://cloud.google.com/pubsub/docs/handling-failures",
        "https://cloud.google.com/functions/docs/bestpractices/retries",
    ),
    cwe=834,
)
def retry_without_dead_letter(function: Function, _context: Context) -> Iterator[Hit]:
    """One event that the code cannot process is delivered again and again for days, and every attempt is billed. Anyone
    with write access to the source needs a single malformed message to keep the function busy. A dead-letter topic
    removes it after a few attempts and keeps it for analysis.
    """
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
