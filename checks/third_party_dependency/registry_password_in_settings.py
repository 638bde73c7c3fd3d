"""Flags container registry passwords in app settings."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Grant the managed identity AcrPull on the registry and pull with it; then delete the password from"
        " the settings and disable the admin user.",
        breaks="The app does not start if its identity lacks AcrPull on the registry.",
        command="az resource update --ids {id} --set properties.siteConfig.acrUseManagedIdentityCreds=true\n"
        "az functionapp config appsettings delete --resource-group {group} --name {app}{of_slot}"
        " --setting-names DOCKER_REGISTRY_SERVER_USERNAME DOCKER_REGISTRY_SERVER_PASSWORD",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    container_registry_use_managed_identity = true
  }
}""",
    ),
}


@check(
    id="registry-password-in-settings",
    title="Registry password is stored in settings",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-container-image-source",),
    references=(
        "https://learn.microsoft.com/en-us/azure/container-registry/container-registry-authentication",
        "https://learn.microsoft.com/en-us/azure/app-service/configure-custom-container",
    ),
    cwe=522,
)
def registry_password_in_settings(function: Function, _context: Context) -> Iterator[Hit]:
    """Every reader of the app settings can use the password, usually with push permission, and so replace the code of
    every app that pulls from the registry.
    """
    registry = function.deployment.then(lambda deployment: deployment.registry)
    found = registry.need()
    if found is None:
        raise NotApplicable("the app runs no custom container")
    if found.password.need():
        yield Hit(
            message=f"The password of registry {found.host} is in the settings of function app {function.name}",
            evidence=(cite(found.password, "DOCKER_REGISTRY_SERVER_PASSWORD is set"),),
            locus=found.host,
        )
