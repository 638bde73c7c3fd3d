"""Flags functions deployed outside the locations the operator approves."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Deploy it in an approved region, move its triggers, and delete this one.",
        no_command="a function cannot be moved: deploy it again in an approved region",
        no_terraform="change the region of the provider that deploys it",
    ),
    Cloud.AZURE: Fix(
        text="Deploy it in an approved location, move its triggers, and delete this one.",
        no_command="an app cannot be moved to another location: deploy it again",
        no_terraform="change location; the app is created anew",
    ),
    Cloud.GCP: Fix(
        text="Deploy it in an approved location, move its triggers, and delete this one.",
        no_command="a function cannot be moved: deploy it again in an approved location",
        no_terraform="change location; the function is created anew",
    ),
}


@check(
    id="location-not-approved",
    title="Function is outside the approved regions",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=(
        "az-func-region-outside-policy",
        "gcp-fn-region-outside-policy",
    ),
    controls=("NIST-800-53:CM-2",),
)
def location_not_approved(function: Function, context: Context) -> Iterator[Hit]:
    """Data residency and the reach of your own monitoring end at the locations you planned for; functions elsewhere are where
    an intruder deploys. Asked only where allowed_locations is set.
    """
    allowed = context.settings.allowed_locations
    if not allowed:
        raise NotApplicable("allowed_locations is not set")
    if not any(fnmatchcase(function.location, pattern) for pattern in allowed):
        yield Hit(
            message=f"{function.location} is not among the approved locations",
            evidence=(Evidence(function.source, f"location = {function.location}"),),
        )
