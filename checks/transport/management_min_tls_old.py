"""Flags functions whose management site accepts TLS versions older than 1.2."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set the minimum of the management (SCM) site to TLS 1.2; it is a setting of its own. Deployment tools older"
        " than ten years may fail.",
        command="az resource update --ids {id}/config/web --set properties.scmMinTlsVersion=1.2",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    scm_minimum_tls_version = "1.2"
  }
}""",
    ),
}


@check(
    id="management-min-tls-old",
    title="Management site (SCM) accepts TLS older than 1.2",
    risk=Risk.TRANSPORT,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-scm-min-tls",),
    controls=("CIS-Azure-Compute-2.0:2.3.7", "MCSB:NS-8", "NIST-800-53:SC-8(1)"),
    cwe=327,
)
def management_min_tls_old(function: Function, _context: Context) -> Iterator[Hit]:
    """Code, publishing passwords and the settings of the app travel through the management (Kudu) site.

    Its minimum version is set apart from that of the app, and raising one leaves the other. What an attacker on the
    path gains here is worth more than an answer of the function.
    """
    minimum = function.transport.then(lambda transport: transport.management_min_tls)
    if minimum.need() in ("1.0", "1.1"):
        yield Hit(
            message=f"The management site accepts TLS {minimum.need()}",
            evidence=(cite(minimum, f"scmMinTlsVersion = {minimum.need()}"),),
        )
