"""What of a function app lies in the storage account of its host: by that, who writes there changes what runs.

Flex Consumption runs the package of a blob container, Consumption and Premium plans the files of a content share. Keys
of the app kept in blobs can be replaced there, which opens its administration.
"""

from collections.abc import Iterator

from auditor.analysis.permissions.role_techniques import TargetKind
from auditor.model.deployment import KeyStore
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.observed import Gap, GapReason, Known
from auditor.model.storage import HostStorage

_KEYS = "the keys that it holds have to open the files of the app"
_ACCOUNTS = "graph:StorageAccounts"
_UNREAD = "where the app keeps its code and keys was not read"


def host_account(function: Function) -> HostStorage | None:
    """The storage account, where it is known and was found."""
    storage = function.storage
    host = storage.value.host if isinstance(storage, Known) else storage
    found = host.value if isinstance(host, Known) else None
    return found if found is not None and found.id.startswith("/") else None


def account_gap(function: Function) -> Gap | None:
    """Why the storage account of the host is not known, where the accounts could not be listed."""
    storage = function.storage
    host = storage.value.host if isinstance(storage, Known) else storage
    if isinstance(host, Known):
        named = host.value is not None and not host.value.id.startswith("/")
        unread = host.value.shared_key if named and host.value is not None else host
    else:
        unread = host
    gap = None if isinstance(unread, Known) else unread.gap
    listed = gap is None or gap.operation != _ACCOUNTS or gap.reason in (GapReason.NOT_OFFERED, GapReason.NOT_FOUND)
    return None if listed else gap


def stored(function: Function) -> Iterator[tuple[TargetKind, str]]:
    """The parts of the account that lead to the code, each with what is in doubt: "" where nothing is."""
    account = host_account(function)
    if account is None:
        return
    blobs, files = _in_blobs(function), _in_files(function)
    if blobs is not None:
        yield TargetKind.HOST_BLOBS, blobs
    if files is not None:
        yield TargetKind.HOST_FILES, files
    doubts = [doubt for doubt in (blobs, files) if doubt is not None]
    closed = isinstance(account.shared_key, Known) and not account.shared_key.value
    if doubts and not closed:
        yield TargetKind.HOST_KEYS, min(doubts, key=bool)


def _in_blobs(function: Function) -> str | None:
    if isinstance(function.hosting, Known) and function.hosting.value.kind is HostingKind.FLEX_CONSUMPTION:
        return ""
    store = function.deployment.then(lambda deployment: deployment.key_store)
    if not isinstance(store, Known):
        return _UNREAD
    return _KEYS if store.value is KeyStore.STORAGE else None


def _in_files(function: Function) -> str | None:
    content = function.deployment.then(lambda deployment: deployment.content_storage)
    if not isinstance(content, Known):
        return _UNREAD
    return "" if content.value is not None else None
