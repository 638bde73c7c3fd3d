"""Flags public apps whose durable-function management endpoints answer the internet."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import (
    access_controls,
    authentication_required,
    client_certificate_required,
    internet_reaches,
)
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.observed_logic import all_hold, negated
from auditor.model.severity import Severity

_TYPES = ("orchestrationtrigger", "entitytrigger")
_PATH = "/runtime/webhooks/durabletask"

FIX = {
    Cloud.AZURE: Fix(
        text="Let callers sign in with the platform's login, or restrict the networks that may call; then renew the system key"
        " durabletask_extension, which is in every status URL ever handed out.",
        command="az functionapp config access-restriction set --resource-group {group} --name {app}{of_slot} --default-action Deny\n"
        "az functionapp keys set --resource-group {group} --name {app}{of_slot} --key-type systemKeys --key-name durabletask_extension",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    ip_restriction_default_action = "Deny"
  }
}""",
    ),
}


@check(
    id="durable-endpoints-public",
    title="Durable Functions management endpoints are public",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    covers=("az-func-durable-admin-exposed",),
    controls=("NIST-800-53:AC-3", "CSA-SAS:SAS-2", "CSA-SAS:SAS-9"),
    cwe=749,
)
def durable_endpoints_public(function: Function, _context: Context) -> Iterator[Hit]:
    """The durable extension adds endpoints that start, read, raise events for and end every orchestration of the app.

    One system key opens them all, and the extension writes it into the status URLs it returns to clients. It is as
    secret as the least careful client's log. A required login or client certificate closes them too.
    """
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    durable = [h for h in function.handlers.need() if h.trigger is not None and h.trigger.type in _TYPES]
    if durable and all_hold(admitted, *(negated(fence) for fence in access_controls(function, _PATH))):
        yield Hit(
            message=f"{durable[0].name} is a durable function, and its management endpoints ask for a system key only",
            evidence=(
                cite(function.handlers, f"{durable[0].name}: {durable[0].trigger and durable[0].trigger.type}"),
                cite(admitted, "all traffic is let in"),
                cite(authentication_required(function), "nobody has to sign in there"),
                cite(client_certificate_required(function), "no client certificate is asked for there"),
            ),
        )
