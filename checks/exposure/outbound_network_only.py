"""Flags apps with virtual network integration for egress whose ingress is open to the internet."""

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
        text="Restrict ingress as well: disable public network access and add a private endpoint, or allow only the"
        " networks that call. Virtual network integration does not restrict ingress.",
        breaks="Callers outside the private network get 403, webhooks of third parties included.",
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
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-networking-options",
        "https://learn.microsoft.com/en-us/azure/app-service/overview-vnet-integration",
    ),
    cwe=668,
)
def outbound_network_only(function: Function, _context: Context) -> Iterator[Hit]:
    """A Flex Consumption app with virtual network integration is often assumed to be private. It is not: integration
    applies to outbound traffic only, and the public endpoint stays reachable until public network access is disabled.
    Only Flex Consumption apps with a network are evaluated; ingress-open judges every app. Opinionated: most apps join
    a network for the resources they call, not for their callers.
    """
    if function.hosting.need().kind is not HostingKind.FLEX_CONSUMPTION:
        raise NotApplicable("it is not a Flex Consumption app")
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    admitted = internet_reaches(function)
    if all_hold(admitted, network.map(lambda subnet: subnet is not None)):
        yield Hit(
            message=f"{function.name} uses {network.need()} for egress only, and its ingress allows all internet traffic",
            evidence=(
                cite(network, "virtualNetworkSubnetId is set"),
                cite(admitted, "effective ingress: every source is allowed"),
            ),
        )
