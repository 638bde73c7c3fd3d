"""Flags paths on which no client certificate is asked for that lead to functions."""

from collections.abc import Iterator

from auditor.analysis.exclusions import EVERYTHING, opened
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.model.transport import ClientCertificates

FIX = {
    Cloud.AZURE: Fix(
        text="Take {locus} off the list, or name exactly the one path that must go without. Callers without a"
        " certificate are then refused there.",
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
    controls=("NIST-800-53:SC-23", "NIST-800-53:AC-3"),
    cwe=288,
)
def client_certificate_excluded_paths(function: Function, _context: Context) -> Iterator[Hit]:
    """The certificate is asked for on every path but these, and an excluded path covers all below it: callers reach
    those functions without proving anything.

    Each path is compared with the routes of the app's functions; one that leads to none of them is not reported.
    """
    mode = function.transport.then(lambda transport: transport.client_certificates)
    if mode.need() is ClientCertificates.OFF:
        raise NotApplicable("client certificates are off")
    excluded = function.transport.then(lambda transport: transport.certificate_exclusions)
    for path, what in opened(function, excluded):
        yield Hit(
            message=f"{path} needs no client certificate and opens {what}",
            evidence=(
                cite(excluded, f"clientCertExclusionPaths: {path}"),
                cite(mode, f"client certificates: {mode.need()}"),
                *(() if what == EVERYTHING else (cite(function.handlers, f"opens {what}"),)),
            ),
            locus=path,
        )
