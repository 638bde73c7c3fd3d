"""Flags production apps without a staging slot."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Deploy to a slot, test it there, and swap. A slot shares the workers of its plan.",
        breaks="A slot shares the workers of its plan, and its triggers run too: timers and queues are processed"
        " twice unless they are disabled there.",
        command="az functionapp deployment slot create --resource-group {group} --name {app} --slot staging",
        terraform="""\
resource "azurerm_linux_function_app_slot" "staging" {
  name                 = "staging"
  function_app_id      = "<id of the app>"
  storage_account_name = "<storage account>"
}""",
    ),
}


@check(
    id="slot-absent",
    title="No staging slot",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-slot-staging",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/functions-deployment-slots",),
    profile_level=ProfileLevel.STRICT,
)
def slot_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Without a slot a faulty deployment is live at once, and a rollback needs another deployment. Only a
    recommendation: versioned packages also allow a rollback.
    """
    hosting = function.hosting.need()
    if hosting.slot is not None or hosting.kind not in (HostingKind.PREMIUM, HostingKind.DEDICATED):
        raise NotApplicable("slots are recommended for Premium and dedicated production apps only")
    if not hosting.slots.need():
        yield Hit(
            message=f"Function app {function.name} has no deployment slot",
            evidence=(cite(hosting.slots, "no slot is listed"),),
        )
