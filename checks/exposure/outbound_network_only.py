"""Flags apps whose network guards only their way out, while their way in is open to the internet."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import internet_reaches
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed_logic import all_hold
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Close the way in as well: switch public access off and add a private endpoint, or admit only the networks that"
        " call. Integration with a network never does that by itself.",
        command="az resource update --ids {id} --set properties.publicNetworkAccess=Disabled",
        terraform="""\
resource "azurerm_function_app_flex_consumption" "this" {
  name                          = "{app}"
  resource_group_name           = "{group}"
  public_network_access_enabled = false
}""",
    ),
}


@check(
    id="outbound-network-only",
    title="Virtual network integration covers egress only",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    profile_level=ProfileLevel.STRICT,
    covers=("az-func-flex-always-public",),
    controls=("MCSB:NS-2", "NIST-800-53:SC-7"),
    cwe=668,
)
def outbound_network_only(function: Function, _context: Context) -> Iterator[Hit]:
    """A Flex Consumption app "in the network" is often taken for a private one. It is not: integration is for what it sends.

    Its public address answers everyone until access is switched off. Asked of Flex Consumption apps with a network;
    ingress-open judges every app. An opinion: most apps join a network for what they call, not for who calls them.
    """
    if function.hosting.need().kind is not HostingKind.FLEX_CONSUMPTION:
        raise NotApplicable("it is not a Flex Consumption app")
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    admitted = internet_reaches(function)
    if all_hold(admitted, network.map(lambda subnet: subnet is not None)):
        yield Hit(
            message=f"It sends through {network.need()}, and the whole internet may call it",
            evidence=(cite(network, "virtualNetworkSubnetId is set"), cite(admitted, "all traffic is let in")),
        )
