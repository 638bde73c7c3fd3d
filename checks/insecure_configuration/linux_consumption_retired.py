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
        text="Create a Flex Consumption app next to it, deploy to both, move callers and triggers, and delete the old app.",
        breaks="The new app has another host name and identity: callers, triggers and role assignments have to follow.",
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
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/consumption-plan",
        "https://learn.microsoft.com/en-us/azure/azure-functions/migration/migrate-plan-consumption-to-flex",
    ),
    cwe=1104,
)
def linux_consumption_retired(function: Function, _context: Context) -> Iterator[Hit]:
    """The plan has received no new language versions since September 2025 and is retired on 30 September 2028: the
    runtimes it still offers reach end of support one after the other, with no newer version to move to. Flex
    Consumption replaces it and adds virtual networks and identity-based deployment.
    """
    hosting = function.hosting.need()
    if hosting.kind is HostingKind.UNRECOGNISED or (hosting.kind is HostingKind.CONSUMPTION and hosting.system is None):
        gap = Gap(
            GapReason.UNRECOGNISED, function.hosting.source, None, "the hosting plan of the app is not recognized"
        )
        raise Unanswered(gap)
    if hosting.kind is HostingKind.CONSUMPTION and hosting.system == "linux":
        yield Hit(
            message=f"Function app {function.name} runs on the Linux Consumption plan, which is retired on 30 September 2028",
            evidence=(cite(function.hosting, "Linux, sku Dynamic"), cite(hosting.plan, "the hosting plan of the app")),
        )
