"""Which apps keep their locks under the same host id in the same storage account."""

from typing import NamedTuple

from auditor.model.observed import Gap, Known, Observed, Unknown
from providers.azure.normalize.answers import known
from providers.azure.normalize.settings import AppSettings
from providers.azure.normalize.sites import Site

_LONGEST = 32
"""The host shortens an app's name to this length to make its id."""

_HOST_ID = "AzureFunctionsWebHost__hostId"
_STORAGE = "AzureWebJobsStorage"


class _Key(NamedTuple):
    host: str
    storage: str


class HostIds:
    """The host ids of every app that was read."""

    def __init__(self) -> None:
        self._names: dict[_Key, list[str]] = {}
        self._keys: dict[str, Observed[_Key | None]] = {}
        self._unread: dict[str, list[tuple[str, Gap]]] = {}

    def add(self, site: Site, settings: Observed[AppSettings]) -> None:
        """Notes the id of an app."""
        if isinstance(settings, Unknown):
            self._keys[site.id] = settings
            self._unread.setdefault(_default(site), []).append((site.id, settings.gap))
            return
        key = _key(site, settings.value)
        self._keys[site.id] = known(key, settings.source) if key is None else Known(key, settings.source)
        if key is not None:
            self._names.setdefault(key, []).append(site.name)

    def sharing(self, site: Site) -> Observed[tuple[str, ...]]:
        """The other apps with the id and the storage account of this one."""
        key = self._keys[site.id]
        if isinstance(key, Unknown):
            return key
        if key.value is None:
            return known((), key.source)
        others = tuple(sorted(name for name in self._names[key.value] if name != site.name))
        unread = [gap for other, gap in self._unread.get(key.value.host, ()) if other != site.id]
        return Unknown(unread[0]) if unread and not others else known(others, key.source)


def _default(site: Site) -> str:
    name = f"{site.parts.app}-{site.parts.slot}" if site.parts.slot else site.parts.app
    return name[:_LONGEST].rstrip("-")


def _key(site: Site, settings: AppSettings) -> _Key | None:
    """None where no storage account is configured: then there is nothing to share."""
    storage = settings.get(_STORAGE)
    account = settings.get(f"{_STORAGE}__accountName")
    if storage is not None:
        place = storage.about.get("account") or f"digest {storage.variable.digest}"
    elif account is not None:
        place = account.variable.value or f"digest {account.variable.digest}"
    else:
        return None
    own = settings.get(_HOST_ID)
    return _Key(f"digest {own.variable.digest}" if own is not None else _default(site), place.lower())
