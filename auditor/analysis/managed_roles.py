"""What the vendors' own audit roles let us read, what they do not, and which checks that costs.

The roles are an excerpt of a dated data set; the costs were found by replaying the bundled company at full depth with
each operation refused: the checks that lost a verdict somewhere.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any, Final, Protocol

from auditor.model.ids import Cloud

_NEEDS_NONE: Final = frozenset({"sts:GetCallerIdentity"})
"""Calls that AWS answers to whoever is signed in (STS API reference: "no permissions are required")."""


@dataclass(frozen=True, slots=True)
class ManagedRole:
    """A role or policy that a vendor maintains. ``allows`` and ``excludes`` are patterns with ``*``, of any case.

    What it allows on some resources only is ``action resource``, one pattern for each.
    """

    name: str
    id: str
    allows: tuple[str, ...]
    excludes: tuple[str, ...]

    def grants(self, permission: str, resource: str = "") -> bool:
        """Whether it holds a permission, on a resource where an operation names one."""
        wanted = permission.lower()
        if any(fnmatchcase(wanted, pattern.lower()) for pattern in self.excludes):
            return False
        return permission in _NEEDS_NONE or any(
            fnmatchcase(name, pattern.lower())
            for name in (wanted, f"{wanted} {resource.lower()}")
            for pattern in self.allows
        )


class Need(Protocol):
    """What an operation needs: see :class:`auditor.provider.Operation`."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def permission(self) -> str:
        """What allows it."""

    @property
    def resource(self) -> str:
        """What the permission is needed on, "" where that does not matter."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A permission that none of the roles holds, and the checks that it costs."""

    permission: str
    checks: tuple[str, ...]


def managed_roles(cloud: Cloud) -> dict[str, ManagedRole]:
    """The roles we know of a cloud, by name."""
    return {
        name: ManagedRole(name, row["id"], tuple(row["allows"]), tuple(row["excludes"]))
        for name, row in _read("managed_roles.json")["roles"][cloud.value].items()
    }


def data_as_of() -> tuple[str, str]:
    """The source of the roles, and the day it was read (ISO)."""
    data = _read("managed_roles.json")
    return data["source"], data["date"]


def kinds(cloud: Cloud) -> frozenset[str]:
    """The kinds of resources that the excerpt holds."""
    return frozenset(_read("managed_roles.json")["kinds"][cloud.value])


def kind_of(cloud: Cloud, permission: str) -> str:
    """What a permission is about: its service on AWS and Azure, service and resource on Google Cloud."""
    if cloud is Cloud.AWS:
        return permission.partition(":")[0]
    if cloud is Cloud.AZURE:
        return permission.partition("/")[0]
    return permission.rpartition(".")[0]


def lacking(cloud: Cloud, needs: Iterable[Need], roles: Iterable[ManagedRole]) -> tuple[Lacking, ...]:
    """What the roles, held together, do not hold, sorted. ``needs`` are the operations that would be made."""
    held = tuple(roles)
    lost: dict[str, set[str]] = {}
    costs = operation_costs(cloud)
    for operation in needs:
        if not any(role.grants(operation.permission, operation.resource) for role in held):
            lost.setdefault(operation.permission, set()).update(costs.get(operation.id, ()))
    return tuple(Lacking(permission, tuple(sorted(checks))) for permission, checks in sorted(lost.items()))


def operation_costs(cloud: Cloud) -> Mapping[str, tuple[str, ...]]:
    """By operation, the checks that lose a verdict where it is refused."""
    return {name: tuple(checks) for name, checks in _read("operation_costs.json")[cloud.value].items()}


@cache
def _read(file: str) -> dict[str, Any]:
    text = files("auditor.analysis").joinpath("data", file).read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
