"""Flags functions whose errors, throttles and duration no alarm watches."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_METRICS = frozenset({"Errors", "Throttles", "Duration", "*"})

_FIX = Fix(
    text="Create an alarm on the errors of the function that notifies its operators; one without a dimension watches"
    " every function of the region.",
    command="aws cloudwatch put-metric-alarm --region {location} --alarm-name {name}-errors --namespace AWS/Lambda"
    " --metric-name Errors --dimensions Name=FunctionName,Value={name} --statistic Sum --period 300"
    " --evaluation-periods 1 --threshold 0 --comparison-operator GreaterThanThreshold"
    " --treat-missing-data notBreaching --alarm-actions <topic-arn>",
    terraform="""\
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "{name}-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = "{name}" }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = ["<topic arn>"]
}""",
)


@check(
    id="alarm-absent",
    title="No alarm watches errors of the function",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("alarm-errors-missing",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
    ),
    cwe=778,
)
def alarm_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """A function that fails, is throttled or runs into its timeout says so in its metrics alone, and events that it
    loses are noticed by those who miss them. Alarms on errors, throttles or duration count, of the function or of every
    function of the region, also as part of an expression or a composite alarm; one without an action does not.
    """
    found = function.alarms.need()
    watching = [alarm for alarm in found if alarm.metric in _METRICS]
    if any(alarm.acts for alarm in watching):
        return
    silent = f": {watching[0].name} has no action" if watching else ""
    yield Hit(
        message=f"No alarm notifies anyone of errors, throttles or long runs of {function.name}{silent}",
        evidence=(
            cite(function.alarms, f"{len(watching)} alarms on Errors, Throttles or Duration, none with an action"),
        ),
    )
