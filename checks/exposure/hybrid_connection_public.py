"""Flags public functions with a relay into a network on premises."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import internet_reaches
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Remove the connection if it is no longer used. Otherwise close the app's way in, or move the part that needs the"
        " relay into an app of its own that is not public.",
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
    controls=("NIST-800-53:SC-7", "NIST-800-53:AC-17"),
    cwe=441,
)
def hybrid_connection_public(function: Function, _context: Context) -> Iterator[Hit]:
    """The relay passes firewalls by design: code that strangers can reach opens connections to a host inside.

    A request forged through the function arrives there from an address everybody trusts. Apps that the internet
    cannot reach are not reported.
    """
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    relays = function.hosting.then(lambda hosting: hosting.hybrid)
    for target in relays.need():
        admitted.need()
        yield Hit(
            message=f"It reaches {target} through a hybrid connection, and the internet reaches it",
            evidence=(cite(relays, target), cite(admitted, "all traffic is let in")),
            locus=target,
            values={"target": target},
        )
