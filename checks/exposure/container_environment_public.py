"""Flags functions hosted in a Container Apps environment that allows public network access."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Disable public network access of the environment and use a private endpoint, or move to an internal"
        " environment.",
        breaks="Every app in the environment loses its callers from the internet, not only this one.",
        command="az resource update --ids {environment} --set properties.publicNetworkAccess=Disabled",
        terraform="""\
resource "azurerm_container_app_environment" "this" {
  name                           = "<environment>"
  resource_group_name            = "{group}"
  location                       = "{location}"
  infrastructure_subnet_id       = "<subnet id>"
  internal_load_balancer_enabled = true
}""",
    ),
}


@check(
    id="container-environment-public",
    title="Container Apps environment is public",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-container-apps-env-public",),
    references=("https://learn.microsoft.com/en-us/azure/container-apps/networking",),
    cwe=668,
)
def container_environment_public(function: Function, _context: Context) -> Iterator[Hit]:
    """In a public environment a single setting of one app exposes that app to the internet. An internal environment,
    or one with public network access disabled, keeps every app internal regardless of its own ingress setting.
    container-host-open reports apps that are exposed today.
    """
    host = function.hosting.then(lambda hosting: hosting.container_host).need()
    if host is None:
        raise NotApplicable("it does not run on Container Apps")
    if host.public_environment.need():
        yield Hit(
            message=f"The Container Apps environment of {function.name} allows public network access",
            evidence=(
                cite(
                    host.public_environment,
                    "vnetConfiguration.internal is not true; publicNetworkAccess is not Disabled",
                ),
            ),
            site=host.environment.need().lower(),
            values={"environment": host.environment.need()},
        )
