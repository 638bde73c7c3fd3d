"""Flags functions whose identity can impersonate other identities or replace the code they run."""

from collections.abc import Iterator

from auditor.analysis.role_assignments import all_read, held_roles, of_wide_data, without_identity
from auditor.analysis.role_repairs import AZURE_REASSIGNMENT, AZURE_REASSIGNMENT_HCL, PROJECT_BINDING_REMOVAL
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import RolePower
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_SHOWN = 3

FIX = {
    Cloud.AZURE: Fix(
        text="Assign the roles the code needs on the one app, account, vault or identity it works with, test, and"
        " only then delete the assignment on {on}.",
        breaks="Operations that the new roles do not cover fail with 403.",
        command=AZURE_REASSIGNMENT,
        terraform=AZURE_REASSIGNMENT_HCL,
    ),
    Cloud.GCP: Fix(
        text="Grant the role on the one service account, function or repository that the code works with, test,"
        " and only then remove it from {on}.",
        breaks="Operations that the new grant does not cover fail with 403.",
        command=PROJECT_BINDING_REMOVAL,
        terraform="""\
resource "google_service_account_iam_member" "one" { # in place of {granted} on {on}
  service_account_id = "<the one service account it works with>"
  role               = "{granted}"
  member             = "{member}"
}""",
    ),
}


@check(
    id="role-takeover",
    title="Identity can take over other identities or code",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    references=(
        "https://cloud.google.com/iam/docs/service-account-permissions",
        "https://cloud.google.com/iam/docs/best-practices-service-accounts",
        "https://learn.microsoft.com/en-us/azure/role-based-access-control/resource-provider-operations",
    ),
    facet_of=("escalation-path",),
    cwe=269,
)
def role_takeover(function: Function, _context: Context) -> Iterator[Hit]:
    """The role is not an administrator role, yet leads to one (privilege escalation): it obtains credentials of other
    identities, attaches them to workloads, replaces the code of functions, services, images, runbooks or builds that
    run as them, or reads every secret. Permissions of predefined, built-in and custom roles are evaluated. A role
    granted on a single resource counts for that resource; on Google Cloud, what an identity can do to itself does not
    count. Administrator roles are reported by role-admin, built-in data roles on a whole Azure subscription by
    role-wide-scope. Medium under a condition that cannot be evaluated.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    azure = function.cloud is Cloud.AZURE
    for held in held_roles(function):
        if held.binding.power is not RolePower.TAKEOVER or (azure and of_wide_data(held.binding)):
            continue
        more = len(held.binding.reaches) - _SHOWN
        reaches = "; ".join((*held.binding.reaches[:_SHOWN], *((f"and {more} more",) if more > 0 else ())))
        yield Hit(
            message=f"{held.sentence}, with which it can {reaches}",
            evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
            locus=held.locus,
            site=held.site,
            severity=Severity.MEDIUM if held.binding.conditional else None,
            confidence=held.confidence,
            values={**held.placeholders(), **held.removal.values},
            command=None if azure else held.removal.command,
        )
    all_read(function)
