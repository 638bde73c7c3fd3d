"""What permissions of Azure and Google Cloud lead to: a dated table of techniques (``data/role_techniques.json``)."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from auditor.model.ids import Cloud

ROLE_CLOUDS: Final = (Cloud.AZURE, Cloud.GCP)
"""The clouds that grant by roles."""
_SITE: Final = "microsoft.web/sites/"
_SLOT: Final = "/slots/"


class TargetKind(StrEnum):
    """What has to exist for a technique to lead somewhere."""

    GRANT = "grant"
    """The scope of the role itself."""
    OWN_ROLE = "own-role"
    """A custom role that its holder has."""
    AGENT = "agent"
    """The account that the platform itself uses."""
    IDENTITY = "identity"
    FUNCTION = "function"
    HOST_BLOBS = "host-blobs"
    """The blobs in which an app keeps its code or keys."""
    HOST_FILES = "host-files"
    """The file share in which an app keeps its code."""
    HOST_KEYS = "host-keys"
    """The keys of the storage account in which an app keeps its code or keys."""
    MACHINE = "machine"
    AUTOMATION = "automation"
    WORKFLOW = "workflow"
    CLUSTER = "cluster"
    NONE = "none"
    """Nothing: a capability, which leads to no other principal by itself."""


class Where(StrEnum):
    """Where a further permission has to be held."""

    ANYWHERE = "anywhere"
    ACCOUNT = "account"
    """In the account of the target."""
    IDENTITY = "identity"
    """On the identity that the target runs as."""


HOST_STORAGE: Final = (TargetKind.HOST_BLOBS, TargetKind.HOST_FILES, TargetKind.HOST_KEYS)


@dataclass(frozen=True, slots=True)
class Further:
    """What a technique needs besides: any of some permissions."""

    where: Where
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Technique:
    """One way from permissions to more. ``words`` says what its user does, with ``{target}``."""

    id: str
    capability: str
    target: TargetKind
    words: str
    permissions: frozenset[str]
    also: tuple[Further, ...]
    above_only: bool
    takes_over: bool
    doubt: str
    account: str

    def on(self, target: str) -> frozenset[str]:
        """The permissions as they are called on one resource: those of its type, and of a slot those of slots."""
        if self.target is not TargetKind.FUNCTION or not target.startswith("/"):
            return self.permissions
        kind = "/".join(target.split("/", 8)[6:8])  # /subscriptions/<id>/resourcegroups/<name>/providers/<kind>/...
        return _of_type(self.permissions, kind, slot=_SLOT in target)

    @property
    def everywhere(self) -> frozenset[str]:
        """The permissions in every form."""
        return _in_every_form(self.permissions)


@lru_cache(maxsize=512)
def _in_every_form(permissions: frozenset[str]) -> frozenset[str]:
    return permissions | {each.replace(_SITE, f"{_SITE}slots/", 1) for each in permissions}


@lru_cache(maxsize=4096)
def _of_type(permissions: frozenset[str], kind: str, *, slot: bool) -> frozenset[str]:
    kept = (each for each in permissions if each.startswith(f"{kind}/"))
    return frozenset(each.replace(_SITE, f"{_SITE}slots/", 1) if slot else each for each in kept)


@cache
def techniques(cloud: Cloud) -> tuple[Technique, ...]:
    """The techniques of a cloud, gravest first."""
    return tuple(_technique(row) for row in _table().get(cloud.value, ()))


@cache
def permissions_of(cloud: Cloud) -> frozenset[str]:
    """Every permission that a technique of a cloud asks about, those of slots included."""
    found: set[str] = set()
    for technique in techniques(cloud):
        found |= technique.everywhere
        for further in technique.also:
            found |= further.permissions
    return frozenset(found)


def data_as_of() -> tuple[str, str]:
    """The source of the table, and its day (ISO)."""
    return _table()["source"], _table()["date"]


def _technique(row: dict[str, Any]) -> Technique:
    return Technique(
        id=row["id"],
        capability=row["capability"],
        target=TargetKind(row["target"]),
        words=row["words"],
        permissions=frozenset(row["permissions"]),
        also=tuple(Further(Where(each["where"]), frozenset(each["permissions"])) for each in row.get("also", ())),
        above_only=row.get("above_only", False),
        takes_over=row.get("takes_over", True),
        doubt=row.get("doubt", ""),
        account=row.get("account", ""),
    )


@cache
def _table() -> dict[str, Any]:
    text = files("auditor.analysis").joinpath("data", "role_techniques.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
