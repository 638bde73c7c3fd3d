"""The definitions of Azure's built-in roles by a dated table: for where they cannot be read, and for what actions are.

``builtin_definitions.json.gz`` is the list that the role definitions API gives, from iann0036/iam-dataset (MIT).
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from providers.azure.rbac.definitions import Permission, RoleDefinition

PARTS: Final = {
    "actions": "actions",
    "not_actions": "notActions",
    "data_actions": "dataActions",
    "not_data_actions": "notDataActions",
}


def builtin_definition(guid: str) -> RoleDefinition | None:
    """The built-in role of that GUID, None where the table has none."""
    return _definitions().get(guid)


def definition(role: Mapping[str, Any]) -> RoleDefinition:
    """A role of the table as it is read from Azure."""
    permissions = tuple(
        Permission(
            **{ours: tuple(pattern.lower() for pattern in each[theirs]) for ours, theirs in PARTS.items()},
            condition=each.get("condition"),
        )
        for each in role["permissions"]
    )
    return RoleDefinition(role["name"], role["roleName"], custom=False, permissions=permissions)


def spelt(*parts: str) -> Iterator[str]:
    """The patterns of some parts of every role, as Azure spells them."""
    for role in roles():
        for permission in role["permissions"]:
            for part in parts:
                yield from permission[part]


def roles() -> list[dict[str, Any]]:
    """The rows of the table."""
    found: list[dict[str, Any]] = _table()["roles"]
    return found


def data_as_of() -> str:
    """The day of the table (ISO)."""
    return str(_table()["date"])


@cache
def _table() -> dict[str, Any]:
    packed = files("providers.azure").joinpath("data", "builtin_definitions.json.gz").read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(packed))
    return found


@cache
def _definitions() -> Mapping[str, RoleDefinition]:
    return {role["name"]: definition(role) for role in roles()}
