"""Flags functions whose management (SCM) site accepts TLS versions older than 1.2."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set the minimum TLS version of the management (SCM) site to 1.2; it is a separate setting.",
        breaks="Deployment tools that are more than ten years old can no longer connect.",
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
    references=("https://learn.microsoft.com/en-us/azure/app-service/overview-tls",),
    cwe=327,
)
def management_min_tls_old(function: Function, _context: Context) -> Iterator[Hit]:
    """Code, publishing passwords and app settings travel through the management (SCM, Kudu) site.

    Its minimum TLS version is separate from that of the app: raising one leaves the other. Intercepting this traffic
    gains an attacker more than intercepting the function's own.
    """
    minimum = function.transport.then(lambda transport: transport.management_min_tls)
    if minimum.need() in ("1.0", "1.1"):
        yield Hit(
            message=f"The management (SCM) site of function app {function.name} accepts TLS {minimum.need()}",
            evidence=(cite(minimum, f"scmMinTlsVersion = {minimum.need()}"),),
        )
