"""Flags apps with the local MySQL database of App Service (MySQL in-app) enabled."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Copy its data to a managed database service, then disable it.",
        breaks="Code that uses the database of the app fails, and its data can no longer be read.",
        command="az resource update --ids {id}/config/web --set properties.localMySqlEnabled=false",
        no_terraform="the azurerm provider does not offer localMySqlEnabled",
    ),
}


@check(
    id="bundled-database-on",
    title="Local MySQL database is enabled",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-mount-local-mysql",),
    references=("https://learn.microsoft.com/en-us/azure/templates/microsoft.web/sites/config-web",),
    cwe=1104,
)
def bundled_database_on(function: Function, _context: Context) -> Iterator[Hit]:
    """MySQL in-app runs in the app's own sandbox. It is retired, gets no patches, is lost with the instance, and
    exposes its credentials in the app's environment. Functions have no use for it.
    """
    bundled = function.hosting.then(lambda hosting: hosting.bundled_database)
    if bundled.need():
        yield Hit(
            message=f"Function app {function.name} has MySQL in-app (local MySQL) enabled",
            evidence=(cite(bundled, "localMySqlEnabled = true"),),
        )
