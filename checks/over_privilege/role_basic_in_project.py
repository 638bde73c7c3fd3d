"""Flags projects in which basic roles (owner, editor, viewer) are granted."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Grant the predefined roles that the member's work needs, then remove the basic role. Keep one owner that people sign"
        " in to in an emergency, and waive it.",
        command="gcloud projects remove-iam-policy-binding {account} --member={member} --role={granted}",
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
    title="Basic roles are granted in the project",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-basic-roles",),
    controls=("NIST-800-53:AC-6", "CSA-SAS:SAS-4"),
    cwe=250,
    subject=Subject.SCOPE,
)
def role_basic_in_project(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Owner and editor may change every function and run code as every service account; viewer reads source and variables.

    They are older than the fine roles and grow with every service Google adds. Service agents of Google itself do not
    count. Viewer is low.
    """
    granted = scope.guardrails.then(lambda guardrails: guardrails.basic_roles)
    for role, member in granted.need():
        yield Hit(
            message=f"{member} holds {role}",
            evidence=(cite(granted, f"{role}: {member}"),),
            locus=f"{role} {member}",
            severity=Severity.LOW if role.lower().endswith("viewer") else None,
            values={"member": member, "granted": role},
        )
