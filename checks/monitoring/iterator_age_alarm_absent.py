"""Flags functions that read a stream whose delay no alarm watches."""

from collections.abc import Iterator

from auditor.analysis.triggers import known_triggers, raise_unmapped, source_name
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.model.trigger import TriggerVia

_STREAMS = frozenset({"dynamodb", "kinesis"})

_FIX = Fix(
    text="Create an alarm on IteratorAge of the function, below the retention of the stream.",
    command="aws cloudwatch put-metric-alarm --region {location} --alarm-name {name}-iterator-age --namespace AWS/Lambda"
    " --metric-name IteratorAge --dimensions Name=FunctionName,Value={name} --statistic Maximum --period 300"
    " --evaluation-periods 1 --threshold 3600000 --comparison-operator GreaterThanThreshold"
    " --alarm-actions <topic-arn>",
    terraform="""\
resource "aws_cloudwatch_metric_alarm" "iterator_age" {
  alarm_name          = "{name}-iterator-age"
  namespace           = "AWS/Lambda"
  metric_name         = "IteratorAge"
  dimensions          = { FunctionName = "{name}" }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 3600000
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = ["<topic arn>"]
}""",
)


@check(
    id="iterator-age-alarm-absent",
    title="No alarm watches the delay of a stream's consumer",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("alarm-iteratorage-missing",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
    ),
    cwe=778,
)
def iterator_age_alarm_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """One record that the code cannot process holds up its shard: everything behind it waits, and is lost once it is
    older than the stream keeps it. The age of what is read is the only sign. An alarm on every function of the region,
    an expression, or one that is part of a composite alarm counts as well.
    """
    streams = [
        (group, trigger, locus)
        for group, trigger, locus in known_triggers(function)
        if trigger.via is TriggerVia.MAPPING and trigger.service in _STREAMS
    ]
    if not streams:
        raise_unmapped(function)
        raise NotApplicable("the function reads no stream")
    if any(alarm.acts and alarm.metric in ("IteratorAge", "*") for alarm in function.alarms.need()):
        return
    group, trigger, locus = streams[0]
    yield Hit(
        message=f"No alarm notifies anyone when {function.name} falls behind {source_name(trigger)}",
        evidence=(cite(function.alarms, "no alarm on IteratorAge with an action"), cite(group, locus)),
    )
