"""Flags apps with HTTP functions that need no key and have App Service authentication disabled."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.network_exposure import http_handlers
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Enable App Service authentication and reject unauthenticated requests.",
        breaks="Callers without a token of the tenant get 401, health checks and webhooks included: prepare them"
        " first.",
        command="az resource update --ids {id}/config/authsettingsV2 --set properties.platform.enabled=true properties.globalValidation.requireAuthentication=true properties.globalValidation.unauthenticatedClientAction=Return401",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    unauthenticated_action = "Return401"

    active_directory_v2 {
      client_id            = "<client id>"
      tenant_auth_endpoint = "https://login.microsoftonline.com/<tenant id>/v2.0"
    }
    login {}
  }
}""",
    ),
}

_KEYS = frozenset({HandlerAuth.KEY, HandlerAuth.ADMIN_KEY})


@check(
    id="authentication-off",
    aliases=("login-off",),
    title="App Service authentication is disabled",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    covers=("az-func-easyauth-enabled",),
    facet_of=("anonymous-endpoint-effective", "url-auth-none"),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/overview-authentication-authorization",
        "https://learn.microsoft.com/en-us/azure/azure-functions/security-concepts",
    ),
    cwe=306,
)
def authentication_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Without App Service authentication every request reaches the code, and each function has to authenticate its
    callers by itself. The platform authenticates callers before any code runs, for every function alike.

    Checked on apps with a function that requires no key; ingress-open and key-only-auth-public judge those that do.
    Low, because anonymous-endpoint-effective carries the severity where the internet reaches such a function.
    """
    enabled = function.authentication.then(lambda authentication: authentication.enabled)
    if enabled.need():
        return
    answering = tuple(http_handlers(function))
    if not answering:
        raise NotApplicable("the app has no HTTP-triggered function")
    open_to_all = [handler.name for handler, entry in answering if entry.auth not in _KEYS]
    if not open_to_all:
        raise NotApplicable("every HTTP-triggered function requires a key")
    yield Hit(
        message=f"Function app {function.name} has App Service authentication disabled and functions that need no key: {', '.join(open_to_all)}",
        evidence=(
            cite(enabled, "platform.enabled = false"),
            cite(function.handlers, f"httpTrigger without a key: {', '.join(open_to_all)}"),
        ),
        site=sites.public_access(function),
    )
