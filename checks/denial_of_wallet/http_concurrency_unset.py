"""Flags apps that do not limit how many requests one instance takes at once."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import http_handlers
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set maxConcurrentRequests and maxOutstandingRequests of the HTTP extension in host.json to what an instance served"
        " well under load. Requests above that get 429.",
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
    controls=("NIST-800-53:SC-5", "CSA-SAS:SAS-8"),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def http_concurrency_unset(function: Function, _context: Context) -> Iterator[Hit]:
    """Without a limit one instance takes every request it is given, until memory or the database behind it gives way.

    An opinion: the platform scales out before that in most cases. Asked of apps with HTTP handlers.
    """
    limit = function.limits.per_instance
    if limit.need() is not None:
        return
    if not any(True for _ in http_handlers(function)):
        raise NotApplicable("nothing in it is started over HTTP")
    yield Hit(
        message="Nothing limits how many requests one instance takes at once",
        evidence=(cite(limit, "no concurrency limit is set"),),
    )
