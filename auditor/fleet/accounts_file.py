"""Reads a file of accounts: our own (TOML, or YAML with the same keys), or c7n-org's ``accounts.yml`` as it is.

``accounts`` holds AWS accounts (``account_id``, ``name``, ``role``: a name, an ARN, or a list of which each is assumed
from the one before, ``external_id``, ``regions``, ``profile``), ``subscriptions`` those of Azure
(``subscription_id``), ``projects`` those of Google Cloud (``project_id``). Other keys (``tags``, ``vars``, ``email``)
are nothing to a scan and are passed over, unless one looks like a misspelt key of ours.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from auditor.errors import UsageError, suggestion
from auditor.input_faults import shown, syntax

_LARGEST: Final = 1 << 24
"""Bytes of a file of accounts: an organization of 50,000 has a tenth of it."""

_ACCOUNT: Final = re.compile(r"\d{12}")
_SECTIONS: Final = ("accounts", "subscriptions", "projects")
_OURS: Final = ("account_id", "name", "role", "external_id", "regions", "profile")
_PASSED_OVER: Final = frozenset({"tags", "vars", "email", "display_name"})
_EVERY_REGION: Final = "all"


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """An AWS account of the file. ``roles`` are names or ARNs, each assumed from the one before; none: as we are."""

    id: str
    name: str = ""
    roles: tuple[str, ...] = ()
    external_id: str | None = None
    regions: tuple[str, ...] = ()
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class AccountsFile:
    """What a file lists, by cloud."""

    accounts: tuple[ListedAccount, ...] = ()
    subscriptions: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()


def read_accounts(path: Path) -> AccountsFile:
    """Reads a file. Raises UsageError for what cannot be read, or lists nothing."""
    document = _document(path)
    if not isinstance(document, Mapping) or not any(section in document for section in _SECTIONS):
        raise UsageError(f"{path} lists nothing: it needs {', '.join(_SECTIONS[:-1])} or {_SECTIONS[-1]}.")
    accounts = tuple(_account(path, number, row) for number, row in enumerate(_rows(path, document, "accounts"), 1))
    ids = [account.id for account in accounts]
    for name in ids:
        if ids.count(name) > 1:
            raise UsageError(f"{path} lists account {name} twice.")
    return AccountsFile(
        accounts,
        _named(path, document, "subscriptions", "subscription_id"),
        _named(path, document, "projects", "project_id"),
    )


def _document(path: Path) -> Any:
    import yaml  # noqa: PLC0415 - only for a run that names a file

    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise UsageError(f"{path} is larger than a file of accounts can be.")
        text = content.decode("utf-8")
        if path.suffix == ".toml":
            return tomllib.loads(text)
        # every scalar stays the text it is: an account id that is not quoted must not lose its zeros
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and mappings only
    except OSError as unreadable:
        raise UsageError(f"{path} cannot be read: {unreadable.strerror}.") from unreadable
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, yaml.YAMLError, RecursionError) as broken:
        kind = "TOML" if path.suffix == ".toml" else "YAML"
        raise UsageError(f"{path} {syntax(kind, broken)}.") from broken


def _rows(path: Path, document: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    rows = document.get(section) or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise UsageError(f"{path}: {section} must be a list of tables.")
    return rows


def _named(path: Path, document: Mapping[str, Any], section: str, key: str) -> tuple[str, ...]:
    names = [row.get(key) for row in _rows(path, document, section)]
    for number, name in enumerate(names, 1):
        if not isinstance(name, str) or not name:
            raise UsageError(f"{path}: entry {number} of {section} has no {key}.")
    return tuple(map(str, names))


def _account(path: Path, number: int, row: Mapping[str, Any]) -> ListedAccount:
    where = f"{path}: entry {number} of accounts"
    for key in row:
        near = suggestion(str(key), _OURS)
        if key not in _OURS and key not in _PASSED_OVER and near != ".":
            raise UsageError(f"{where}: {key!r} is not a key{near}")
    name = row.get("account_id")
    if not isinstance(name, str) or not _ACCOUNT.fullmatch(name):
        raise UsageError(f"{where}: account_id must be the 12 digits of an AWS account, as text, not {shown(name)}.")
    regions = _texts(where, row, "regions")
    return ListedAccount(
        name,
        _text(where, row, "name") or "",
        _texts(where, row, "role"),
        _text(where, row, "external_id"),
        () if _EVERY_REGION in regions else regions,
        _text(where, row, "profile"),
    )


def _text(where: str, row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{where}: {key} must be a text.")
    return value or None


def _texts(where: str, row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """One text or a list of them."""
    value = row.get(key) or []
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(each, str) and each for each in texts):
        raise UsageError(f"{where}: {key} must be a text or a list of texts.")
    return tuple(texts)
