"""Flags functions without an invocation in ninety days."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Ask the owner; then stop the app, wait a month, and delete it with its identity and storage.",
        breaks="Rare callers, such as a yearly job, find the app stopped.",
        command="az functionapp stop --resource-group {group} --name {app}{of_slot}",
        no_terraform="remove the function app resource once its owner agrees",
    ),
    Cloud.GCP: Fix(
        text="Ask the owner; then delete it with its service account, trigger and secrets.",
        breaks="Rare callers, such as a yearly job, find the function gone.",
        command="gcloud functions delete {name} --region={location} --project={account}",
        no_terraform="remove the function resource once its owner agrees",
    ),
}


@check(
    id="function-idle",
    title="Function has not been invoked for 90 days",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=(
        "az-func-idle-app",
        "gcp-fn-unused",
    ),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/monitor-functions",
        "https://cloud.google.com/run/docs/monitoring",
    ),
    confidence=Confidence.MEDIUM,
)
def function_idle(function: Function, _context: Context) -> Iterator[Hit]:
    """An unused function still accepts requests, keeps its identity and secrets, and is not patched. The number of
    executions is the provider's metric; a function for emergencies is a valid exception.
    """
    ran = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.executions_90_days)
    if ran.need() == 0:
        yield Hit(
            message=f"Function {function.name} has not been invoked for 90 days",
            evidence=(cite(ran, "executions in 90 days: 0"),),
        )
