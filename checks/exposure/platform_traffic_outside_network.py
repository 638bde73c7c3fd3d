"""Flags functions whose image pulls, content or backups bypass the private network they are attached to."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Route image pulls, the content share and backups through the network too. The registry and the storage account"
        " must be reachable from there, or the app does not start.",
        command="az resource update --ids {id} --set properties.outboundVnetRouting.imagePullTraffic=true"
        " properties.outboundVnetRouting.contentShareTraffic=true properties.outboundVnetRouting.backupRestoreTraffic=true",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                                   = "{app}"
  resource_group_name                    = "{group}"
  vnet_image_pull_enabled                = true
  virtual_network_backup_restore_enabled = true
}""",
    ),
}


@check(
    id="platform-traffic-outside-network",
    title="Image pulls, content or backups bypass the virtual network",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-vnet-config-routing",),
    controls=("CIS-Azure-Compute-2.0:2.3.15", "MCSB:NS-1"),
    profile_level=ProfileLevel.STRICT,
)
def platform_traffic_outside_network(function: Function, _context: Context) -> Iterator[Hit]:
    """What the platform fetches for the app is routed apart from what the app itself sends.

    As long as it bypasses the network, the registry and the content share must stay open to public networks. An
    opinion: the traffic is encrypted and authenticated either way.
    """
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    if isinstance(network, Known) and network.value is None:
        raise NotApplicable("it has no private network for its way out")
    routed = function.ingress.then(lambda ingress: ingress.egress.platform_traffic)
    if not routed.need():
        network.need()
        yield Hit(
            message="Image pulls, the content share or backups bypass the network",
            evidence=(cite(routed, "outboundVnetRouting does not route all platform traffic"),),
        )
