"""Flags identities that can stop, redirect or delete logs and their exports."""

from collections.abc import Iterator

from auditor.analysis.permissions.role_techniques import techniques
from auditor.analysis.role_assignments import administers, all_read, held_roles, without_identity
from auditor.analysis.role_repairs import (
    AZURE_REASSIGNMENT,
    AZURE_REASSIGNMENT_HCL,
    PROJECT_BINDING_HCL,
    PROJECT_BINDING_REMOVAL,
)
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FOUND = {
    cloud: next(each for each in techniques(cloud) if each.id == "disrupt-logging")
    for cloud in (Cloud.AZURE, Cloud.GCP)
}
_LOGS = {cloud: technique.permissions for cloud, technique in _FOUND.items()}
_WORDS = {cloud: technique.words for cloud, technique in _FOUND.items()}

FIX = {
    Cloud.AZURE: Fix(
        text="Assign a role that only writes or reads logs, such as Monitoring Metrics Publisher, and delete the assignment on {on}.",
        breaks="Operations that the new roles do not cover fail with 403.",
        command=AZURE_REASSIGNMENT,
        terraform=AZURE_REASSIGNMENT_HCL,
    ),
    Cloud.GCP: Fix(
        text="Grant roles/logging.logWriter, which only writes entries, and remove this role from {on}.",
        breaks="Operations that the new grant does not cover fail with 403.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_BINDING_HCL,
    ),
}


@check(
    id="role-disrupts-logging",
    title="Identity can stop or delete logs",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-sa-disrupt-logging",),
    facet_of=("escalation-path", "role-takeover"),
    references=(
        "https://cloud.google.com/logging/docs/access-control",
        "https://learn.microsoft.com/en-us/azure/azure-monitor/fundamentals/roles-permissions-security",
    ),
    cwe=778,
)
def role_disrupts_logging(function: Function, _context: Context) -> Iterator[Hit]:
    """Code execution in this function can switch off the trace of what follows: delete sinks or diagnostic settings,
    exclude entries, delete log buckets, workspaces or alerts. Permissions of predefined, built-in and custom roles are
    evaluated; roles that administer the account are reported by role-admin. Medium under a condition that cannot be
    evaluated.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    for held in held_roles(function):
        if _LOGS[function.cloud].intersection(held.binding.permissions) and not administers(held.binding):
            yield Hit(
                message=f"{held.sentence}, with which it {_WORDS[function.cloud]}",
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                severity=Severity.MEDIUM if held.binding.conditional else None,
                confidence=held.confidence,
                values={**held.placeholders(), **held.removal.values},
                command=held.removal.command if function.cloud is Cloud.GCP else None,
            )
    all_read(function)
