"""Flags registries of custom images with an admin user or public network access."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.observed_logic import any_holds
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Disable the admin user once every app pulls with its managed identity, and disable public network"
        " access of the registry.",
        breaks="Everything that pulls or pushes with the admin password, and everything outside the private"
        " network, loses the registry.",
        command="az acr update --name {registry} --admin-enabled false --public-network-enabled false",
        terraform="""\
resource "azurerm_container_registry" "this" {
  name                          = "{registry}"
  admin_enabled                 = false
  public_network_access_enabled = false
}""",
    ),
}


@check(
    id="registry-admin-user",
    title="Registry admin user is enabled or registry is public",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-acr-admin-user",),
    references=(
        "https://learn.microsoft.com/en-us/azure/container-registry/container-registry-authentication",
        "https://learn.microsoft.com/en-us/azure/container-registry/container-registry-access-selected-networks",
    ),
)
def registry_admin_user(function: Function, _context: Context) -> Iterator[Hit]:
    """The admin user is a single shared password with push permission. Anyone who has it can replace the image that the
    function starts next.
    """
    registry = function.deployment.then(lambda deployment: deployment.registry)
    found = registry.need()
    if found is None:
        raise NotApplicable("the app runs no custom container")
    name = found.host.partition(".")[0]
    for fact, locus, said in (
        (found.admin_user, "admin-user", "the admin user is enabled"),
        (found.public, "public-network", "public network access is enabled"),
    ):
        if isinstance(fact, Known) and fact.value:
            yield Hit(
                message=f"Registry {found.host} of function app {function.name}: {said}",
                evidence=(cite(fact, said),),
                locus=locus,
                site=found.host,
                values={"registry": name},
            )
    any_holds(found.admin_user, found.public)
