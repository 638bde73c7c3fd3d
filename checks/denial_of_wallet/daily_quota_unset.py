"""Flags public functions on a Consumption plan without a daily quota."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import http_handlers, internet_reaches
from auditor.analysis.public_ways import until_cut_off
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set a daily quota of several times a normal day.",
        breaks="When the quota is used up, the app stops until midnight UTC: set an alert on it, and leave it off"
        " where an outage would be worse than the bill.",
        command="az resource update --ids {id} --set properties.dailyMemoryTimeQuota=<gigabyte-seconds>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                    = "{app}"
  resource_group_name     = "{group}"
  daily_memory_time_quota = 50000 # several times a normal day
}""",
    ),
}


@check(
    id="daily-quota-unset",
    title="Consumption plan app has no daily quota",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    covers=("az-func-daily-quota",),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-consumption-costs",
        "https://learn.microsoft.com/en-us/azure/azure-functions/consumption-plan",
    ),
    cwe=770,
)
def daily_quota_unset(function: Function, _context: Context) -> Iterator[Hit]:
    """On the Consumption plan the daily quota is the only setting that stops the cost by itself, whatever causes it.
    Judged for apps on that plan with HTTP-triggered functions that are reachable from the internet; other plans do
    not offer it.
    """
    if function.hosting.need().kind is not HostingKind.CONSUMPTION:
        raise NotApplicable("only the Consumption plan has a daily quota")
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    quota = function.limits.daily_quota
    if quota.need() is None and any(True for _ in http_handlers(function)) and admitted.need():
        yield Hit(
            message=f"App {function.name} is reachable from the internet and has no daily quota (dailyMemoryTimeQuota = 0)",
            depends=until_cut_off(function),
            evidence=(cite(quota, "dailyMemoryTimeQuota = 0"), cite(admitted, "all traffic is allowed")),
        )
