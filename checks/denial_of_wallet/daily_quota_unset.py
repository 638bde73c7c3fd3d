"""Flags public functions on a Consumption plan without a daily quota."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import http_handlers, internet_reaches
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set a daily quota of several times a normal day. When it is used up the app stops until midnight UTC, so watch it"
        " with an alert and leave it off where that would be worse than the bill.",
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
    controls=("NIST-800-53:SC-5", "CSA-SAS:SAS-8"),
    cwe=770,
)
def daily_quota_unset(function: Function, _context: Context) -> Iterator[Hit]:
    """The quota is the only switch of the Consumption plan that ends the spending by itself, whatever causes it.

    Asked of apps on that plan with HTTP handlers that the internet may call; other plans do not have it.
    """
    if function.hosting.need().kind is not HostingKind.CONSUMPTION:
        raise NotApplicable("only the Consumption plan has a daily quota")
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    quota = function.limits.daily_quota
    if quota.need() is None and any(True for _ in http_handlers(function)) and admitted.need():
        yield Hit(
            message="The internet may call it, and no daily quota ends what that costs",
            evidence=(cite(quota, "dailyMemoryTimeQuota = 0"), cite(admitted, "all traffic is let in")),
        )
