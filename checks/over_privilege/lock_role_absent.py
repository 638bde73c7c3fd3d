"""Flags subscriptions without a custom role that administers resource locks."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Create a custom role that allows Microsoft.Authorization/locks/* and assign it to those who may remove"
        " locks.",
        command="az role definition create --role-definition"
        ' \'{"Name":"Resource Lock Administrator","Description":"Manages resource locks","Actions":["Microsoft.Authorization/locks/*"],"AssignableScopes":["/subscriptions/{account}"]}\'',
        terraform="""\
resource "azurerm_role_definition" "locks" {
  name  = "Resource Lock Administrator"
  scope = "/subscriptions/{account}"

  permissions {
    actions = ["Microsoft.Authorization/locks/*"]
  }
}""",
    ),
}


@check(
    id="lock-role-absent",
    title="No custom role administers resource locks",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-resource-lock-role",),
    references=("https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/lock-resources",),
    profile_level=ProfileLevel.STRICT,
    cwe=266,
    subject=Subject.SCOPE,
)
def lock_role_absent(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Locks are managed by Owner and User Access Administrator only, which may do much more. A role for locks alone
    lets a team protect and release its apps without those. An opinion of the CIS benchmark.
    """
    if not any(role.manages_locks for role in scope.custom_roles.need()):
        yield Hit(
            message=f"No custom role of subscription {scope.name} may create and delete resource locks",
            evidence=(cite(scope.custom_roles, "no custom role allows Microsoft.Authorization/locks/*"),),
        )
