"""Flags principals that can run Cloud Run jobs with commands of their own."""

from collections.abc import Iterator

from auditor.analysis.permissions.role_steps import certainly_administers
from auditor.analysis.permissions.takeover import all_roles_read, roles_held
from auditor.analysis.role_repairs import PROJECT_BINDING_REMOVAL, PROJECT_MEMBER_HCL
from auditor.check import Context, Evidence, Fix, Hit, Risk, Subject, check
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.role_holders import HolderKind
from auditor.model.severity import Severity

_OVERRIDE = "run.jobs.runWithOverrides"

FIX = {
    Cloud.GCP: Fix(
        text="Grant roles/run.invoker, which runs jobs as they are, and remove the role that allows overrides.",
        breaks="The member loses what the role allows and the new roles do not cover.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_MEMBER_HCL,
    ),
}


@check(
    id="job-overrides-allowed",
    title="Principals can run jobs with overrides",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
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
    ),
    covers=("gcp-fn-job-run-overrides",),
    references=("https://cloud.google.com/run/docs/execute/jobs",),
    cwe=269,
    subject=Subject.SCOPE,
)
def job_overrides_allowed(scope: Scope, _context: Context) -> Iterator[Hit]:
    """An override replaces the arguments and environment of a job, and so chooses what runs as its service account, without
    the right to act as that account. Principals that administer the project are left out: role-basic-in-project and
    role-admin report them.
    """
    for held in roles_held(scope):
        holder, role = held
        if (
            not certainly_administers(role)
            and holder.kind is not HolderKind.SERVICE_AGENT
            and _OVERRIDE in role.permissions
        ):
            yield Hit(
                message=f"{holder.name} holds {role.role} on {role.scope}, with which it runs jobs with overrides",
                evidence=(Evidence(held.source, held.detail),),
                locus=held.locus,
                site=held.site,
                values=held.binding_values(),
                command=held.command,
            )
    all_roles_read(scope)
