"""Flags function apps that no resource lock guards."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Put a CanNotDelete lock on the app or its resource group. Deployments still work; deletions need the lock removed first.",
        command="az lock create --lock-type CanNotDelete --name keep --resource-group {group} --resource {app} --resource-type Microsoft.Web/sites",
        terraform="""\
resource "azurerm_management_lock" "this" {
  name       = "keep"
  scope      = "{id}"
  lock_level = "CanNotDelete"
}""",
    ),
}


@check(
    id="lock-missing",
    title="Resource lock is missing",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-lock-missing",),
    controls=("NIST-800-53:CM-5",),
    profile_level=ProfileLevel.STRICT,
)
def lock_missing(function: Function, _context: Context) -> Iterator[Hit]:
    """One wrong command deletes the app with its settings and its identity, and role assignments of a recreated identity are
    gone. An opinion: apps deployed from code come back by themselves.
    """
    locked = function.hosting.then(lambda hosting: hosting.locked)
    if not locked.need():
        yield Hit(
            message="No lock guards the app, its group or its subscription", evidence=(cite(locked, "no lock applies"),)
        )
