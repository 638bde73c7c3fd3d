"""Flags function apps without a managed identity."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed_logic import all_hold
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Enable the system-assigned managed identity, grant it roles on the resources the app uses, and replace"
        " keys and passwords in the app settings with identity-based connections or Key Vault references.",
        breaks="Nothing uses the new identity yet; code that is switched to it fails with 403 until its roles are"
        " assigned.",
        command="az functionapp identity assign --resource-group {group} --name {app}{of_slot}",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  identity {
    type = "SystemAssigned"
  }
}""",
    ),
}


@check(
    id="identity-absent",
    title="Function has no managed identity",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-managed-identity-absent", "az-func-container-apps-identity"),
    references=("https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity",),
    cwe=522,
)
def identity_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Without a managed identity the app authenticates to other services with keys and passwords in its app
    settings. Those can be copied, are rarely rotated and usually grant more than the app needs. A user-assigned
    identity counts as well as a system-assigned one.
    """
    own = function.identity.map(lambda identity: identity is None)
    attached = function.attached.map(lambda identities: not identities)
    if all_hold(own, attached):
        yield Hit(message=f"{function.name} has no managed identity", evidence=(cite(own, "identity.type is None"),))
