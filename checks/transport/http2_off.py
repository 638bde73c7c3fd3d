"""Flags functions that have HTTP/2 disabled."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Enable HTTP/2; clients that do not support it keep using HTTP/1.1.",
        breaks="Client certificates by renegotiation do not work over HTTP/2, so leave it off where certificates"
        " are required on some paths only; the app restarts.",
        command="az functionapp config set --resource-group {group} --name {app}{of_slot} --http20-enabled true",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    http2_enabled = true
  }
}""",
    ),
}


@check(
    id="http2-off",
    title="HTTP/2 is disabled",
    risk=Risk.TRANSPORT,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-http2",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-common",),
    profile_level=ProfileLevel.STRICT,
)
def http2_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Benchmarks ask for HTTP/2 because it brings newer cipher suites and fewer connections, not because HTTP/1.1 is
    broken.

    An opinion, then. It conflicts with client certificates that are required on some paths only, because HTTP/2 forbids
    the renegotiation they need.
    """
    spoken = function.transport.then(lambda transport: transport.http2)
    if not spoken.need():
        yield Hit(
            message=f"Function app {function.name} has HTTP/2 disabled",
            evidence=(cite(spoken, "http20Enabled = false"),),
        )
