"""How dangerous a role is: built-in roles by a dated table, others by what they allow."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from auditor.model.identity import BindingLevel, RolePower
from providers.azure.rbac.definitions import Permission, RoleDefinition

_GRANTING = (
    "microsoft.authorization/roleassignments/write",
    "microsoft.authorization/roledefinitions/write",
    "microsoft.authorization/elevateaccess/action",
)

_TAKEOVER = (
    # change or publish the code of an app, read its settings or its keys
    "microsoft.web/sites/write",
    "microsoft.web/sites/config/write",
    "microsoft.web/sites/config/list/action",
    "microsoft.web/sites/extensions/write",
    "microsoft.web/sites/functions/write",
    "microsoft.web/sites/functions/listkeys/action",
    "microsoft.web/sites/host/listkeys/action",
    "microsoft.web/sites/publish/action",
    "microsoft.web/sites/publishxml/action",
    "microsoft.web/sites/slotsswap/action",
    "microsoft.web/sites/sourcecontrols/write",
    "microsoft.app/containerapps/write",
    "microsoft.app/containerapps/exec/action",
    "microsoft.app/containerapps/listsecrets/action",
    "microsoft.containerregistry/registries/push/write",
    # run as another identity
    "microsoft.managedidentity/userassignedidentities/assign/action",
    "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials/write",
    "microsoft.authorization/policyassignments/write",
    "microsoft.automation/automationaccounts/runbooks/write",
    "microsoft.compute/virtualmachines/extensions/write",
    "microsoft.compute/virtualmachines/runcommand/action",
    "microsoft.resources/deploymentscripts/write",
    # keys of accounts and vaults
    "microsoft.keyvault/vaults/write",
    "microsoft.keyvault/vaults/accesspolicies/write",
    "microsoft.storage/storageaccounts/listkeys/action",
    "microsoft.storage/storageaccounts/listaccountsas/action",
)

_WIDE_DATA = (
    "microsoft.keyvault/vaults/secrets/getsecret/action",
    "microsoft.storage/storageaccounts/blobservices/containers/blobs/write",
    "microsoft.storage/storageaccounts/fileservices/writefilebackupsemantics/action",
)
"""Data actions that are dangerous where they hold on a whole subscription or above."""

_WIDE = frozenset({BindingLevel.ORGANISATION, BindingLevel.ACCOUNT})


@dataclass(frozen=True, slots=True)
class _Dangerous:
    power: RolePower
    wide_only: bool


def power_of(role: str, definition: RoleDefinition | None, level: BindingLevel) -> RolePower:
    """What a role of that GUID amounts to where it holds; ``definition`` where it could be read."""
    listed = _dangerous().get(role)
    if listed is not None:
        return listed.power if level in _WIDE or not listed.wide_only else RolePower.PLAIN
    if definition is None or (role in builtin_names() and not definition.custom):
        return RolePower.PLAIN
    return _worst(definition.permissions, level)


def _worst(permissions: tuple[Permission, ...], level: BindingLevel) -> RolePower:
    if any("*" in permission.actions and _grants(permission) for permission in permissions):
        return RolePower.OWNER
    if any("*" in permission.actions or _grants(permission) for permission in permissions):
        return RolePower.ADMIN
    if any(permission.allows(action) for permission in permissions for action in _TAKEOVER):
        return RolePower.TAKEOVER
    wide = level in _WIDE and any(permission.allows_data(action) for permission in permissions for action in _WIDE_DATA)
    return RolePower.TAKEOVER if wide else RolePower.PLAIN


def _grants(permission: Permission) -> bool:
    return any(permission.allows(action) for action in _GRANTING)


@cache
def builtin_names() -> Mapping[str, str]:
    """The names of Azure's built-in roles by their GUIDs: for where role definitions cannot be read."""
    found: dict[str, str] = _table("builtin_roles.json")["roles"]
    return found


@cache
def _dangerous() -> Mapping[str, _Dangerous]:
    rows = _table("dangerous_roles.json")["roles"]
    return {row["id"]: _Dangerous(RolePower(row["power"]), row["wide_only"]) for row in rows}


def _table(file: str) -> dict[str, Any]:
    text = files("providers.azure").joinpath("data", file).read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
