"""Flags service agents of Google that hold Owner or Editor."""

from collections.abc import Iterator

from auditor.analysis.permissions.takeover import holders_gap, member_of, roles_held, source_of
from auditor.analysis.role_assignments import administers
from auditor.check import Context, Evidence, Fix, Hit, Risk, Subject, check
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Unanswered
from auditor.model.role_holders import HolderKind
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Grant the service agent role that belongs to the service, and remove the basic role.",
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
    id="service-agent-basic-role",
    title="Service agent holds a basic role",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-service-agent-basic-role",),
    references=("https://cloud.google.com/iam/docs/service-agents",),
    cwe=250,
    subject=Subject.SCOPE,
)
def service_agent_basic_role(scope: Scope, _context: Context) -> Iterator[Hit]:
    """A service agent acts for a service of Google on behalf of its users: with a basic role, everybody who may configure
    that service can reach the whole project through it. Each agent has a role of its own with what it needs. The Google
    APIs service agent (cloudservices) holds Editor by default and is reported as low.
    """
    for holder, role in roles_held(scope):
        if holder.kind is HolderKind.SERVICE_AGENT and administers(role):
            yield Hit(
                message=f"Service agent {holder.name} holds {role.role} on {role.scope}",
                evidence=(Evidence(source_of(role), f"{role.role} on {role.scope}: {holder.id}"),),
                locus=f"{role.role}@{role.scope} {holder.id}",
                severity=Severity.LOW if holder.id.endswith("@cloudservices.gserviceaccount.com") else None,
                values={"assignment": role.id, "granted": role.role_id, "member": member_of(holder)},
            )
    gap = holders_gap(scope)
    if gap is not None:
        raise Unanswered(gap)
