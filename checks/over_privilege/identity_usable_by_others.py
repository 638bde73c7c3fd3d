"""Flags functions whose identity can be used by principals that do not administer the account."""

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

_TECHNIQUES = (
    "attach-identity",
    "federate-identity",
    "open-account",
    "mint-token",
    "sign",
    "create-key",
    "delegate",
    "deploy-as",
)

FIX = {
    Cloud.AZURE: Fix(
        text="Assign the role on the one identity that the holder deploys with, and delete the assignment on {on}.",
        breaks="The holders of the role lose everything else that it allows there.",
        command=AZURE_UNASSIGNMENT,
        terraform=AZURE_UNASSIGNMENT_HCL,
    ),
    Cloud.GCP: Fix(
        text="Grant the role on the one service account that the holder deploys with, and remove it from {on}.",
        breaks="The member loses everything else that the role allows there.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_HOLDER_HCL,
    ),
}


@check(
    id="identity-usable-by-others",
    title="Principals can use the function's identity",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    facet_of=(
        "role-trust-wide",
        "role-admin",
        "escalation-path",
        "role-takeover",
        "role-above-account",
        "role-wide-scope",
        "role-through-group",
    ),
    covers=("az-func-who-can-assign-identity", "gcp-fn-who-can-impersonate-runtime-sa"),
    references=(
        "https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/how-to-assign-access-azure-resource",
        "https://cloud.google.com/iam/docs/service-account-permissions",
    ),
    cwe=269,
)
def identity_usable_by_others(function: Function, context: Context) -> Iterator[Hit]:
    """A principal that can attach the identity to compute of its own, obtain tokens or create keys of it, or let an outside
    workload sign in as it, has every permission of the function without touching its code. All principals are read
    that hold such a role on the identity, its account or above it; those that administer the whole account are left
    out. Critical where the identity administers an account, high where it can write data, read secrets or take others
    over, otherwise
    informational; less where a condition or another requirement could not be evaluated.
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
