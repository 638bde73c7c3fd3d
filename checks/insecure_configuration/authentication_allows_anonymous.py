"""Flags apps whose App Service authentication is enabled but allows unauthenticated requests."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Reject unauthenticated requests. Paths that must stay public can be excluded one by one.",
        breaks="Callers without a token get 401 or are redirected, health checks and webhooks included.",
        command="az resource update --ids {id}/config/authsettingsV2 --set properties.globalValidation.requireAuthentication=true properties.globalValidation.unauthenticatedClientAction=Return401",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    unauthenticated_action = "Return401"
    login {}
  }
}""",
    ),
}


@check(
    id="authentication-allows-anonymous",
    aliases=("login-lets-anonymous-pass",),
    title="App Service authentication allows anonymous requests",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    covers=("az-func-easyauth-allow-anonymous",),
    facet_of=("anonymous-endpoint-effective",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/overview-authentication-authorization",),
    cwe=287,
)
def authentication_allows_anonymous(function: Function, _context: Context) -> Iterator[Hit]:
    """The portal shows authentication as enabled, which suggests that the app is protected; in fact anonymous requests
    reach the code like any other, without the headers that identify a caller.

    Correct only where the code itself requires those headers on every path that matters.
    """
    enabled = function.authentication.then(lambda authentication: authentication.enabled)
    required = function.authentication.then(lambda authentication: authentication.required)
    if not enabled.need():
        raise NotApplicable("App Service authentication is disabled")
    if not required.need():
        yield Hit(
            message=f"App Service authentication of function app {function.name} allows unauthenticated requests",
            evidence=(
                cite(enabled, "platform.enabled = true"),
                cite(
                    required,
                    "globalValidation: requireAuthentication = false or unauthenticatedClientAction = AllowAnonymous",
                ),
            ),
            site=sites.public_access(function),
        )
