"""Switches that Azure may leave out or null, with the value that its reference documents for that.

A member that is null was never set. One that is left out altogether may also be damage: there the default counts only
where it is the weaker setting, so that a damaged answer never makes anything look safe.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from providers.azure.normalize.fields import flag, given, record


class _Default(NamedTuple):
    """``absent``: it also counts where the member is left out."""

    value: bool
    absent: bool


_SWITCHES: Final[Mapping[str, _Default]] = {
    # Microsoft.Web/sites
    "clientAffinityEnabled": _Default(value=True, absent=True),
    "clientCertEnabled": _Default(value=False, absent=True),
    "sshEnabled": _Default(value=True, absent=True),
    "storageAccountRequired": _Default(value=False, absent=True),
    "vnetBackupRestoreEnabled": _Default(value=False, absent=True),
    "vnetContentShareEnabled": _Default(value=False, absent=True),
    "vnetImagePullEnabled": _Default(value=False, absent=True),
    "vnetRouteAllEnabled": _Default(value=False, absent=True),
    # Microsoft.Web/sites/config web
    "acrUseManagedIdentityCreds": _Default(value=False, absent=True),
    "alwaysOn": _Default(value=False, absent=True),
    "autoHealEnabled": _Default(value=False, absent=True),
    "http20Enabled": _Default(value=True, absent=False),
    "localMySqlEnabled": _Default(value=False, absent=False),
    "remoteDebuggingEnabled": _Default(value=False, absent=False),
    "scmIpSecurityRestrictionsUseMain": _Default(value=False, absent=True),
    "use32BitWorkerProcess": _Default(value=False, absent=False),
    "webSocketsEnabled": _Default(value=False, absent=False),
    # Microsoft.Web/serverfarms
    "zoneRedundant": _Default(value=False, absent=True),
    # Microsoft.Storage/storageAccounts, Microsoft.ServiceBus and Microsoft.EventHub namespaces, registries
    "adminUserEnabled": _Default(value=False, absent=False),
    "allowBlobPublicAccess": _Default(value=True, absent=True),
    "allowSharedKeyAccess": _Default(value=True, absent=True),
    "disableLocalAuth": _Default(value=False, absent=True),
    "supportsHttpsTrafficOnly": _Default(value=True, absent=False),
}
"""ARM template references of the resource types (learn.microsoft.com/azure/templates, as of 2026-11), and the pages on
anonymous access and shared keys of storage accounts for what was never set there.
"""


def switch(body: dict[str, Any], key: str) -> bool:
    """A switch, or its documented default where it was never set. Raises UnreadableError where it is damaged."""
    if not given(body, key):
        default = _SWITCHES[key]
        if default.absent or key in record(body):
            return default.value
    return flag(body, key)
