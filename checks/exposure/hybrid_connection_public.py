"""Flags public functions with a hybrid connection into an on-premises network."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import internet_reaches
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Remove the connection if it is no longer used. Otherwise disable public network access of the app, or"
        " move the code that needs the connection into a separate app that is not public.",
        breaks="Code that reaches the private host through the connection fails without it, and callers from the"
        " internet get 403 without public network access.",
        command="az functionapp hybrid-connection list --resource-group {group} --name {app}{of_slot}\n"
        "az functionapp hybrid-connection remove --resource-group {group} --name {app}{of_slot} --namespace <namespace> --hybrid-connection <name>",
        terraform="""\
# remove the azurerm_function_app_hybrid_connection that leads to {target}, or close the app
resource "azurerm_linux_function_app" "this" {
  name                          = "{app}"
  resource_group_name           = "{group}"
  public_network_access_enabled = false
}""",
    ),
}


@check(
    id="hybrid-connection-public",
    title="Public function has a hybrid connection",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    covers=("az-func-hybrid-relay",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/app-service-hybrid-connections",),
    cwe=441,
)
def hybrid_connection_public(function: Function, _context: Context) -> Iterator[Hit]:
    """A hybrid connection passes firewalls by design: publicly reachable code opens connections to an internal host.
    A server-side request forgery through the function reaches that host from a trusted address. Apps that the internet
    cannot reach are not reported.
    """
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    relays = function.hosting.then(lambda hosting: hosting.hybrid)
    for target in relays.need():
        admitted.need()
        yield Hit(
            message=f"{function.name} is public and has a hybrid connection to {target}",
            evidence=(cite(relays, target), cite(admitted, "effective ingress: every source is allowed")),
            locus=target,
            values={"target": target},
        )
