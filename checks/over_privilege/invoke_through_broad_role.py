"""Flags principals that may invoke every function of a project through a role made for something else."""

from collections.abc import Iterator

from auditor.analysis.permissions.role_steps import certainly_administers
from auditor.analysis.permissions.takeover import all_roles_read, roles_held
from auditor.analysis.role_repairs import PROJECT_BINDING_REMOVAL, PROJECT_MEMBER_HCL
from auditor.check import Context, Evidence, Fix, Hit, Risk, Subject, check
from auditor.model.identity import AssignmentLevel, RoleAssignment
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.role_holders import HolderKind
from auditor.model.severity import Severity

_INVOKE = frozenset({"run.routes.invoke", "cloudfunctions.functions.invoke"})

FIX = {
    Cloud.GCP: Fix(
        text="Grant roles/run.invoker on the functions it calls, and a narrower role for the rest.",
        breaks="The member loses what the role allows and the new roles do not cover.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_MEMBER_HCL,
    ),
}


@check(
    id="invoke-through-broad-role",
    title="Broad role grants the right to invoke functions",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.LOW,
    fix=FIX,
    facet_of=(
        "role-admin",
        "escalation-path",
        "role-takeover",
        "role-above-account",
        "identity-usable-by-others",
        "code-writable-by-others",
        "invoker-policy-writable-by-others",
        "external-principal-in-project",
        "job-overrides-allowed",
    ),
    covers=("gcp-fn-other-role-with-invoke",),
    references=("https://cloud.google.com/run/docs/securing/managing-access",),
    cwe=284,
    subject=Subject.SCOPE,
)
def invoke_through_broad_role(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Reviews of who may call a function look at its invokers, and this principal is not among them: a developer, basic or
    custom role on the project or above it allows the call too, of every function. Principals that administer the
    project are left out.
    """
    for held in roles_held(scope):
        holder, role = held
        if not certainly_administers(role) and _invokes(role) and holder.kind is not HolderKind.SERVICE_AGENT:
            yield Hit(
                message=f"{holder.name} may invoke every function of {scope.name} through {role.role} on {role.scope}",
                evidence=(Evidence(held.source, held.detail),),
                locus=held.locus,
                site=held.site,
                values=held.binding_values(),
                command=held.command,
            )
    all_roles_read(scope)


def _invokes(role: RoleAssignment) -> bool:
    wide = role.level is not AssignmentLevel.RESOURCE
    return wide and not role.role.lower().endswith("invoker") and bool(_INVOKE.intersection(role.permissions))
