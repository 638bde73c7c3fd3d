"""Flags functions whose subnet has no network security group."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Attach a network security group with rules for the destinations the function needs.",
        breaks="Connections of everything in the subnet that no rule allows are dropped immediately, so list what"
        " is needed first.",
        command="az network vnet subnet update --ids {subnet} --network-security-group <name-or-id-of-the-group>",
        terraform="""\
resource "azurerm_subnet_network_security_group_association" "this" {
  subnet_id                 = "{subnet}"
  network_security_group_id = azurerm_network_security_group.functions.id
}""",
    ),
}


@check(
    id="subnet-no-firewall",
    title="Subnet has no network security group",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    profile_level=ProfileLevel.STRICT,
    covers=("az-func-nsg-on-subnet",),
    references=("https://learn.microsoft.com/en-us/azure/virtual-network/network-security-groups-overview",),
    cwe=923,
)
def subnet_no_firewall(function: Function, _context: Context) -> Iterator[Hit]:
    """Without a network security group compromised code can reach every address that the network routes to. The
    group filters egress of the function, and can log it. A firewall further along the route may do the same; that is
    not visible here. Opinionated: many networks filter at a central firewall.
    """
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    if isinstance(network, Known) and network.value is None:
        raise NotApplicable("it has no virtual network for egress")
    filtered = function.ingress.then(lambda ingress: ingress.egress.firewall)
    if not filtered.need():
        subnet = network.need() or "<subnet-id>"
        yield Hit(
            message=f"Subnet {subnet} of {function.name} has no network security group",
            evidence=(cite(filtered, "networkSecurityGroup is null"),),
            site=network.need() or "",
            values={"subnet": subnet},
        )
