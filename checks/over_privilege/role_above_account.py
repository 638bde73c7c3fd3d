"""Flags identities with a privileged role on a management group, folder or organisation."""

from collections.abc import Iterator

from auditor.analysis.role_assignments import Held, administers, all_read, held_roles, sensitive, without_identity
from auditor.analysis.role_repairs import (
    AZURE_REASSIGNMENT,
    AZURE_REASSIGNMENT_HCL,
    PROJECT_BINDING_HCL,
    PROJECT_BINDING_REMOVAL,
)
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import AssignmentLevel
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Assign the role on the one resource that the app works with, test, and only then delete the assignment on {on}.",
        breaks="Operations that the new roles do not cover fail with 403.",
        command=AZURE_REASSIGNMENT,
        terraform=AZURE_REASSIGNMENT_HCL,
    ),
    Cloud.GCP: Fix(
        text="Grant the role on the one project or resource that the code works with, test, and only then remove it from {on}.",
        breaks="Operations that the new grant does not cover fail with 403.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_BINDING_HCL,
    ),
}


@check(
    id="role-above-account",
    title="Privileged role is granted above the account",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-identity-mg-scope", "gcp-fn-sa-org-folder-role"),
    facet_of=("role-admin", "escalation-path", "role-takeover"),
    references=(
        "https://learn.microsoft.com/en-us/azure/role-based-access-control/best-practices",
        "https://cloud.google.com/iam/docs/resource-hierarchy-access-control",
    ),
    cwe=250,
)
def role_above_account(function: Function, _context: Context) -> Iterator[Hit]:
    """The role holds in every subscription or project below, those that are created later included: one function can change
    what has nothing to do with it. Roles that administer, take other identities over or change data count. Critical for
    administrators, otherwise high; one level less under a condition that cannot be evaluated.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    for held in held_roles(function):
        if held.binding.level is AssignmentLevel.ORGANISATION and sensitive(function, held.binding):
            yield Hit(
                message=held.sentence,
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                severity=_severity(held),
                confidence=held.confidence,
                values={**held.placeholders(), **held.removal.values},
                command=held.removal.command if function.cloud is Cloud.GCP else None,
            )
    all_read(function)


def _severity(held: Held) -> Severity:
    grave = administers(held.binding)
    if held.binding.conditional:
        return Severity.HIGH if grave else Severity.MEDIUM
    return Severity.CRITICAL if grave else Severity.HIGH
