"""Flags client certificate exclusion paths that match functions."""

from collections.abc import Iterator

from auditor.analysis.auth_exclusions import EVERYTHING, opened
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.model.transport import ClientCertificates

FIX = {
    Cloud.AZURE: Fix(
        text="Remove {locus} from the exclusion paths, or list exactly the one path that must work without a"
        " certificate.",
        breaks="Callers without a certificate are refused on the path.",
        command="az resource update --ids {id} --set properties.clientCertExclusionPaths='<paths, separated by semicolons>'",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  client_certificate_enabled         = true
  client_certificate_exclusion_paths = "<paths, separated by semicolons>" # without {locus}
}""",
    ),
}


@check(
    id="client-certificate-excluded-paths",
    title="Client certificate exclusion covers function paths",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    covers=("az-func-client-cert-exclusions",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/app-service-web-configure-tls-mutual-auth",),
    cwe=288,
)
def client_certificate_excluded_paths(function: Function, _context: Context) -> Iterator[Hit]:
    """The client certificate is required on every path but the excluded ones, and an excluded path covers all paths
    below it: callers reach the functions there without a certificate.

    Each path is compared with the routes of the app's functions; a path that matches none of them is not reported.
    """
    mode = function.transport.then(lambda transport: transport.client_certificates)
    if mode.need() is ClientCertificates.OFF:
        raise NotApplicable("client certificates are disabled")
    excluded = function.transport.then(lambda transport: transport.certificate_exclusions)
    for path, what in opened(function, excluded):
        yield Hit(
            message=f"Client certificate exclusion {path} of function app {function.name} exposes {what}",
            evidence=(
                cite(excluded, f"clientCertExclusionPaths: {path}"),
                cite(mode, f"client certificates: {mode.need()}"),
                *(() if what == EVERYTHING else (cite(function.handlers, f"route matches {path}: {what}"),)),
            ),
            locus=path,
            site=f"excluded paths of {function.id}",
        )
