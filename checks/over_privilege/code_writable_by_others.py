"""Flags functions whose code or configuration can be changed by principals that do not administer the account."""

from collections.abc import Iterator

from auditor.analysis.permissions.role_dependences import until_harmless
from auditor.analysis.permissions.takeover import all_holders_read, taken_by, weight
from auditor.analysis.role_repairs import (
    AZURE_UNASSIGNMENT,
    AZURE_UNASSIGNMENT_HCL,
    PROJECT_BINDING_REMOVAL,
    PROJECT_HOLDER_HCL,
)
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TECHNIQUES = ("replace-app", "swap-slots", "replace-container-app", "replace-function")

FIX = {
    Cloud.AZURE: Fix(
        text="Let one deployment identity hold the role, on this app only, and delete the assignment of everyone else on {on}.",
        breaks="The holders of the role lose everything else that it allows there.",
        command=AZURE_UNASSIGNMENT,
        terraform=AZURE_UNASSIGNMENT_HCL,
    ),
    Cloud.GCP: Fix(
        text="Let one deployment service account update functions and act as their service account, on those accounts only, and remove the role from everyone else.",
        breaks="The member loses everything else that the role allows there.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_HOLDER_HCL,
    ),
}


@check(
    id="code-writable-by-others",
    title="Principals can change the function's code",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    facet_of=(
        "role-admin",
        "escalation-path",
        "role-takeover",
        "role-above-account",
        "role-wide-scope",
        "role-through-group",
        "identity-usable-by-others",
    ),
    covers=("az-func-who-can-publish-code", "az-func-swap-permissions", "gcp-fn-who-can-create"),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/security-concepts",
        "https://cloud.google.com/functions/docs/reference/iam/roles",
    ),
    cwe=269,
)
def code_writable_by_others(function: Function, context: Context) -> Iterator[Hit]:
    """A principal that can change the code or the settings of a function runs code as its identity. All principals are read that
    hold a role with such a permission on the function, its resource group or account, or above it; those that
    administer the whole account are left out. Critical where the identity of the function administers an account, high
    where it can write data, read secrets or take others over, otherwise
    informational; less where a condition or another
    requirement could not be evaluated.
    """
    paths = context.role_paths(function.cloud)
    for found in taken_by(function, paths, *_TECHNIQUES):
        severity = weight(function, found)
        yield Hit(
            message=found.sentence,
            evidence=(Evidence(found.source, f"{found.binding.role} on {found.binding.scope}"),),
            locus=found.locus,
            site=found.site,
            severity=severity,
            depends=until_harmless(function, found, severity),
            confidence=found.confidence,
            values=found.fix_values(),
            command=found.command,
        )
    all_holders_read(function, paths)
