"""The vaults that the settings of an app refer to, and what is weak about each."""

import re
from typing import Any

from auditor.model.observed import Known, Observed, Unknown
from auditor.model.secret import ReferenceKind
from auditor.model.storage import SecretReference, Vault
from providers.azure.normalize.access import public_network
from providers.azure.normalize.fields import choice, flag, given, optional_flag, optional_member
from providers.azure.normalize.resource_index import ResourceIndex, inside
from providers.azure.normalize.settings import AppSettings

_VAULTS = "graph:Vaults"
_VAULT_OF = re.compile(r"VaultName=([A-Za-z0-9-]+)|https://([A-Za-z0-9-]+)\.vault\.", re.IGNORECASE)


def vaults(
    world: ResourceIndex, references: Observed[tuple[SecretReference, ...]], settings: Observed[AppSettings]
) -> Observed[tuple[Vault, ...]]:
    """The vaults that references or settings name."""
    names = set(_named_in(settings.value)) if isinstance(settings, Known) else set()
    if isinstance(references, Unknown):
        return references
    names |= {reference.store for reference in references.value if reference.store}
    return Known(tuple(_vault(world, name) for name in sorted(names)), references.source)


def _vault(world: ResourceIndex, name: str) -> Vault:
    row = world.index(_VAULTS).named(name)
    part = inside(world.any, row, name)
    return Vault(id=row.value.id if isinstance(row, Known) else name, weaknesses=part.read(_weaknesses))


def _named_in(settings: AppSettings) -> list[str]:
    found = []
    for setting in settings.settings:
        reference = setting.variable.reference
        if reference is not None and reference.kind is ReferenceKind.KEY_VAULT:
            match = _VAULT_OF.search(reference.text)
            if match:
                found.append((match[1] or match[2]).lower())
    return found


def _weaknesses(body: dict[str, Any]) -> tuple[str, ...]:
    """What is weak about a vault, in a few words each."""
    networks = optional_member(body, "networkAcls")
    closed = given(networks, "defaultAction") and not choice(networks, "defaultAction", {"allow": True, "deny": False})
    found = []
    if public_network(body) and not closed:
        found.append("open to all networks")
    if not optional_flag(body, "enablePurgeProtection"):
        found.append("no purge protection")
    if given(body, "enableSoftDelete") and not flag(body, "enableSoftDelete"):
        found.append("no soft delete")
    if not optional_flag(body, "enableRbacAuthorization"):
        found.append("access policies instead of roles")
    return tuple(found)
