"""Flags projects in which basic roles (owner, editor, viewer) are granted."""

from collections.abc import Iterator

from auditor.analysis.role_repairs import PROJECT_BINDING_REMOVAL
from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Grant the predefined roles that the member needs, then remove the basic role. One Owner reserved for"
        " emergency access is acceptable.",
        breaks="The member loses every permission that the predefined roles do not cover, in all services of the"
        " project.",
        command=PROJECT_BINDING_REMOVAL,
        terraform="""\
resource "google_project_iam_member" "needs" { # in place of {granted}
  project = "{account}"
  role    = "<predefined role>"
  member  = "{member}"
}""",
    ),
}


@check(
    id="role-basic-in-project",
    title="Basic role is granted on the project",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-basic-roles",),
    references=(
        "https://cloud.google.com/iam/docs/roles-overview",
        "https://cloud.google.com/iam/docs/using-iam-securely",
    ),
    cwe=250,
    subject=Subject.SCOPE,
)
def role_basic_in_project(scope: Scope, context: Context) -> Iterator[Hit]:
    """Owner and Editor can change every function and run code as every service account; Viewer can read source code
    and environment variables. A service account with a basic role is a credential for the whole project that programs
    use, and so is a role granted to a whole domain or identity pool: high. A user or group that administers the
    project is low, and so is Viewer. Google service agents are not reported, nor are service accounts that functions
    run as: findings of those functions report them.
    """
    granted = scope.guardrails.then(lambda guardrails: guardrails.basic_roles)
    for role, member in granted.need():
        kind, _, address = member.partition(":")
        if kind == "serviceAccount" and context.functions_with_identity(address):
            continue
        people = kind in ("user", "group")
        yield Hit(
            message=f"{member} has the basic role {role} on project {scope.name}",
            evidence=(cite(granted, f"{role}: {member}"),),
            locus=f"{role} {member}",
            severity=Severity.LOW if people or role.lower().endswith(("viewer", "reader")) else None,
            values={"member": member, "granted": role},
        )
