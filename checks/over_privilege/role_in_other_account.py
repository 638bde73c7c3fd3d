"""Flags identities with a privileged role in another subscription or project."""

from collections.abc import Iterator

from auditor.analysis.role_assignments import administers, all_read, held_roles, sensitive, without_identity
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

FIX = {
    Cloud.AZURE: Fix(
        text="Run the part that works with the other subscription there, or assign the role on the one resource it needs.",
        breaks="Operations that the new roles do not cover fail with 403.",
        command=AZURE_REASSIGNMENT,
        terraform=AZURE_REASSIGNMENT_HCL,
    ),
    Cloud.GCP: Fix(
        text="Run the part that works with the other project there, or grant the role on the one resource it needs.",
        breaks="Operations that the new grant does not cover fail with 403.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_BINDING_HCL,
    ),
}


@check(
    id="role-in-other-account",
    title="Identity is privileged in another account",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-sa-cross-project",),
    facet_of=("role-admin", "escalation-path", "role-takeover"),
    references=(
        "https://cloud.google.com/iam/docs/using-iam-securely",
        "https://learn.microsoft.com/en-us/azure/role-based-access-control/best-practices",
    ),
    cwe=250,
)
def role_in_other_account(function: Function, _context: Context) -> Iterator[Hit]:
    """Code execution in this function reaches an account whose owners may not know that the function exists, and which its
    own account does not show. Roles that administer, take other identities over or change data count; only accounts
    that are audited together can be compared. Critical where the other account is administered.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    for held in held_roles(function):
        if held.binding.foreign and sensitive(function, held.binding):
            yield Hit(
                message=f"{held.sentence}, which is another account than that of {function.name}",
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                severity=Severity.CRITICAL if administers(held.binding) and not held.binding.conditional else None,
                confidence=held.confidence,
                values={**held.placeholders(), **held.removal.values},
                command=held.removal.command if function.cloud is Cloud.GCP else None,
            )
    all_read(function)
