"""Flags identities whose custom role contains wildcards or permissions for privilege escalation."""

from collections.abc import Iterator

from auditor.analysis.permissions.role_steps import begins
from auditor.analysis.role_assignments import administers, all_read, held_roles, without_identity
from auditor.analysis.role_repairs import (
    AZURE_REASSIGNMENT,
    AZURE_REASSIGNMENT_HCL,
    PROJECT_BINDING_HCL,
    PROJECT_BINDING_REMOVAL,
)
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_SHOWN = 4

FIX = {
    Cloud.AZURE: Fix(
        text="Take the permissions named out of the custom role, or assign a built-in role on one resource instead of it.",
        breaks="Operations that the new roles do not cover fail with 403.",
        command=AZURE_REASSIGNMENT,
        terraform=AZURE_REASSIGNMENT_HCL,
    ),
    Cloud.GCP: Fix(
        text="Take the permissions named out of the custom role, or grant a predefined role on one resource instead of it.",
        breaks="Operations that the new grant does not cover fail with 403.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_BINDING_HCL,
    ),
}


@check(
    id="custom-role-escalates",
    title="Custom role allows privilege escalation",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-identity-custom-role-actions", "gcp-fn-custom-role-impersonation"),
    facet_of=("role-admin", "escalation-path", "role-takeover"),
    references=(
        "https://learn.microsoft.com/en-us/azure/role-based-access-control/custom-roles",
        "https://cloud.google.com/iam/docs/creating-custom-roles",
    ),
    cwe=269,
)
def custom_role_escalates(function: Function, _context: Context) -> Iterator[Hit]:
    """A custom role is written to hold less than a built-in one, and its name says nothing of what it allows. This one
    administers, or holds permissions by which identities, code, keys or other roles are taken over, which a review by
    names of roles overlooks. Its actions are evaluated with those it excludes. Medium under a condition that cannot be
    evaluated.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    for held in held_roles(function):
        if held.binding.custom and (administers(held.binding) or begins(held.binding, function.cloud)):
            yield Hit(
                message=f"{held.sentence}, a custom role with {_shown(held.binding.permissions)}",
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                severity=Severity.MEDIUM if held.binding.conditional else None,
                confidence=held.confidence,
                values={**held.placeholders(), **held.removal.values},
                command=held.removal.command if function.cloud is Cloud.GCP else None,
            )
    all_read(function)


def _shown(permissions: tuple[str, ...]) -> str:
    more = len(permissions) - _SHOWN
    return ", ".join((*permissions[:_SHOWN], *((f"{more} more such permissions",) if more > 0 else ())))
