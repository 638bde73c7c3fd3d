"""Flags queues in which messages pile up."""

from collections.abc import Iterator

from auditor.analysis.event_sources import judged_sources, source_values
from auditor.analysis.triggers import source_name
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Find out why messages are not processed: errors in the log of the function, throttling, or a limit on the"
    " concurrency of the mapping that is too low. Then raise the limit, or mend the code.",
    breaks="More concurrent runs load what the function calls, such as a database.",
    command="aws lambda update-event-source-mapping --region {location} --uuid {mapping}"
    " --scaling-config MaximumConcurrency=<more>",
    terraform="""\
resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn = "{source}"
  function_name    = "{name}"

  scaling_config {
    maximum_concurrency = 50 # <as many as the services behind the function can take>
  }
}""",
)


@check(
    id="queue-backlog",
    title="Messages pile up in the queue of the function",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("sqs-backlog",),
    references=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
    ),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def queue_backlog(function: Function, context: Context) -> Iterator[Hit]:
    """Messages that are not processed before the retention period of the queue ends are deleted, and a flood of messages
    from a sender that may write to the queue shows here first. The number is that of the moment of the scan, and a batch that
    was just sent is no defect: therefore only a hint. queue_backlog in the settings is the highest number that is accepted.
    """
    for (group, trigger, locus), waiting in judged_sources(function, lambda settings: settings.waiting):
        if waiting.value > context.settings.queue_backlog:
            yield Hit(
                message=f"About {waiting.value} messages wait in {source_name(trigger)}, which {function.name} processes",
                evidence=(cite(waiting, f"ApproximateNumberOfMessages = {waiting.value}"), cite(group, locus)),
                locus=locus,
                site=f"backlog of {trigger.source}",
                values=source_values(trigger),
            )
