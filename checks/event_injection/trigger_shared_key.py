"""Flags triggers that authenticate to their event source with a shared key or signed URL."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.host_storage import HOST_CONNECTION, signs_in_with_key
from auditor.analysis.triggers import connection_of, heavier, known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger, TriggerAuthentication

FIX = {
    Cloud.AZURE: Fix(
        text="Use the managed identity of the app: grant it the data role on the source, set"
        " <connection>__fullyQualifiedNamespace (or __accountName) and remove the connection string. The extension"
        " version must support identity-based connections.",
        breaks="The trigger stops until the identity has its role on the source, and other apps that use the same"
        " key fail once it is rotated; the app restarts.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot}"
        " --settings {setting}={place}\n"
        "az functionapp config appsettings delete --resource-group {group} --name {app}{of_slot} --setting-names {connection}",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    "{setting}" = "{place}"
  }
}""",
    ),
}

_HOSTS = frozenset({HOST_CONNECTION, "storage"})


@check(
    id="trigger-shared-key",
    aliases=("trigger-login-key",),
    title="Trigger connection uses a shared key",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-trigger-connection-key",),
    facet_of=("env-secret-value",),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-reference",
        "https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity",
    ),
    cwe=522,
)
def trigger_shared_key(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal that can read the app setting has a key that can write events as well as read them, from any
    network and without expiry. A managed identity needs no key, can be limited to one queue and is recorded in the
    log. A key stored in a vault passes, and a trigger on the host storage account is reported by
    host-storage-shared-key. Reading app settings needs the opt-in permission; without it the verdict is unknown.
    """
    gap: Gap | None = None
    for _group, trigger, locus in known_triggers(function):
        if not isinstance(trigger.authentication, Known):
            gap = heavier(gap, trigger.authentication.gap)
        elif trigger.authentication.value is TriggerAuthentication.KEY:
            connection, setting, place = _setting(function, trigger)
            if connection.lower() in _HOSTS and signs_in_with_key(function):
                continue  # host-storage-shared-key reports it
            yield Hit(
                message=f"Trigger {trigger.handler or trigger.service} of {function.name} authenticates to"
                f" {trigger.source or 'its event source'} with a shared key",
                evidence=(cite(trigger.authentication, f"{locus}: the connection holds a key"),),
                locus=locus,
                site=sites.setting(function, connection),
                values={"connection": connection, "setting": setting, "place": place},
            )
    raise_unread(function, gap)


def _setting(function: Function, trigger: Trigger) -> tuple[str, str, str]:
    """The connection, as its handler names it; the setting that names the source without a key, and what it holds."""
    connection = connection_of(function, trigger) or "<connection>"
    if trigger.service == "storage":
        return connection, f"{connection}__accountName", "<account>"
    return connection, f"{connection}__fullyQualifiedNamespace", "REPLACE-namespace.servicebus.windows.net"
