"""Flags principals that both administer service accounts and act as them."""

from collections.abc import Iterator

from auditor.analysis.permissions.takeover import all_roles_read, roles_held
from auditor.analysis.role_repairs import PROJECT_BINDING_REMOVAL, PROJECT_MEMBER_HCL
from auditor.check import Context, Evidence, Fix, Hit, Risk, Subject, check
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

_ADMIN, _USER = "roles/iam.serviceAccountAdmin", "roles/iam.serviceAccountUser"

FIX = {
    Cloud.GCP: Fix(
        text="Let one team administer service accounts and another deploy with them, and remove one of the two roles.",
        breaks="The member loses what the role allows and the new roles do not cover.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_MEMBER_HCL,
    ),
}


@check(
    id="service-account-duties-unseparated",
    title="Principal administers and uses service accounts",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-sa-separation-of-duties",),
    references=("https://cloud.google.com/iam/docs/best-practices-service-accounts",),
    cwe=266,
    subject=Subject.SCOPE,
)
def service_account_duties_unseparated(scope: Scope, _context: Context) -> Iterator[Hit]:
    """One principal alone can create a service account, grant itself the use of it and run code as it: no second person has
    to agree. The roles Service Account Admin and Service Account User on the project or above it count, not basic
    roles, which role-basic-in-project reports.
    """
    for held in roles_held(scope):
        holder, role = held
        if role.role_id == _ADMIN and any(each.role_id == _USER for each in holder.roles):
            yield Hit(
                message=f"{holder.name} holds both {_ADMIN} and {_USER} on {scope.name}",
                evidence=(Evidence(held.source, held.detail),),
                locus=held.locus,
                values=held.binding_values(),
                command=held.command,
            )
    all_roles_read(scope)
