"""Flags apps with the MySQL server that App Service puts beside an app."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Copy what is in it to a database service, and turn it off.",
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
    controls=("NIST-800-53:CM-7",),
    cwe=1104,
)
def bundled_database_on(function: Function, _context: Context) -> Iterator[Hit]:
    """A database in the app's own sandbox is withdrawn, gets no patches, is lost with the instance, and its
    credentials stand in the environment. No function has a use for it.
    """
    bundled = function.hosting.then(lambda hosting: hosting.bundled_database)
    if bundled.need():
        yield Hit(message="A MySQL server runs beside the app", evidence=(cite(bundled, "localMySqlEnabled = true"),))
