"""Flags functions whose minimum TLS cipher suite is not set, or is a weak one."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set the minimum cipher suite to one with forward secrecy and authenticated encryption.",
        breaks="Clients that support only weaker cipher suites are refused.",
        command="az resource update --ids {id}/config/web --set properties.minTlsCipherSuite=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    minimum_tls_cipher_suite = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" # where the provider version supports it
  }
}""",
    ),
}


@check(
    id="cipher-suite-weak",
    title="Weak TLS cipher suites are allowed",
    risk=Risk.TRANSPORT,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-tls-cipher-suite",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/overview-tls",),
    cwe=327,
    profile_level=ProfileLevel.STRICT,
)
def cipher_suite_weak(function: Function, _context: Context) -> Iterator[Hit]:
    """Cipher suites with CBC have a long history of padding attacks, and those with RSA key exchange lack forward
    secrecy: traffic recorded today can be decrypted once the private key leaks.

    An opinion: modern clients negotiate stronger suites by themselves, and the setting is not offered on every plan.
    """
    suite = function.transport.then(lambda transport: transport.cipher_suite)
    minimum = suite.need()
    if minimum is None:
        yield Hit(
            message=f"Function app {function.name} sets no minimum TLS cipher suite",
            evidence=(cite(suite, "minTlsCipherSuite = null"),),
        )
    elif "_CBC_" in minimum or minimum.startswith("TLS_RSA_"):
        yield Hit(
            message=f"Function app {function.name} allows the weak TLS cipher suite {minimum} as its minimum",
            evidence=(cite(suite, f"minTlsCipherSuite = {minimum}"),),
        )
