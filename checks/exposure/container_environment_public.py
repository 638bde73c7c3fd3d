"""Flags functions hosted in a container environment that is open to public networks."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Switch public access of the environment off and reach it through a private endpoint, or move to an internal"
        " environment. Every app in it is affected.",
        command="az containerapp env update --ids <environment-id> --public-network-access Disabled",
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
    controls=("MCSB:NS-2", "NIST-800-53:SC-7"),
    cwe=668,
)
def container_environment_public(function: Function, _context: Context) -> Iterator[Hit]:
    """In a public environment one switch on one app is all that lies between it and the internet.

    An internal environment, or one with public access off, keeps every app inside whatever its own ingress says.
    container-host-open reports apps that are open today.
    """
    host = function.hosting.then(lambda hosting: hosting.container_host).need()
    if host is None:
        raise NotApplicable("it does not run on Container Apps")
    if host.public_environment.need():
        yield Hit(
            message="The environment of its container app is open to public networks",
            evidence=(
                cite(host.public_environment, "the environment is neither internal nor closed to public access"),
            ),
        )
