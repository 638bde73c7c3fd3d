"""Flags apps on the Linux Consumption plan, which is being retired."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Create a Flex Consumption app beside it, deploy to both, move callers and triggers, and delete this one."
        " There is no change in place.",
        command="az functionapp flex-migration start --source-name {app} --source-resource-group {group} --name <new-app> --resource-group {group}",
        terraform="""\
resource "azurerm_function_app_flex_consumption" "this" { # in place of {app}
  name                = "<new name>"
  resource_group_name = "{group}"
}""",
    ),
}


@check(
    id="linux-consumption-retired",
    title="Linux Consumption plan is being retired",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-linux-consumption-retirement",),
    controls=("NIST-800-53:SA-22", "CSA-SAS:SAS-11"),
    cwe=1104,
)
def linux_consumption_retired(function: Function, _context: Context) -> Iterator[Hit]:
    """The plan gets no new language versions since September 2025 and ends on 30 September 2028: the runtimes it still
    offers run out of support one after the other, and there is nothing to move up to. Flex Consumption replaces it,
    with networks and identities it never had.
    """
    hosting = function.hosting.need()
    if hosting.kind is HostingKind.UNRECOGNISED or (hosting.kind is HostingKind.CONSUMPTION and hosting.system is None):
        gap = Gap(GapReason.UNRECOGNISED, function.hosting.source, None, "its kind of hosting could not be told")
        raise Unanswered(gap)
    if hosting.kind is HostingKind.CONSUMPTION and hosting.system == "linux":
        yield Hit(
            message="It runs on the Linux Consumption plan, which ends on 30 September 2028",
            evidence=(cite(function.hosting, "Linux, sku Dynamic"), cite(hosting.plan, "its plan")),
        )
