"""Flags projects in which basic roles (owner, editor, viewer) are granted."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Grant the predefined roles that the member's work needs, then remove the basic role from it. One owner that people"
        " sign in to in an emergency is sound.",
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
    title="Basic role is granted on the project",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-basic-roles",),
    controls=("NIST-800-53:AC-6", "CSA-SAS:SAS-4"),
    cwe=250,
    subject=Subject.SCOPE,
)
def role_basic_in_project(scope: Scope, context: Context) -> Iterator[Hit]:
    """Owner and editor may change every function and run code as every service account; viewer reads source and variables.

    A service account that holds one is a key to the project that programs carry around; so is a role that everyone of a
    domain or pool holds. A person or a group of administrators has to hold the project: low. So is viewer. Service agents
    of Google itself do not count, nor do accounts that functions run as: their findings tell it.
    """
    granted = scope.guardrails.then(lambda guardrails: guardrails.basic_roles)
    for role, member in granted.need():
        kind, _, address = member.partition(":")
        if kind == "serviceAccount" and context.functions_with_identity(address):
            continue
        people = kind in ("user", "group")
        yield Hit(
            message=f"{member} holds {role} on the project {scope.name}",
            evidence=(cite(granted, f"{role}: {member}"),),
            locus=f"{role} {member}",
            severity=Severity.LOW if people or role.lower().endswith(("viewer", "reader")) else None,
            values={"member": member, "granted": role},
        )
