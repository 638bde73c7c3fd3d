"""Flags App Service authentication that allows redirects to wildcard hosts or over plain HTTP."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="List the exact https addresses that users may be redirected to, and nothing else.",
        breaks="Sign-ins that return to an address that is not listed fail.",
        command="az resource update --ids {id}/config/authsettingsV2 --set properties.login.allowedExternalRedirectUrls='[\"https://<exact address>\"]'",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  auth_settings_v2 {
    auth_enabled = true
    login {
      allowed_external_redirect_urls = ["https://<exact address>"] # without {locus}
    }
  }
}""",
    ),
}


@check(
    id="authentication-redirect-open",
    aliases=("login-redirect-open",),
    title="Authentication allows external redirect URLs",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-easyauth-redirects",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-authentication-customize-sign-in-out",),
    cwe=601,
)
def authentication_redirect_open(function: Function, _context: Context) -> Iterator[Hit]:
    """After sign-in, the browser follows an address given in the link if it is on the list. With a wildcard, an
    attacker who controls one name under it can redirect authenticated users to a phishing page; with plain HTTP, an
    attacker on the network path can do the same.
    """
    enabled = function.authentication.then(lambda authentication: authentication.enabled)
    if not enabled.need():
        raise NotApplicable("App Service authentication is disabled")
    allowed = function.authentication.then(lambda authentication: authentication.redirects)
    for address in dict.fromkeys(allowed.need()):
        plain = address.lower().startswith("http://")
        if plain or "*" in address:
            yield Hit(
                message=f"App Service authentication of function app {function.name} allows redirects to {address}{' over plain HTTP' if plain else ''}",
                evidence=(
                    cite(allowed, f"login.allowedExternalRedirectUrls: {address}"),
                    cite(enabled, "platform.enabled = true"),
                ),
                locus=address,
                site=f"redirects of {function.id}",
            )
