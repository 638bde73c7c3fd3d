"""Flags functions whose image pulls, content share or backups bypass their virtual network."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Route image pulls, the content share and backups through the virtual network too.",
        breaks="The app does not start where the registry or the storage account cannot be reached from the"
        " virtual network.",
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
    references=("https://learn.microsoft.com/en-us/azure/app-service/overview-vnet-integration",),
    profile_level=ProfileLevel.STRICT,
)
def platform_traffic_outside_network(function: Function, _context: Context) -> Iterator[Hit]:
    """Traffic of the platform for the app is routed separately from traffic of the app itself. While it bypasses the
    virtual network, the registry and the storage account of the content share must allow public networks. Opinionated:
    the traffic is encrypted and authenticated either way.
    """
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    if isinstance(network, Known) and network.value is None:
        raise NotApplicable("it has no virtual network for egress")
    routed = function.ingress.then(lambda ingress: ingress.egress.platform_traffic)
    if not routed.need():
        network.need()
        yield Hit(
            message=f"Image pulls, the content share or backups of {function.name} bypass its virtual network",
            evidence=(cite(routed, "outboundVnetRouting does not route all platform traffic"),),
        )
