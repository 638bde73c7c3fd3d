"""Flags apps whose host still serves proxies, a feature that was withdrawn."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Move the routes to API Management or to handlers of the app, delete proxies.json, and take EnableProxies out of"
        " AzureWebJobsFeatureFlags. Clients that use the proxied paths must be told.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot}"
        " --settings AzureWebJobsFeatureFlags=<the-other-flags>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    AzureWebJobsFeatureFlags = "" # the other flags, if there are any
  }
}""",
    ),
}


@check(
    id="legacy-proxies",
    title="Legacy proxies are enabled",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-proxies-legacy",),
    controls=("NIST-800-53:CM-7", "NIST-800-53:SA-22"),
    cwe=1104,
)
def legacy_proxies(function: Function, _context: Context) -> Iterator[Hit]:
    """Proxies forward requests to a back end under the app's name, past its login rules and with an authorisation of their own.

    The feature is no longer supported, so a hole in it stays. A route nobody remembers is a door nobody watches.

    Version 4 of the host serves proxies only where the flag EnableProxies asks for it. Which proxies there are stands in
    the package, which is not read; neither are those of older hosts, which host-version-unsupported reports.
    """
    served = function.hosting.then(lambda hosting: hosting.proxies)
    if served.need():
        yield Hit(message="Its host serves legacy proxies", evidence=(cite(served, "EnableProxies is set"),))
