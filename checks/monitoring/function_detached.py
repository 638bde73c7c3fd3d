"""Flags services that were once functions."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Keep it as a service and say so in your inventory, or delete it if the function was meant to go.",
        command="gcloud run services describe {run_service} --region={location} --project={account}",
        no_terraform="import it as a google_cloud_run_v2_service",
    ),
}


@check(
    id="function-detached",
    title="Cloud Run service is detached from its function",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-detached-function",),
    controls=("NIST-800-53:CM-8",),
    profile_level=ProfileLevel.STRICT,
)
def function_detached(function: Function, _context: Context) -> Iterator[Hit]:
    """Detaching leaves the service running with its account and its callers, and takes it out of the functions inventory. An
    opinion: it can be meant.
    """
    detached = function.deployment.then(lambda deployment: deployment.detached)
    if detached.need():
        yield Hit(
            message="The service was detached from its function",
            evidence=(cite(detached, "the service carries the marks of a function that no longer exists"),),
        )
