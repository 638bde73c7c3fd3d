"""Flags containers that are pulled with a password kept in the settings."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Give the identity AcrPull on the registry and let it pull; then delete the password from the settings and disable the admin user.",
        command="az resource update --ids {id} --set properties.siteConfig.acrUseManagedIdentityCreds=true",
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
    controls=(
        "CSA-SAS:SAS-7",
        "NIST-800-53:IA-5(7)",
    ),
    cwe=522,
)
def registry_password_in_settings(function: Function, _context: Context) -> Iterator[Hit]:
    """The password opens the registry for everyone who may read the settings, usually with the right to push: code that runs
    in every app that pulls from it.
    """
    registry = function.deployment.then(lambda deployment: deployment.registry)
    found = registry.need()
    if found is None:
        raise NotApplicable("it runs no container of yours")
    if found.password.need():
        yield Hit(
            message=f"The password of {found.host} stands in the settings",
            evidence=(cite(found.password, "DOCKER_REGISTRY_SERVER_PASSWORD is set"),),
            locus=found.host,
        )
