"""Flags production apps that are deployed without a staging slot."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Deploy into a slot, look at it there, and swap. A slot shares the workers of its plan.",
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
    controls=("NIST-800-53:CM-3",),
    profile_level=ProfileLevel.STRICT,
)
def slot_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Without one a bad deployment is live at once, and the way back is another deployment. An opinion: teams that deploy
    through versioned packages have other ways.
    """
    hosting = function.hosting.need()
    if hosting.slot is not None or hosting.kind not in (HostingKind.PREMIUM, HostingKind.DEDICATED):
        raise NotApplicable("slots are asked for on Premium and dedicated production apps only")
    if not hosting.slots.need():
        yield Hit(message="The app has no deployment slot", evidence=(cite(hosting.slots, "no slot is listed"),))
