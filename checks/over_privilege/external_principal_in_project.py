"""Flags principals of other organisations that hold a role in the project of functions."""

from collections.abc import Iterator

from auditor.analysis.binding_removal import removal
from auditor.analysis.permissions.role_steps import begins
from auditor.analysis.permissions.takeover import holders_gap, member_of, roles_held, source_of
from auditor.analysis.role_assignments import administers
from auditor.check import Context, Evidence, Fix, Hit, Risk, Subject, check
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Known, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Remove the binding, or give the person an account of the organisation and restrict members with iam.allowedPolicyMemberDomains.",
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
    id="external-principal-in-project",
    title="External principal holds a role in the project",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-non-corp-members",),
    references=("https://cloud.google.com/resource-manager/docs/organization-policy/restricting-domains",),
    cwe=284,
    subject=Subject.SCOPE,
)
def external_principal_in_project(scope: Scope, _context: Context) -> Iterator[Hit]:
    """The organisation neither enforces two-step verification on these accounts nor ends them when people leave. Consumer
    accounts and accounts of a domain that is not one of the organisation count. Medium, or high where the role changes
    functions, takes identities over or administers.
    """
    for holder, role in roles_held(scope):
        if isinstance(holder.outside, Known) and holder.outside.value:
            taken = removal(role.scope, conditional=role.condition is not None)
            yield Hit(
                message=f"{holder.name}, which is of another organisation, holds {role.role} on {role.scope}",
                evidence=(Evidence(source_of(role), f"{role.role} on {role.scope}: {holder.id}"),),
                locus=f"{role.role}@{role.scope} {holder.id}",
                severity=Severity.HIGH if administers(role) or begins(role, scope.cloud) else None,
                values={"assignment": role.id, "granted": role.role_id, "member": member_of(holder), **taken.values},
                command=taken.command if scope.cloud is Cloud.GCP else None,
            )
    gap = holders_gap(scope)
    if gap is not None:
        raise Unanswered(gap)
    for holder, _ in roles_held(scope):
        holder.outside.need()
