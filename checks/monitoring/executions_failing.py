"""Flags functions with a failure rate above ten percent."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AWS: Fix(
        text="Examine the errors in the log.",
        command="aws logs filter-log-events --region {location} --log-group-name /aws/lambda/{name} --filter-pattern ?ERROR --limit 50",
        no_terraform="the cause of the failures is in the code",
    ),
    Cloud.AZURE: Fix(
        text="Examine the failing operations in Application Insights.",
        command="az extension add --name application-insights\naz monitor app-insights query --app {component} --analytics-query 'requests | where success == false | summarize count() by operation_Name, resultCode'",
        no_terraform="the cause of the failures is in the code",
    ),
    Cloud.GCP: Fix(
        text="Examine the errors in the log.",
        command="gcloud functions logs read {name} --region={location} --project={account} --min-log-level=error",
        no_terraform="the cause of the failures is in the code",
    ),
}


@check(
    id="executions-failing",
    title="Execution failure rate is high",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=(
        "high-error-rate",
        "az-func-failed-executions",
        "gcp-fn-unattached-failing",
    ),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/analyze-telemetry-data",
        "https://cloud.google.com/run/docs/monitoring",
    ),
    confidence=Confidence.MEDIUM,
)
def executions_failing(function: Function, _context: Context) -> Iterator[Hit]:
    """Many errors point to a broken dependency, or to an attacker who tries inputs; failed events are tried again and
    billed again. The rate is that of the last thirty days, from the provider's metrics.
    """
    failed = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.failed)
    share = failed.need()
    if share is None:
        raise NotApplicable("the function had no executions")
    if share > 0.1:
        yield Hit(
            message=f"{share:.0%} of the executions of function {function.name} failed",
            evidence=(cite(failed, f"failed share {share:.2f}"),),
            values={"component": _component(function)},
        )


def _component(function: Function) -> str:
    """The resource of Application Insights that an app of Azure writes to; a blank to fill in where none is told."""
    insights = function.monitoring.then(lambda monitoring: monitoring.insights)
    told = insights.value if isinstance(insights, Known) else None
    return (told.id if told is not None else None) or "<component>"
