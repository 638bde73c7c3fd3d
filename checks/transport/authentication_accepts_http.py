"""Flags functions whose App Service authentication accepts tokens over plain HTTP."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed_logic import all_hold, negated
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Require HTTPS in the authentication settings, and for the app as a whole.",
        breaks="Clients that call http:// are redirected before they send a token; those that do not follow"
        " redirects fail.",
        command="az resource update --ids {id}/config/authsettingsV2 --set properties.httpSettings.requireHttps=true",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  https_only          = true

  auth_settings_v2 {
    auth_enabled  = true
    require_https = true
    login {}
  }
}""",
    ),
}


@check(
    id="authentication-accepts-http",
    aliases=("login-accepts-http",),
    title="Authentication does not require HTTPS",
    risk=Risk.TRANSPORT,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-easyauth-requires-https",),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/configure-authentication-file-based",
        "https://learn.microsoft.com/en-us/azure/app-service/overview-authentication-authorization",
    ),
    cwe=319,
)
def authentication_accepts_http(function: Function, _context: Context) -> Iterator[Hit]:
    """A session cookie or token sent over plain HTTP can be copied on the network path and replayed.

    Reported only where authentication is enabled, does not require HTTPS, and the app does not redirect to HTTPS
    either; any one of the three closes the gap.
    """
    enabled = function.authentication.then(lambda authentication: authentication.enabled)
    asked = function.authentication.then(lambda authentication: authentication.requires_https)
    redirected = function.transport.then(lambda transport: transport.https_only)
    if all_hold(enabled, negated(asked), negated(redirected)):
        yield Hit(
            message=f"App Service authentication of function app {function.name} accepts tokens over plain HTTP",
            depends=(Dependence(sites=(sites.own(function, ""),), leads=("https-not-enforced",)),),
            evidence=(cite(asked, "httpSettings.requireHttps = false"), cite(redirected, "httpsOnly = false")),
        )
