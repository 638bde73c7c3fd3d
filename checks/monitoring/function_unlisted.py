"""Flags functions that the functions API does not list."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Nothing is wrong with the service. Make sure that what watches your functions reads Cloud Run as well; or deploy it as a function.",
        command="gcloud run services describe {run_service} --region={location} --project={account}",
        no_terraform="it is a google_cloud_run_v2_service: no change is needed",
    ),
}


@check(
    id="function-unlisted",
    title="Function is missing from the functions API",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-inventory-gap",),
    controls=(
        "NIST-800-53:CM-8",
        "CSA-SAS:SAS-8",
    ),
)
def function_unlisted(function: Function, _context: Context) -> Iterator[Hit]:
    """Functions deployed to Cloud Run directly are in no list of functions, so scanners, alerts and organisation policies for
    functions pass them over. Their findings stand in this report like everyone else's.
    """
    unlisted = function.deployment.then(lambda deployment: deployment.unlisted)
    if unlisted.need():
        yield Hit(
            message="It is a function that only Cloud Run lists",
            evidence=(cite(unlisted, "buildConfig.functionTarget is set, and functions.list does not name it"),),
        )
