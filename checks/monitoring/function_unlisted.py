"""Flags functions that the functions API does not list."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="The service itself needs no change. Make sure that your monitoring and inventory of functions also"
        " read Cloud Run; or deploy it as a function.",
        command="gcloud run services describe {run_service} --region={location} --project={account}",
        no_terraform="a google_cloud_run_v2_service: no change is needed",
    ),
}


@check(
    id="function-unlisted",
    title="Function is missing from the functions API",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-inventory-gap",),
    references=(
        "https://cloud.google.com/run/docs/functions/comparison",
        "https://cloud.google.com/functions/docs/managing",
    ),
)
def function_unlisted(function: Function, _context: Context) -> Iterator[Hit]:
    """Functions that are deployed directly to Cloud Run are not in the list of functions, so scanners, alerts and
    organization policies for functions do not cover them. This report includes their findings.
    """
    unlisted = function.deployment.then(lambda deployment: deployment.unlisted)
    if unlisted.need():
        yield Hit(
            message=f"Function {function.name} is listed by Cloud Run only, not by the functions API",
            evidence=(cite(unlisted, "buildConfig.functionTarget is set, and functions.list does not name it"),),
        )
