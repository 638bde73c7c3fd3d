"""Flags principals that can run Cloud Run jobs with commands of their own."""

from collections.abc import Iterator

from auditor.analysis.permissions.role_steps import certainly_administers
from auditor.analysis.permissions.takeover import holders_gap, member_of, roles_held, source_of
from auditor.check import Context, Evidence, Fix, Hit, Risk, Subject, check
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Unanswered
from auditor.model.role_holders import HolderKind
from auditor.model.severity import Severity

_OVERRIDE = "run.jobs.runWithOverrides"

FIX = {
    Cloud.GCP: Fix(
        text="Grant roles/run.invoker, which runs jobs as they are, and remove the role that allows overrides.",
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
    id="job-overrides-allowed",
    title="Principals can run jobs with overrides",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
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
    for holder, role in roles_held(scope):
        if (
            not certainly_administers(role)
            and holder.kind is not HolderKind.SERVICE_AGENT
            and _OVERRIDE in role.permissions
        ):
            yield Hit(
                message=f"{holder.name} holds {role.role} on {role.scope}, with which it runs jobs with overrides",
                evidence=(Evidence(source_of(role), f"{role.role} on {role.scope}: {holder.id}"),),
                locus=f"{role.role}@{role.scope} {holder.id}",
                values={"assignment": role.id, "granted": role.role_id, "member": member_of(holder)},
            )
    gap = holders_gap(scope)
    if gap is not None:
        raise Unanswered(gap)
