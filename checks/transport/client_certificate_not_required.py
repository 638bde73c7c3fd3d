"""Flags functions that do not require a client certificate."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.model.transport import ClientCertificates

FIX = {
    Cloud.AZURE: Fix(
        text="Require client certificates if every caller is a machine that can be given one. The platform checks"
        " only that a certificate is present: the code must verify whose it is.",
        breaks="Callers without a certificate are refused: browsers and webhooks stop working.",
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
    references=("https://learn.microsoft.com/en-us/azure/app-service/app-service-web-configure-tls-mutual-auth",),
    cwe=295,
    profile_level=ProfileLevel.STRICT,
)
def client_certificate_not_required(function: Function, _context: Context) -> Iterator[Hit]:
    """Mutual TLS rejects a caller that holds a leaked key but no certificate before any of the app's code runs.

    An opinion: it suits machine-to-machine traffic, not public APIs. HTTP/2 does not replace it, and an optional
    certificate authenticates no one.
    """
    mode = function.transport.then(lambda transport: transport.client_certificates)
    if mode.need() is not ClientCertificates.REQUIRED:
        yield Hit(
            message=f"Function app {function.name} does not require client certificates ({mode.need()})",
            evidence=(cite(mode, f"client certificates: {mode.need()}"),),
        )
