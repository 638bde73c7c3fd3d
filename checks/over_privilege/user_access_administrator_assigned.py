"""Flags permanent assignments of User Access Administrator on a subscription or above."""

from collections.abc import Iterator

from auditor.analysis.permissions.takeover import all_roles_read, roles_held
from auditor.analysis.role_repairs import AZURE_UNASSIGNMENT
from auditor.check import Context, Evidence, Fix, Hit, Risk, Subject, check
from auditor.model.identity import AssignmentLevel
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

_ROLE = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"

FIX = {
    Cloud.AZURE: Fix(
        text="Make the role eligible through Privileged Identity Management, for a limited time and with approval, or delegate with a condition that names the roles which may be assigned.",
        breaks="The principal loses what the role allows and the new roles do not cover.",
        command=AZURE_UNASSIGNMENT,
        terraform="""\
resource "azurerm_role_assignment" "needs" { # in place of {granted}
  scope                = "<the one resource it works with>"
  role_definition_name = "<role it needs>"
  principal_id         = "{member}"
}""",
    ),
}


@check(
    id="user-access-administrator-assigned",
    title="User Access Administrator is assigned permanently",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-user-access-admin",),
    references=("https://learn.microsoft.com/en-us/azure/role-based-access-control/elevate-access-global-admin",),
    cwe=250,
    subject=Subject.SCOPE,
)
def user_access_administrator_assigned(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Its holder can assign itself Owner at any moment and so take every function over. Microsoft gives the role at the root
    to a Global Administrator who elevates access, and expects it to be taken back at once. A condition that limits the
    roles which may be assigned makes it medium.
    """
    for held in roles_held(scope):
        holder, role = held
        if role.role_id.endswith(_ROLE) and role.level in (AssignmentLevel.ACCOUNT, AssignmentLevel.ORGANISATION):
            yield Hit(
                message=f"{holder.name} holds {role.role} on {role.scope}",
                evidence=(Evidence(held.source, held.detail),),
                locus=held.locus,
                site=held.site,
                severity=Severity.MEDIUM if role.condition is not None else None,
                values=held.binding_values(),
                command=held.command,
            )
    all_roles_read(scope)
