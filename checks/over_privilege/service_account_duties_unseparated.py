"""Flags principals that both administer service accounts and act as them."""

from collections.abc import Iterator

from auditor.analysis.permissions.takeover import holders_gap, member_of, roles_held, source_of
from auditor.check import Context, Evidence, Fix, Hit, Risk, Subject, check
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Unanswered
from auditor.model.severity import Severity

_ADMIN, _USER = "roles/iam.serviceAccountAdmin", "roles/iam.serviceAccountUser"

FIX = {
    Cloud.GCP: Fix(
        text="Let one team administer service accounts and another deploy with them, and remove one of the two roles.",
        breaks="The member loses what the role allows and the new roles do not cover.",
        command="gcloud projects remove-iam-policy-binding {account} --member={member} --role={granted}",
        terraform="""\
resource "google_project_iam_member" "needs" { # in place of {granted}
  project = "{account}"
  role    = "<role it needs>"
  member  = "{member}"
}""",
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
    for holder, role in roles_held(scope):
        if role.role_id == _ADMIN and any(each.role_id == _USER for each in holder.roles):
            yield Hit(
                message=f"{holder.name} holds both {_ADMIN} and {_USER} on {scope.name}",
                evidence=(Evidence(source_of(role), f"{role.role} on {role.scope}: {holder.id}"),),
                locus=f"{role.role}@{role.scope} {holder.id}",
                values={"assignment": role.id, "granted": role.role_id, "member": member_of(holder)},
            )
    gap = holders_gap(scope)
    if gap is not None:
        raise Unanswered(gap)
