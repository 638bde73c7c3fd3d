"""Flags functions that do not ask callers for a client certificate."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.model.transport import ClientCertificates

FIX = {
    Cloud.AZURE: Fix(
        text="Require client certificates if every caller is a machine you can give one. The platform checks only that a"
        " certificate is there: the code must verify whose it is. Browsers and webhooks stop working.",
        command="az functionapp update --resource-group {group} --name {app}{of_slot} --set clientCertEnabled=true clientCertMode=Required",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                       = "{app}"
  resource_group_name        = "{group}"
  client_certificate_enabled = true
  client_certificate_mode    = "Required"
}""",
    ),
}


@check(
    id="client-certificate-not-required",
    title="Client certificates are not required",
    risk=Risk.TRANSPORT,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    covers=("az-func-client-cert",),
    controls=("CIS-Azure-Compute-2.0:2.3.10", "MCSB:PV-2", "NIST-800-53:SC-23"),
    cwe=295,
    profile_level=ProfileLevel.STRICT,
)
def client_certificate_not_required(function: Function, _context: Context) -> Iterator[Hit]:
    """Mutual TLS stops whoever holds a leaked key but no certificate, before any code of yours runs.

    An opinion: it fits machines that call machines, and no public API. HTTP/2 does not make up for it, and a
    certificate that is merely welcome proves nothing.
    """
    mode = function.transport.then(lambda transport: transport.client_certificates)
    if mode.need() is not ClientCertificates.REQUIRED:
        yield Hit(
            message=f"Client certificates are {'optional' if mode.need() is ClientCertificates.OPTIONAL else 'off'}",
            evidence=(cite(mode, f"client certificates: {mode.need()}"),),
        )
