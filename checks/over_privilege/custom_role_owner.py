"""Flags custom roles that allow everything an Owner may do."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Replace the wildcard by the actions that are needed, or delete the role and assign a built-in one.",
        breaks="Principals that hold the role lose every action that is taken out of it.",
        command="az role definition delete --name {role_id} --custom-role-only true",
        terraform="""\
resource "azurerm_role_definition" "narrow" { # in place of {role_name}
  name  = "{role_name}"
  scope = "/subscriptions/{account}"

  permissions {
    actions = ["<action it needs>"]
  }
}""",
    ),
}


@check(
    id="custom-role-owner",
    title="Custom role equals Owner",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-custom-role-owner",),
    references=("https://learn.microsoft.com/en-us/azure/role-based-access-control/custom-roles",),
    cwe=250,
    subject=Subject.SCOPE,
)
def custom_role_owner(scope: Scope, _context: Context) -> Iterator[Hit]:
    """The role allows every action, granting access included, under a name that reviews, alerts and limits for Owner do
    not find. Custom roles of the subscription count whether they are assigned or not: an assignment is one step.
    """
    for role in scope.custom_roles.need():
        if role.owner:
            yield Hit(
                message=f"Custom role {role.name} of {scope.name} allows every action, granting access included",
                evidence=(cite(scope.custom_roles, f"{role.name}: actions *"),),
                locus=role.id,
                values={"role_id": role.id, "role_name": role.name},
            )
