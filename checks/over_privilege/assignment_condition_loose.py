"""Flags privileged roles whose condition does not restrict what may be granted, or is always true."""

from collections.abc import Iterator

from auditor.analysis.role_assignments import Held, administers, all_read, held_roles, without_identity
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

FIX = {
    Cloud.AZURE: Fix(
        text="Add a condition that names the roles which may be assigned (RoleDefinitionId), or delete the assignment on {on}.",
        breaks="Operations that the new roles do not cover fail with 403.",
        command=AZURE_REASSIGNMENT,
        terraform=AZURE_REASSIGNMENT_HCL,
    ),
    Cloud.GCP: Fix(
        text="Replace the condition by one that restricts resources or time, or remove the binding from {on}.",
        breaks="Operations that the new grant does not cover fail with 403.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_BINDING_HCL,
    ),
}


@check(
    id="assignment-condition-loose",
    title="Role condition restricts nothing",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-identity-conditions", "gcp-fn-policy-condition-loose"),
    facet_of=("role-admin", "escalation-path"),
    references=(
        "https://learn.microsoft.com/en-us/azure/role-based-access-control/delegate-role-assignments-overview",
        "https://cloud.google.com/iam/docs/conditions-overview",
    ),
    cwe=269,
)
def assignment_condition_loose(function: Function, _context: Context) -> Iterator[Hit]:
    """The assignment looks limited and is not: on Azure the condition of an administrator's role does not name the roles
    that may be assigned, so that its holder can assign itself Owner; on Google Cloud the condition is the constant
    true. A review that trusts the presence of a condition overlooks it.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    for held in held_roles(function):
        if held.binding.condition is not None and _restricts_nothing(function, held):
            yield Hit(
                message=held.sentence,
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                confidence=held.confidence,
                values={**held.placeholders(), **held.removal.values},
                command=held.removal.command if function.cloud is Cloud.GCP else None,
            )
    all_read(function)


def _restricts_nothing(function: Function, held: Held) -> bool:
    condition = (held.binding.condition or "").lower()
    if function.cloud is Cloud.GCP:
        return condition.strip().strip("()").strip() == "true"
    return administers(held.binding) and "roledefinitionid" not in condition
