"""Flags service agents of Google that hold Owner or Editor."""

from collections.abc import Iterator

from auditor.analysis.permissions.takeover import all_roles_read, roles_held
from auditor.analysis.role_assignments import administers
from auditor.analysis.role_repairs import PROJECT_BINDING_REMOVAL, PROJECT_MEMBER_HCL
from auditor.check import Context, Evidence, Fix, Hit, Risk, Subject, check
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.role_holders import HolderKind
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Grant the service agent role that belongs to the service, and remove the basic role.",
        breaks="The member loses what the role allows and the new roles do not cover.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_MEMBER_HCL,
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
    for held in roles_held(scope):
        holder, role = held
        if holder.kind is HolderKind.SERVICE_AGENT and administers(role):
            yield Hit(
                message=f"Service agent {holder.name} holds {role.role} on {role.scope}",
                evidence=(Evidence(held.source, held.detail),),
                locus=held.locus,
                severity=Severity.LOW if holder.id.endswith("@cloudservices.gserviceaccount.com") else None,
                values=held.binding_values(),
                command=held.command,
            )
    all_roles_read(scope)
