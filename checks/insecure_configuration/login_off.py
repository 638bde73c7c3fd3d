"""Flags apps with HTTP functions in front of which the platform asks nobody to sign in."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import http_handlers
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Turn the login on and turn away callers who have not signed in. Callers then need a token of your tenant:"
        " teach them first, and leave out nothing but what has to be public.",
        command="az webapp auth update --resource-group {group} --name {app}{of_slot} --enabled true --action Return401",
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
    id="login-off",
    title="App Service authentication is disabled",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    covers=("az-func-easyauth-enabled",),
    controls=("CIS-Azure-Compute-2.0:2.3.11", "MCSB:IM-1", "NIST-800-53:IA-2"),
    cwe=306,
)
def login_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Without it every request reaches your code, and each function has to authenticate its callers by itself. The login
    checks who calls before any code runs, and no handler can forget it.

    Asked of apps with a handler that asks for no key; ingress-open and key-only-auth-public judge those that do. Low,
    because anonymous-endpoint-effective carries the weight where the internet reaches such a handler.
    """
    enabled = function.login.then(lambda login: login.enabled)
    if enabled.need():
        return
    answering = tuple(http_handlers(function))
    if not answering:
        raise NotApplicable("none of its functions is started over HTTP")
    open_to_all = [handler.name for handler, entry in answering if entry.auth not in _KEYS]
    if not open_to_all:
        raise NotApplicable("every one of its HTTP functions asks for a key")
    yield Hit(
        message="Nobody has to sign in before the code runs",
        evidence=(
            cite(enabled, "platform.enabled = false"),
            cite(function.handlers, f"over HTTP, without a key: {', '.join(open_to_all)}"),
        ),
    )
