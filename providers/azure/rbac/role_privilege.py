"""What a role amounts to where it holds, by what its definition allows; by a dated table where that was not read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from auditor.analysis.permissions.role_techniques import permissions_of
from auditor.model.identity import AssignmentLevel, RolePower
from auditor.model.ids import Cloud
from providers.azure.rbac.definitions import Permission, RoleDefinition
from providers.azure.rbac.scopes import level_of, type_of

_GRANTING = (
    "microsoft.authorization/roleassignments/write",
    "microsoft.authorization/roledefinitions/write",
)
_ELEVATING = "microsoft.authorization/elevateaccess/action"
"""Makes its holder User Access Administrator of everything; it can be allowed above subscriptions only."""

_WIDE = frozenset({AssignmentLevel.ORGANISATION, AssignmentLevel.ACCOUNT})


class Worth(NamedTuple):
    """What a role amounts to, and what it lets its holder become or change, gravest first."""

    power: RolePower
    reaches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Capability:
    id: str
    reaches: str
    actions: tuple[str, ...]
    data_actions: tuple[str, ...]
    wide_only: bool
    anywhere: bool

    def applies(self, level: AssignmentLevel, kind: str) -> bool:
        """Whether it means anything where a role holds: a role on a plan says nothing about the apps on it."""
        if self.wide_only:
            return level in _WIDE
        return self.anywhere or any(_within(action, kind) for action in self.actions)

    def allowed(self, permissions: tuple[Permission, ...], kind: str) -> bool:
        """Whether permissions allow it on a resource of a type, or on all there is where ``kind`` is empty."""
        actions = [action for action in self.actions if self.anywhere or _within(action, kind)]
        return any(
            any(map(permission.allows, actions)) or any(map(permission.allows_data, self.data_actions))
            for permission in permissions
        )


@dataclass(frozen=True, slots=True)
class _Dangerous:
    power: RolePower
    capabilities: frozenset[str]


def worth_of(role: str, definition: RoleDefinition | None, scope: str) -> Worth:
    """What a role of that GUID amounts to on a scope in lower case; ``definition`` where it could be read."""
    level, kind = level_of(scope), type_of(scope)
    permissions = definition.permissions if definition is not None else ()
    listed = _dangerous().get(role)
    if listed is not None and listed.power is not RolePower.TAKEOVER:
        return Worth(listed.power)
    administers = _administers(permissions, level)
    if administers is not None:
        return Worth(administers)
    known = listed.capabilities if listed is not None else frozenset()
    reaches = tuple(
        capability.reaches
        for capability in _capabilities()
        if capability.applies(level, kind) and (capability.id in known or capability.allowed(permissions, kind))
    )
    return Worth(RolePower.TAKEOVER, reaches) if reaches else Worth(RolePower.PLAIN)


def _administers(permissions: tuple[Permission, ...], level: AssignmentLevel) -> RolePower | None:
    """Owner, administrator, or None.

    A role of every action from which nearly all are taken away again, as for a reader, is no administrator.
    """
    everything = [permission for permission in permissions if "*" in permission.actions]
    if any(_grants(permission, level) for permission in everything):
        return RolePower.OWNER
    if any(_grants(permission, level) for permission in permissions):
        return RolePower.ADMIN
    left = any(capability.allowed((permission,), "") for permission in everything for capability in _capabilities())
    return RolePower.ADMIN if left else None


def _grants(permission: Permission, level: AssignmentLevel) -> bool:
    """Whether it grants any role: not those that a condition of the permission itself leaves."""
    if permission.condition:
        return False
    granting = (*_GRANTING, _ELEVATING) if level is AssignmentLevel.ORGANISATION else _GRANTING
    return any(map(permission.allows, granting))


def _within(action: str, kind: str) -> bool:
    """Whether an action is one on resources of a type, in lower case, or on what they hold."""
    return not kind or action.startswith(f"{kind}/")


@cache
def sensitive_permissions(definition: RoleDefinition) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those of the permissions that techniques need which a role allows, and which only under its own condition."""
    allowed, limited = [], []
    for name in sorted(permissions_of(Cloud.AZURE)):
        giving = [each for each in definition.permissions if each.allows(name) or each.allows_data(name)]
        if any(not each.condition for each in giving):
            allowed.append(name)
        elif giving:
            limited.append(name)
    return tuple(allowed), tuple(limited)


@cache
def builtin_permissions(role: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same of a built-in role, by its GUID and a dated table: for where its definition could not be read."""
    table = _table("role_permissions.json")
    found = [
        tuple(name for name, held in table[part].items() if role in held.split()) for part in ("always", "limited")
    ]
    return found[0], found[1]


@cache
def builtin_names() -> Mapping[str, str]:
    """The names of Azure's built-in roles by their GUIDs: for where role definitions cannot be read."""
    found: dict[str, str] = _table("builtin_roles.json")["roles"]
    return found


@cache
def _capabilities() -> tuple[_Capability, ...]:
    return tuple(
        _Capability(
            id=row["id"],
            reaches=row["reaches"],
            actions=tuple(row.get("actions", ())),
            data_actions=tuple(row.get("data_actions", ())),
            wide_only=row.get("wide_only", False),
            anywhere=row.get("anywhere", False),
        )
        for row in _table("role_powers.json")["capabilities"]
    )


@cache
def _dangerous() -> Mapping[str, _Dangerous]:
    rows = _table("dangerous_roles.json")["roles"]
    return {row["id"]: _Dangerous(RolePower(row["power"]), frozenset(row.get("capabilities", ()))) for row in rows}


def _table(file: str) -> dict[str, Any]:
    text = files("providers.azure").joinpath("data", file).read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
