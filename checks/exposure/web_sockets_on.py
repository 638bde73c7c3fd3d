"""Flags functions whose host accepts WebSockets."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Switch WebSockets off: no trigger uses them. Custom handlers that speak WebSockets stop working.",
        command="az functionapp config set --resource-group {group} --name {app}{of_slot} --web-sockets-enabled false",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    websockets_enabled = false
  }
}""",
    ),
}


@check(
    id="web-sockets-on",
    title="WebSockets are enabled",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-websockets",),
    controls=("NIST-800-53:CM-7",),
    profile_level=ProfileLevel.STRICT,
)
def web_sockets_on(function: Function, _context: Context) -> Iterator[Hit]:
    """Nothing a function is started by uses WebSockets, and cross-origin rules do not hold for them.

    An opinion: without code that answers them the connection is refused anyway. What is not needed is best switched
    off, because it tells the next reader that nobody relies on it.
    """
    accepted = function.hosting.then(lambda hosting: hosting.web_sockets)
    if accepted.need():
        yield Hit(message="WebSockets are on", evidence=(cite(accepted, "webSocketsEnabled = true"),))
