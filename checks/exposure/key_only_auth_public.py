"""Flags public HTTP handlers that ask for nothing but a shared key."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import unauthenticated_paths
from auditor.check import Context, Evidence, Fix, Hit, ProfileLevel, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Let callers prove who they are: turn on the platform's login and require it, or put API Management in front with a"
        " token check. Keep the key as a second fence, and hand each caller one of its own.",
        command="az webapp auth update --resource-group {group} --name {app}{of_slot} --enabled true --action Return401",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    unauthenticated_action = "Return401"

    active_directory_v2 {
      client_id            = "<client id>"
      tenant_auth_endpoint = "https://login.microsoftonline.com/<tenant id>/v2.0"
    }
    login {}
  }
}""",
    ),
}


@check(
    id="key-only-auth-public",
    title="Public handler is protected by a shared key only",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    profile_level=ProfileLevel.STRICT,
    while_running=True,
    covers=("az-func-key-only-auth-public",),
    controls=("MCSB:IM-1", "NIST-800-53:IA-2", "CSA-SAS:SAS-2", "OWASP-SLS:S2"),
    cwe=287,
)
def key_only_auth_public(function: Function, _context: Context) -> Iterator[Hit]:
    """A function key is a password that all callers share, travels in URLs and never expires.

    It stands in logs, browser histories and scripts, and tells nobody apart: who has it is whoever has it. Reported
    where neither the network, nor the platform's login, nor a client certificate asks for more. An opinion: it is the
    platform's default, and ingress-open reports the open network.
    """
    for door in unauthenticated_paths(function):
        if door.key:
            yield Hit(
                message=door.what,
                evidence=tuple(Evidence(source, detail) for source, detail in door.proof),
                locus=door.locus,
            )
