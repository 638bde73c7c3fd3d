"""Flags apps without a limit on concurrent HTTP requests per instance."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import http_handlers
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set maxConcurrentRequests and maxOutstandingRequests of the HTTP extension in host.json to what one"
        " instance handled well under load.",
        breaks="Requests above the limit are answered with 429.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot}"
        " --settings AzureFunctionsJobHost__extensions__http__maxConcurrentRequests=<requests>\n"
        "az functionapp scale config set --resource-group {group} --name {app} --trigger-type http"
        " --trigger-settings perInstanceConcurrency=<requests>  # Flex Consumption",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    AzureFunctionsJobHost__extensions__http__maxConcurrentRequests = 50
  }
}""",
    ),
}


@check(
    id="http-concurrency-unset",
    title="Concurrent HTTP requests are not limited",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-http-concurrency",),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-host-json",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-concurrency",
    ),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def http_concurrency_unset(function: Function, _context: Context) -> Iterator[Hit]:
    """Without a limit one instance accepts every request it receives, until its memory or the database behind it fails.
    Only a recommendation: in most cases the platform scales out before that. Judged for apps with HTTP-triggered
    functions.
    """
    limit = function.limits.per_instance
    if limit.need() is not None:
        return
    if not any(True for _ in http_handlers(function)):
        raise NotApplicable("the app has no HTTP-triggered function")
    yield Hit(
        message=f"App {function.name} does not limit the concurrent HTTP requests of one instance",
        evidence=(cite(limit, "no concurrency limit is set"),),
    )
