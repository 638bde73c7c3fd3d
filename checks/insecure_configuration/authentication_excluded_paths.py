"""Flags excluded paths of App Service authentication that match functions."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.auth_exclusions import EVERYTHING, opened
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Remove {locus} from the excluded paths, or list exactly the one path that must be public.",
        breaks="Callers without a token get 401 on the path.",
        command="az resource update --ids {id}/config/authsettingsV2 --set properties.globalValidation.excludedPaths='[\"/<path that must stay public>\"]'",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  auth_settings_v2 {
    auth_enabled   = true
    excluded_paths = ["<the paths that must stay public>"] # without {locus}
    login {}
  }
}""",
    ),
}


@check(
    id="authentication-excluded-paths",
    aliases=("login-excluded-paths",),
    title="Authentication exclusion covers function paths",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    covers=("az-func-easyauth-excluded-paths",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-authentication-file-based",),
    cwe=288,
)
def authentication_excluded_paths(function: Function, _context: Context) -> Iterator[Hit]:
    """An excluded path bypasses authentication together with all paths below it. Intended for a health check, it often
    reads /api/* and exposes every function, while authentication still shows as required.

    Each path is compared with the routes of the app's functions; a path that matches none of them is not reported.
    """
    enabled = function.authentication.then(lambda authentication: authentication.enabled)
    if not enabled.need():
        raise NotApplicable("App Service authentication is disabled")
    excluded = function.authentication.then(lambda authentication: authentication.excluded_paths)
    for path, what in opened(function, excluded):
        yield Hit(
            message=f"Authentication exclusion {path} of function app {function.name} exposes {what}",
            evidence=(
                cite(excluded, f"globalValidation.excludedPaths: {path}"),
                cite(enabled, "platform.enabled = true"),
                *(() if what == EVERYTHING else (cite(function.handlers, f"route matches {path}: {what}"),)),
            ),
            locus=path,
            site=sites.excluded_paths(function),
        )
