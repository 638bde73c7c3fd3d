"""Flags streams that lose records before an outage of their function is over."""

from collections.abc import Iterator

from auditor.analysis.event_sources import judged_sources, source_values
from auditor.analysis.triggers import source_name
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_WEEK = 168
"""Hours. AWS Foundational Security Best Practices, Kinesis.3, by default."""


@check(
    id="stream-retention-short",
    title="Stream keeps records for less than a week",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={
        Cloud.AWS: Fix(
            text="Let the stream keep records for a week. Beyond a day, AWS bills each shard for it.",
            command="aws kinesis increase-stream-retention-period --region {location} --stream-name {source_label}"
            " --retention-period-hours 168",
            terraform="""\
resource "aws_kinesis_stream" "this" { # {source}
  name             = "{source_label}"
  retention_period = 168
}""",
        )
    },
    covers=("kinesis-unencrypted",),
    references=(
        "https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/kinesis-controls.html",
    ),
    profile_level=ProfileLevel.STRICT,
)
def stream_retention_short(function: Function, _context: Context) -> Iterator[Hit]:
    """A record that its function could not process in time is gone: a failing deployment on a Friday evening loses the
    weekend where a stream keeps a day, as it does unless told otherwise. An opinion: replayable producers need less.
    """
    for (group, trigger, locus), hours in judged_sources(function, lambda settings: settings.retention_hours):
        if hours.value < _WEEK:
            yield Hit(
                message=f"{source_name(trigger)}, an event source of {function.name}, keeps records for {hours.value} hours",
                evidence=(cite(hours, f"RetentionPeriodHours = {hours.value}"), cite(group, locus)),
                locus=locus,
                site=f"retention of {trigger.source}",
                values=source_values(trigger),
            )
