"""Flags apps whose App Service authentication uses version 1 settings."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Upgrade the settings to version 2, and review them afterwards.",
        breaks="Tools and templates that write version 1 of the settings fail.",
        command="az extension add --name authV2\naz webapp auth config-version upgrade --resource-group {group} --name {app}{of_slot}",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  auth_settings_v2 {
    auth_enabled    = true # in place of auth_settings
    runtime_version = "~2"
    login {}
  }
}""",
    ),
}


@check(
    id="authentication-settings-legacy",
    aliases=("login-settings-legacy",),
    title="Authentication uses version 1 settings",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-easyauth-v1-legacy",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-authentication-api-version",),
    cwe=1188,
)
def authentication_settings_legacy(function: Function, _context: Context) -> Iterator[Hit]:
    """Version 1 cannot exclude paths, list client applications or reject callers with 401, and the portal no longer
    shows it; changes made there convert it, which is easily missed.
    """
    legacy = function.authentication.then(lambda authentication: authentication.legacy)
    if legacy.need():
        yield Hit(
            message=f"App Service authentication of function app {function.name} uses version 1 settings",
            evidence=(
                cite(
                    function.authentication.then(lambda authentication: authentication.enabled),
                    "platform.enabled = true",
                ),
                cite(legacy, "siteAuthSettings.configVersion = v1"),
            ),
        )
