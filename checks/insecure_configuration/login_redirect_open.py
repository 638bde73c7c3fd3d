"""Flags logins that send people on to addresses anyone may hold, or over plain HTTP."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="List the full https addresses people are to be sent to, and nothing else.",
        command="az webapp auth update --resource-group {group} --name {app}{of_slot} --set login.allowedExternalRedirectUrls='[\"https://<exact address>\"]'",
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
    id="login-redirect-open",
    title="Authentication allows external redirect URLs",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-easyauth-redirects",),
    controls=("NIST-800-53:SC-23", "MCSB:IM-1"),
    cwe=601,
)
def login_redirect_open(function: Function, _context: Context) -> Iterator[Hit]:
    """After signing in, the browser follows an address given in the link, if it is on the list. A wildcard lets
    whoever holds one name under it send your users, freshly signed in, to a page of theirs; plain HTTP lets whoever
    is on the way do the same.
    """
    enabled = function.login.then(lambda login: login.enabled)
    if not enabled.need():
        raise NotApplicable("the platform's login is off")
    allowed = function.login.then(lambda login: login.redirects)
    for address in dict.fromkeys(allowed.need()):
        plain = address.lower().startswith("http://")
        if plain or "*" in address:
            yield Hit(
                message=f"After signing in people may be sent to {address}{', over plain HTTP' if plain else ''}",
                evidence=(
                    cite(allowed, f"login.allowedExternalRedirectUrls: {address}"),
                    cite(enabled, "platform.enabled = true"),
                ),
                locus=address,
            )
