"""Flags identities that hold a privileged role through a Microsoft Entra group."""

from collections.abc import Iterator

from auditor.analysis.role_assignments import all_read, held_roles, sensitive, without_identity
from auditor.analysis.role_repairs import AZURE_REASSIGNMENT, AZURE_REASSIGNMENT_HCL
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Take the identity out of the group, and assign the role it needs to itself on one resource.",
        breaks="Operations that the new roles do not cover fail with 403.",
        command=AZURE_REASSIGNMENT,
        terraform=AZURE_REASSIGNMENT_HCL,
    ),
}


@check(
    id="role-through-group",
    title="Privileged role is held through a group",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-identity-group-membership",),
    facet_of=("role-admin", "escalation-path", "role-takeover", "role-above-account"),
    references=(
        "https://learn.microsoft.com/en-us/azure/role-based-access-control/best-practices",
        "https://learn.microsoft.com/en-us/entra/fundamentals/concept-learn-about-groups",
    ),
    cwe=250,
)
def role_through_group(function: Function, _context: Context) -> Iterator[Hit]:
    """Assignments by name do not show this role, and a change of membership in the group, by its owners or by a dynamic
    rule, changes what the function may do. Azure is asked which roles apply to the identity through groups, nested ones
    included. Roles that administer, take other identities over or change data count.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    for held in held_roles(function):
        if held.binding.through is not None and sensitive(function, held.binding):
            yield Hit(
                message=held.sentence,
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                confidence=held.confidence,
                values=held.placeholders(),
            )
    all_read(function)
