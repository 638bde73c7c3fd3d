"""Flags functions whose host accepts WebSockets."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Disable WebSockets: no trigger uses them.",
        breaks="Custom handlers that use WebSockets stop working; the app restarts.",
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
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-common",),
    profile_level=ProfileLevel.STRICT,
)
def web_sockets_on(function: Function, _context: Context) -> Iterator[Hit]:
    """No function trigger uses WebSockets, and CORS rules do not apply to them. Opinionated: without code that
    handles them the connection is rejected anyway. Disabling an unused feature reduces the attack surface.
    """
    accepted = function.hosting.then(lambda hosting: hosting.web_sockets)
    if accepted.need():
        yield Hit(
            message=f"WebSockets are enabled on {function.name}", evidence=(cite(accepted, "webSocketsEnabled = true"),)
        )
