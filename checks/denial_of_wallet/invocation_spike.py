"""Flags functions with far more invocations in the last week than in the week before."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

_TIMES = 5
_A_DAY = 1000

FIX = {
    Cloud.AWS: Fix(
        text="Identify the callers: the logs of the gateway, of the event source or of CloudTrail's data events name"
        " them. If the growth is expected, adjust the expectations; if it is a loop or a flood, stop its source, then"
        " limit the concurrency.",
        breaks="A reserved concurrency also throttles legitimate invocations above it; the command itself only reads.",
        command="aws logs tail /aws/lambda/{name} --region {location} --since 1d",
        no_terraform="a measurement, not a setting; an aws_cloudwatch_metric_alarm on Invocations reports the next increase",
    ),
    Cloud.AZURE: Fix(
        text="Identify the callers: the request log has their addresses and paths. If the growth is expected,"
        " adjust the expectations; if it is a loop or a flood, stop its source, then limit scale-out.",
        breaks="A scale limit also rejects legitimate requests above it; the command itself only reads.",
        command="az monitor metrics list --resource {id} --metrics FunctionExecutionCount Requests Http5xx --interval P1D",
        no_terraform="a measurement, not a setting; an azurerm_monitor_metric_alert reports the next increase",
    ),
    Cloud.GCP: Fix(
        text="Identify the callers: the request log has their addresses and paths. If the growth is expected,"
        " adjust the expectations; if it is a loop or a flood, stop its source, then limit the instances.",
        breaks="A limit of instances also rejects legitimate requests above it; the command itself only reads.",
        command="gcloud logging read 'resource.type=cloud_run_revision AND logName:run.googleapis.com%2Frequests'"
        " --project={account} --freshness=7d --limit=100",
        no_terraform="a measurement, not a setting; a google_monitoring_alert_policy reports the next increase",
    ),
}


@check(
    id="invocation-spike",
    title="Invocations rose sharply",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-anomalous-invocations",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/monitor-functions",
        "https://cloud.google.com/run/docs/monitoring",
    ),
    cwe=799,
    confidence=Confidence.MEDIUM,
)
def invocation_spike(function: Function, _context: Context) -> Iterator[Hit]:
    """An event loop, a leaked URL or a flood of requests shows in the number of executions before it shows on the bill.
    Reported where the last seven days had more than five times the daily executions of the week before, and more than
    1,000 a day. A new function has no earlier week to compare with, and passes.
    """
    usage = function.monitoring.then(lambda monitoring: monitoring.usage)
    recent, before = usage.then(lambda u: u.recent_per_day), usage.then(lambda u: u.executions_before)
    if recent.need() > _A_DAY and 0 < before.need() * _TIMES < recent.need():
        yield Hit(
            message=f"Function {function.name} had {recent.need():.0f} executions a day in the last week and {before.need():.0f} in the week before",
            evidence=(cite(recent, f"{recent.need():.0f} a day"), cite(before, f"{before.need():.0f} a day")),
        )
