"""Flags principals of other organisations that hold a role in the project of functions."""

from collections.abc import Iterator

from auditor.analysis.permissions.role_steps import begins
from auditor.analysis.permissions.takeover import all_roles_read, roles_held
from auditor.analysis.role_assignments import administers
from auditor.analysis.role_repairs import PROJECT_BINDING_REMOVAL, PROJECT_MEMBER_HCL
from auditor.check import Context, Evidence, Fix, Hit, Risk, Subject, check
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Remove the binding, or give the person an account of the organisation and restrict members with iam.allowedPolicyMemberDomains.",
        breaks="The member loses what the role allows and the new roles do not cover.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_MEMBER_HCL,
    ),
}


@check(
    id="external-principal-in-project",
    title="External principal holds a role in the project",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    facet_of=(
        "role-trust-wide",
        "source-bucket-writable",
        "image-repository-writable",
        "role-admin",
        "escalation-path",
        "role-takeover",
        "role-above-account",
        "identity-usable-by-others",
        "code-writable-by-others",
        "invoker-policy-writable-by-others",
    ),
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
    for held in roles_held(scope):
        holder, role = held
        if isinstance(holder.outside, Known) and holder.outside.value:
            yield Hit(
                message=f"{holder.name}, which is of another organisation, holds {role.role} on {role.scope}",
                evidence=(Evidence(held.source, held.detail),),
                locus=held.locus,
                site=held.site,
                severity=Severity.HIGH if administers(role) or begins(role, scope.cloud) else None,
                values=held.binding_values(),
                command=held.command,
            )
    all_roles_read(scope)
    for holder, _ in roles_held(scope):
        holder.outside.need()
