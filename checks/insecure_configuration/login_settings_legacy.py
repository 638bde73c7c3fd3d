"""Flags apps whose login is still configured in its first version."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Upgrade the settings, and look through them afterwards: tools that write the first version fail from then"
        " on.",
        command="az webapp auth config-version upgrade --resource-group {group} --name {app}{of_slot}",
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
    id="login-settings-legacy",
    title="Authentication uses version 1 settings",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-easyauth-v1-legacy",),
    controls=("NIST-800-53:SA-22", "NIST-800-53:CM-6"),
    cwe=1188,
)
def login_settings_legacy(function: Function, _context: Context) -> Iterator[Hit]:
    """The first version cannot exclude paths, list client applications or turn callers away with 401, and the portal
    no longer shows it; changes made there convert it, half noticed.
    """
    legacy = function.login.then(lambda login: login.legacy)
    if legacy.need():
        yield Hit(
            message="The login is configured in its first version",
            evidence=(
                cite(function.login.then(lambda login: login.enabled), "platform.enabled = true"),
                cite(legacy, "siteAuthSettings.configVersion = v1"),
            ),
        )
