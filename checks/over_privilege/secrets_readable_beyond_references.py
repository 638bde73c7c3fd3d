"""Flags service accounts that can read all secrets of a project although functions refer to a few."""

from collections.abc import Iterator

from auditor.analysis.role_assignments import administers, all_read, held_roles, without_identity
from auditor.analysis.role_repairs import PROJECT_BINDING_HCL, PROJECT_BINDING_REMOVAL
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import AssignmentLevel
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_ACCESS = "secretmanager.versions.access"
_WIDE = (AssignmentLevel.ACCOUNT, AssignmentLevel.ORGANISATION)

FIX = {
    Cloud.GCP: Fix(
        text="Grant roles/secretmanager.secretAccessor on each secret the function refers to, and remove the role from {on}.",
        breaks="Operations that the new grant does not cover fail with 403.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_BINDING_HCL,
    ),
}


@check(
    id="secrets-readable-beyond-references",
    title="Identity can read every secret of the project",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-secret-breadth",),
    facet_of=("escalation-path", "role-takeover", "role-above-account"),
    references=("https://cloud.google.com/secret-manager/docs/access-control",),
    cwe=250,
)
def secrets_readable_beyond_references(function: Function, _context: Context) -> Iterator[Hit]:
    """The function needs the secrets that it refers to, and can read all of the project, those of other teams and those that
    are created later included. Roles on the project and above it are evaluated; roles that administer the account are
    reported by role-admin. Medium under a condition that cannot be evaluated.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    for held in held_roles(function):
        if held.binding.level in _WIDE and _ACCESS in held.binding.permissions and not administers(held.binding):
            yield Hit(
                message=held.sentence,
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                severity=Severity.MEDIUM if held.binding.conditional else None,
                confidence=held.confidence,
                values={**held.placeholders(), **held.removal.values},
                command=held.removal.command,
            )
    all_read(function)
