"""Flags paths left out of the platform's login that lead to functions."""

from collections.abc import Iterator

from auditor.analysis.exclusions import EVERYTHING, opened
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Take {locus} out of the excluded paths, or name exactly the one path that must be public. Whoever calls"
        " it without a token is turned away afterwards.",
        command="az webapp auth update --resource-group {group} --name {app}{of_slot} --excluded-paths '<the paths that must stay public>'",
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
    id="login-excluded-paths",
    title="Authentication exclusion covers function paths",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    covers=("az-func-easyauth-excluded-paths",),
    controls=("MCSB:IM-1", "NIST-800-53:AC-3", "OWASP-SLS:S2"),
    cwe=288,
)
def login_excluded_paths(function: Function, _context: Context) -> Iterator[Hit]:
    """An excluded path skips the login together with everything below it. Meant for a health check, it often reads
    /api/* and so opens every function, while the login still shows as required.

    Each path is compared with the routes of the app's functions; one that leads to none of them is not reported.
    """
    enabled = function.login.then(lambda login: login.enabled)
    if not enabled.need():
        raise NotApplicable("the platform's login is off")
    excluded = function.login.then(lambda login: login.excluded_paths)
    for path, what in opened(function, excluded):
        yield Hit(
            message=f"{path} is left out of the login and opens {what}",
            evidence=(
                cite(excluded, f"globalValidation.excludedPaths: {path}"),
                cite(enabled, "platform.enabled = true"),
                *(() if what == EVERYTHING else (cite(function.handlers, f"opens {what}"),)),
            ),
            locus=path,
        )
