"""Flags function apps without a resource lock."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Add a CanNotDelete lock to the app or its resource group.",
        breaks="Deployments still work; scripts that delete the app fail until the lock is removed.",
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
    references=("https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/lock-resources",),
    profile_level=ProfileLevel.STRICT,
)
def lock_missing(function: Function, _context: Context) -> Iterator[Hit]:
    """A single mistaken command deletes the app with its settings and its identity, and the role assignments of a
    recreated identity are lost. Only a recommendation: apps that are deployed from code can be recreated.
    """
    locked = function.hosting.then(lambda hosting: hosting.locked)
    if not locked.need():
        yield Hit(
            message=f"No resource lock applies to function app {function.name}, its resource group or its subscription",
            evidence=(cite(locked, "no lock applies"),),
        )
