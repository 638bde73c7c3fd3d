"""Flags functions that fail whole batches of messages or records for one that cannot be processed."""

from collections.abc import Iterator

from auditor.analysis.event_sources import mapping_id
from auditor.analysis.triggers import heavier, known_triggers, raise_unmapped, source_name
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered
from auditor.model.observed_logic import any_holds, none_if_not_offered
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger, TriggerVia

_BATCHES = frozenset({"dynamodb", "kinesis", "sqs"})

_FIX = Fix(
    text="Let the code return the ids of the records that failed, then switch ReportBatchItemFailures on; on a stream,"
    " splitting batches that fail (BisectBatchOnFunctionError) does without a change of the code.",
    breaks="Once it is on, an answer without failed ids counts as success of the whole batch.",
    command="aws lambda update-event-source-mapping --region {location} --uuid {mapping}"
    " --function-response-types ReportBatchItemFailures",
    terraform="""\
resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn        = "{source}"
  function_name           = "{name}"
  function_response_types = ["ReportBatchItemFailures"]
}""",
)


@check(
    id="partial-batch-off",
    title="One failing record fails its whole batch",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("esm-no-partial-batch", "esm-no-bisect"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
    ),
    cwe=755,
    profile_level=ProfileLevel.STRICT,
)
def partial_batch_off(function: Function, _context: Context) -> Iterator[Hit]:
    """One record that the code cannot process brings the whole batch back: what was done is done again and billed again,
    and on a stream nothing behind it is read. Anyone who can write to the source needs a single malformed record. A
    batch of one, partial answers, or batches that are split (on streams) avoid it.
    """
    gap: Gap | None = None
    for group, trigger, locus in known_triggers(function):
        if trigger.via is not TriggerVia.MAPPING or trigger.service not in _BATCHES or _alone(trigger):
            continue
        try:
            spared = any_holds(trigger.partial_batches, none_if_not_offered(trigger.bisects))
        except Unanswered as unanswered:
            gap = heavier(gap, unanswered.gap)
            continue
        if not spared:
            yield Hit(
                message=f"One record that fails brings the whole batch from {source_name(trigger)} back to {function.name}",
                evidence=(cite(trigger.partial_batches, "no ReportBatchItemFailures"), cite(group, locus)),
                locus=locus,
                values={"source": trigger.source or "<source>", "mapping": mapping_id(trigger)},
            )
    raise_unmapped(function, gap)


def _alone(trigger: Trigger) -> bool:
    return isinstance(trigger.batch_size, Known) and trigger.batch_size.value == 1
