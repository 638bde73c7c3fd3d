"""Flags functions outside the approved regions."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Deploy the function in an approved region, move its triggers, and delete this one.",
        breaks="The new function has another ARN and URL: callers, triggers and permissions have to follow.",
        no_command="a function cannot be moved: deploy it again in an approved region",
        no_terraform="change the region of the provider that deploys it",
    ),
    Cloud.AZURE: Fix(
        text="Deploy the app in an approved region, move its triggers, and delete this one.",
        breaks="The new app has another host name and identity: callers, triggers and role assignments have to follow.",
        no_command="an app cannot be moved to another location: deploy it again",
        no_terraform="change location; the app is recreated",
    ),
    Cloud.GCP: Fix(
        text="Deploy the function in an approved region, move its triggers, and delete this one.",
        breaks="The new function has another URL: callers, triggers and bindings have to follow.",
        no_command="a function cannot be moved: deploy it again in an approved location",
        no_terraform="change location; the function is recreated",
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
    references=(
        "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
        "https://learn.microsoft.com/en-us/azure/governance/policy/samples/built-in-policies",
        "https://cloud.google.com/resource-manager/docs/organization-policy/defining-locations",
    ),
)
def location_not_approved(function: Function, context: Context) -> Iterator[Hit]:
    """Data residency and monitoring cover the planned regions only; attackers deploy functions in unused ones. Judged
    only where allowed_locations is set.
    """
    allowed = context.settings.allowed_locations
    if not allowed:
        raise NotApplicable("allowed_locations is not set")
    if not any(fnmatchcase(function.location, pattern) for pattern in allowed):
        yield Hit(
            message=f"Function {function.name} is in {function.location}, which is not an approved region",
            evidence=(Evidence(function.source, f"location = {function.location}"),),
        )
