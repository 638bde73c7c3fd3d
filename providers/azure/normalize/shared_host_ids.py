"""Which apps keep their locks under the same host id in the same storage account."""

from collections.abc import Iterator
from functools import reduce
from typing import NamedTuple

from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, graver
from providers.azure.normalize.answers import Answers, known
from providers.azure.normalize.settings import SETTINGS, AppSettings, Setting
from providers.azure.normalize.sites import Site

_LONGEST = 32
"""The host shortens an app's name to this length to make its id."""

_HOST_ID = "AzureFunctionsWebHost__hostId"
_STORAGE = "AzureWebJobsStorage"
_GONE = frozenset({GapReason.NOT_FOUND, GapReason.NOT_OFFERED})
"""Apps without settings share nothing: they no longer exist, or are nothing that has a host."""


class _Part(NamedTuple):
    """A host id or a storage account: the text itself where it is ``told``, else a mark of what was not kept.

    ``literal`` is the length of a value that stands in the setting itself; 0 for one that a reference stands for.
    """

    mark: str
    told: bool
    literal: int = 0

    def may_be(self, other: "_Part") -> bool:
        """Whether both may stand for the same."""
        if self.mark == other.mark:
            return True
        if self.told == other.told and (self.told or (self.literal and other.literal)):
            return False  # two texts, or the digests of two texts
        return not self.literal or not other.literal or self.literal == other.literal


class _Key(NamedTuple):
    host: _Part
    storage: _Part


class HostIds:
    """The host ids of every app that was read, in whatever subscription, and why others may be unknown."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], list[str]] = {}
        self._keys: dict[str, Observed[_Key | None]] = {}
        self._untold: dict[str, tuple[str, _Key]] = {}
        self._told: dict[str, list[tuple[str, str, _Key]]] = {}
        self._unread: list[tuple[str, Gap]] = []

    def add(self, site: Site, settings: Observed[AppSettings]) -> None:
        """Notes the id of an app."""
        if isinstance(settings, Unknown):
            self._keys[site.id] = settings
            if settings.gap.reason not in _GONE:
                self._unread.append((site.id, settings.gap))
            return
        key = _key(site, settings.value)
        self._keys[site.id] = known(key, settings.source) if key is None else Known(key, settings.source)
        if key is None:
            return
        self._names.setdefault((key.host.mark, key.storage.mark), []).append(site.name)
        if key.host.told and key.storage.told:
            self._told.setdefault(key.storage.mark, []).append((site.id, site.name, key))
        else:
            self._untold[site.id] = (site.name, key)

    def unlisted(self, gap: Gap) -> None:
        """Notes why an app may exist of which nothing is known."""
        self._unread.append(("", gap))

    def sharing(self, site: Site) -> Observed[tuple[str, ...]]:
        """The other apps with the id and the storage account of this one."""
        key = self._keys[site.id]
        if isinstance(key, Unknown):
            return key
        if key.value is None:
            return known((), key.source)
        own = key.value
        named = self._names[own.host.mark, own.storage.mark]
        others = tuple(sorted(name for name in named if name != site.name))
        if others:
            return known(others, key.source)
        doubts = [gap for other, gap in self._unread if other != site.id]
        doubts.extend(self._doubts(site, own))
        if not doubts:
            return known((), key.source)
        return Unknown(reduce(graver, doubts[1:], doubts[0]))

    def _doubts(self, site: Site, own: _Key) -> Iterator[Gap]:
        """The apps that may share the id, though what was read of them cannot tell."""
        others = [(identifier, *noted) for identifier, noted in self._untold.items()]
        if site.id in self._untold:
            others.extend(entry for entries in self._told.values() for entry in entries)
        for identifier, name, key in others:
            if identifier != site.id and own.host.may_be(key.host) and own.storage.may_be(key.storage):
                yield _doubt(site.answers, name, site.id)


def _doubt(answers: Answers, other: str, resource: str) -> Gap:
    message = (
        f"whether {other} has the same host id and storage account cannot be told: a setting refers to a stored value"
    )
    return answers.gap(SETTINGS, GapReason.NOT_COLLECTED, message, resource)


def _default(site: Site) -> str:
    name = f"{site.parts.app}-{site.parts.slot}" if site.parts.slot else site.parts.app
    return name[:_LONGEST].rstrip("-").lower()


def _key(site: Site, settings: AppSettings) -> _Key | None:
    """None where no storage account is configured: then there is nothing to share."""
    storage = settings.get(_STORAGE)
    account = settings.get(f"{_STORAGE}__accountName")
    addresses = (settings.get(f"{_STORAGE}__{service}ServiceUri") for service in ("blob", "queue", "table"))
    address = next((found for found in addresses if found is not None), None)
    if storage is not None:
        place = _storage(site, storage)
    elif account is not None:
        place = _literal(site, account)
    elif address is not None:
        place = _addressed(site, address)
    else:
        return None
    own = settings.get(_HOST_ID)
    host = _Part(_default(site), told=True, literal=len(_default(site))) if own is None else _literal(site, own)
    return _Key(host, place)


def _storage(site: Site, setting: Setting) -> _Part:
    account = setting.about.get("account")
    return _Part(account.lower(), told=True) if account else _hidden(site, setting)


def _addressed(site: Site, setting: Setting) -> _Part:
    value = setting.variable.value
    account = value.partition("//")[2].partition(".")[0].lower() if value else ""
    return _Part(account, told=True) if account else _hidden(site, setting)


def _literal(site: Site, setting: Setting) -> _Part:
    value = setting.variable.value
    if value:
        return _Part(value.lower(), told=True, literal=len(value))
    hidden = _hidden(site, setting)
    return hidden if setting.referred else hidden._replace(literal=setting.variable.length)


def _hidden(site: Site, setting: Setting) -> _Part:
    """A value of which only the digest was kept; a stored one has none, so it is nobody else's for certain."""
    return _Part(f"stored {site.id}" if setting.stored else f"digest {setting.variable.digest}", told=False)
