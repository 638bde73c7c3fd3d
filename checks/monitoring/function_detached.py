"""Flags Cloud Run services that were detached from a function."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Keep it as a service and record it in your inventory, or delete it if the function was to be removed.",
        breaks="A service that is deleted ends its callers; keeping it changes nothing.",
        command="gcloud run services describe {run_service} --region={location} --project={account}",
        no_terraform="import the service as a google_cloud_run_v2_service",
    ),
}


@check(
    id="function-detached",
    title="Cloud Run service is detached from its function",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-detached-function",),
    references=("https://cloud.google.com/functions/docs/managing",),
    profile_level=ProfileLevel.STRICT,
)
def function_detached(function: Function, _context: Context) -> Iterator[Hit]:
    """Detaching leaves the service running with its service account and its callers, and removes it from the functions
    inventory. Only a recommendation: it can be intended.
    """
    detached = function.deployment.then(lambda deployment: deployment.detached)
    if detached.need():
        yield Hit(
            message=f"Service {function.name} was detached from its function",
            evidence=(cite(detached, "the service has the labels of a function that no longer exists"),),
        )
