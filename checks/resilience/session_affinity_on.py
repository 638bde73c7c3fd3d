"""Flags function apps that pin callers to one instance."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Switch affinity off: functions keep no session.",
        command="az resource update --ids {id} --set properties.clientAffinityEnabled=false",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"
  client_affinity_enabled = false # azurerm_windows_function_app has it under site_config
}""",
    ),
}


@check(
    id="session-affinity-on",
    title="Session affinity is enabled",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-client-affinity",),
    controls=("NIST-800-53:SC-5",),
    profile_level=ProfileLevel.STRICT,
)
def session_affinity_on(function: Function, _context: Context) -> Iterator[Hit]:
    """Affinity sets a cookie and sends a caller to the same worker again, so load is spread unevenly and one slow worker
    keeps its victims. An opinion: with little traffic nobody notices.
    """
    pinned = function.hosting.then(lambda hosting: hosting.session_affinity)
    if pinned.need():
        yield Hit(message="Session affinity is on", evidence=(cite(pinned, "clientAffinityEnabled = true"),))
