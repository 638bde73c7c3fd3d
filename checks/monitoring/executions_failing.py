"""Flags functions that fail more often than one call in ten."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Look at the failing operations in Application Insights.",
        command="az monitor app-insights query --app <component> --analytics-query 'requests | where success == false | summarize count() by operation_Name, resultCode'",
        no_terraform="a failing function is mended in its code",
    ),
    Cloud.GCP: Fix(
        text="Look at the errors in the log.",
        command="gcloud functions logs read {name} --region={location} --project={account} --min-log-level=error",
        no_terraform="a failing function is mended in its code",
    ),
}


@check(
    id="executions-failing",
    title="Execution failure rate is high",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=(
        "az-func-failed-executions",
        "gcp-fn-unattached-failing",
    ),
    controls=(
        "CSA-SAS:SAS-6",
        "NIST-800-53:SI-4",
    ),
    confidence=Confidence.MEDIUM,
)
def executions_failing(function: Function, _context: Context) -> Iterator[Hit]:
    """Errors in such number are a broken dependency, or somebody trying inputs. The share is of the last thirty days, from the
    cloud's own metrics.
    """
    failed = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.failed)
    share = failed.need()
    if share is None:
        raise NotApplicable("nothing ran")
    if share > 0.1:
        yield Hit(message=f"{share:.0%} of its executions fail", evidence=(cite(failed, f"failed share {share:.2f}"),))
