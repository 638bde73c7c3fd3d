"""Flags functions that have not run for ninety days."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Ask its owner; then stop the app, wait a month, and delete it with its identity and its storage.",
        command="az functionapp stop --resource-group {group} --name {app}{of_slot}",
        no_terraform="remove the function app resource once nobody misses it",
    ),
    Cloud.GCP: Fix(
        text="Ask its owner; then delete it with its service account, its trigger and its secrets.",
        command="gcloud functions delete {name} --region={location} --project={account}",
        no_terraform="remove the function resource once nobody misses it",
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
    controls=(
        "NIST-800-53:CM-7",
        "CSA-SAS:SAS-8",
    ),
    confidence=Confidence.MEDIUM,
)
def function_idle(function: Function, _context: Context) -> Iterator[Hit]:
    """Code that serves nobody still answers callers, keeps its identity and its secrets, and misses every patch. The count
    is the cloud's own metric of executions; a function kept for emergencies is a fair exception.
    """
    ran = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.executions_90_days)
    if ran.need() == 0:
        yield Hit(message="It has not run for ninety days", evidence=(cite(ran, "executions in 90 days: 0"),))
