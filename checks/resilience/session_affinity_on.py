"""Flags function apps with session affinity."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Disable session affinity: functions keep no session.",
        breaks="Clients that rely on reaching the same worker no longer do.",
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
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-common",),
    profile_level=ProfileLevel.STRICT,
)
def session_affinity_on(function: Function, _context: Context) -> Iterator[Hit]:
    """Session affinity sets a cookie and sends a client to the same worker again, so that load is distributed unevenly
    and clients of a slow worker remain on it. Only a recommendation: with little traffic there is no effect.
    """
    pinned = function.hosting.then(lambda hosting: hosting.session_affinity)
    if pinned.need():
        yield Hit(
            message=f"Session affinity of function app {function.name} is enabled",
            evidence=(cite(pinned, "clientAffinityEnabled = true"),),
        )
