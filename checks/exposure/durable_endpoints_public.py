"""Flags public apps whose Durable Functions management endpoints the internet can reach."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.network_exposure import (
    access_controls,
    authentication_required,
    client_certificate_required,
    internet_reaches,
)
from auditor.analysis.public_ways import until_authenticated, until_cut_off
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
        text="Require App Service authentication, or restrict the networks that can call; then rotate the system key"
        " durabletask_extension, which every status URL returned so far contains.",
        breaks="Clients outside the allowed networks get 403, and status URLs returned before the key was rotated"
        " stop working.",
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
    facet_of=("front-end-bypass", "container-host-open", "access-rule-admits-everyone", "ingress-open"),
    covers=("az-func-durable-admin-exposed",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/durable/durable-functions-http-api",),
    cwe=749,
)
def durable_endpoints_public(function: Function, _context: Context) -> Iterator[Hit]:
    """The Durable Functions extension adds HTTP endpoints that start, query, raise events for and terminate every
    orchestration of the app. One system key authorizes all of them, and the extension includes it in the status URLs
    that it returns to clients, so it appears wherever clients log those URLs. Required authentication or a client
    certificate protects the endpoints as well.
    """
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    durable = [h for h in function.handlers.need() if h.trigger is not None and h.trigger.type in _TYPES]
    if durable and all_hold(admitted, *(negated(control) for control in access_controls(function, _PATH))):
        yield Hit(
            message=f"The Durable Functions management endpoints of {function.name} are public and require only a system key",
            evidence=(
                cite(function.handlers, f"{durable[0].name}: {durable[0].trigger and durable[0].trigger.type}"),
                cite(admitted, "effective ingress: every source is allowed"),
                cite(authentication_required(function), "authentication is not required for this path"),
                cite(client_certificate_required(function), "no client certificate is required for this path"),
            ),
            site=sites.ingress(function),
            depends=(*until_authenticated(function), *until_cut_off(function)),
        )
