"""Flags function apps whose host still serves legacy proxies."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Move the routes to API Management or to handlers of the app, delete proxies.json, and remove"
        " EnableProxies from AzureWebJobsFeatureFlags. Inform the clients that use the proxied paths.",
        breaks="Clients that call the proxied paths get 404.",
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
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/functions-proxies",),
    cwe=1104,
)
def legacy_proxies(function: Function, _context: Context) -> Iterator[Hit]:
    """Proxies forward requests to a back end under the host name of the app, with their own authorization instead of
    the app's. The feature is no longer supported, so vulnerabilities are not fixed and forgotten routes remain
    reachable. Version 4 of the host serves proxies only with the feature flag EnableProxies. The routes are defined in
    the deployment package, which is not read; host-version-unsupported reports older hosts.
    """
    served = function.hosting.then(lambda hosting: hosting.proxies)
    if served.need():
        yield Hit(
            message=f"The host of {function.name} serves legacy proxies",
            evidence=(cite(served, "AzureWebJobsFeatureFlags contains EnableProxies"),),
        )
