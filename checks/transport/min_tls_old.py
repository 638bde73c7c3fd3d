"""Flags functions that accept TLS versions older than 1.2."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set the minimum to TLS 1.2. The access log of a proxy or gateway in front of the app shows which do.",
        breaks="Clients that support only versions before TLS 1.2 are refused.",
        command="az functionapp config set --resource-group {group} --name {app}{of_slot} --min-tls-version 1.2",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    minimum_tls_version = "1.2"
  }
}""",
    ),
}


@check(
    id="min-tls-old",
    title="Function accepts TLS older than 1.2",
    risk=Risk.TRANSPORT,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-min-tls", "az-func-slot-min-tls"),
    references=("https://learn.microsoft.com/en-us/azure/app-service/overview-tls",),
    cwe=327,
)
def min_tls_old(function: Function, _context: Context) -> Iterator[Hit]:
    """TLS 1.0 and 1.1 rest on broken hashes and ciphers, and standards for payment and health data forbid them.

    An attacker on the network path can downgrade both sides to the oldest version they share; the minimum version
    prevents it. A version that the API does not return is unknown here, never old.
    """
    minimum = function.transport.then(lambda transport: transport.min_tls)
    if minimum.need() in ("1.0", "1.1"):
        yield Hit(
            message=f"Function app {function.name} accepts TLS {minimum.need()}",
            evidence=(cite(minimum, f"minTlsVersion = {minimum.need()}"),),
        )
