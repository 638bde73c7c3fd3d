"""Key vaults that do not heed roles: there the access policies of the vault say who reads and writes what it holds."""

import json
from collections.abc import Callable
from typing import Any, Final

from auditor.analysis.permissions.decision import Decision, ProofStep
from auditor.analysis.permissions.role_decision import decided_by_roles, silent
from auditor.model.exposure import Effect
from auditor.model.observed import Gap, GapReason, Unknown
from providers.azure.normalize.fields import items, member, optional_flag, optional_text, optional_texts, record, text
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.rbac.actions import Plane
from providers.azure.rbac.decision import Asked

_VAULTS: Final = "graph:Vaults"
_TYPE: Final = "microsoft.keyvault/vaults/"
_LAYER: Final = "access policies of the vault"
_MEMBERS: Final = "GroupMember.Read.All of Microsoft Graph"
_PERMISSIONS: Final = {
    "secrets/getsecret/action": ("secrets", "get"),
    "secrets/readmetadata/action": ("secrets", "list"),
    "secrets/setsecret/action": ("secrets", "set"),
    "secrets/delete": ("secrets", "delete"),
    "secrets/purge/action": ("secrets", "purge"),
    "secrets/recover/action": ("secrets", "recover"),
    "secrets/backup/action": ("secrets", "backup"),
    "secrets/restore/action": ("secrets", "restore"),
    "keys/read": ("keys", "get"),
    "keys/create/action": ("keys", "create"),
    "keys/delete": ("keys", "delete"),
    "keys/encrypt/action": ("keys", "encrypt"),
    "keys/decrypt/action": ("keys", "decrypt"),
    "keys/wrap/action": ("keys", "wrapkey"),
    "keys/unwrap/action": ("keys", "unwrapkey"),
    "keys/sign/action": ("keys", "sign"),
    "keys/verify/action": ("keys", "verify"),
    "certificates/read": ("certificates", "get"),
    "certificates/create/action": ("certificates", "create"),
    "certificates/delete": ("certificates", "delete"),
}
"""The data actions of a vault, and the permission of an access policy that stands for each."""


def vault_decision(
    world: ResourceIndex, principal: str, asked: Asked, single: Callable[[str], bool]
) -> Decision | Gap | None:
    """The decision of a vault that does not heed roles; a gap where it was not read; None where roles decide.

    ``single`` says of a principal whether it is known to be no group.
    """
    vault = _vault(asked.resource)
    if not of_vault(asked) or not vault:
        return None
    part = world.index(_VAULTS).part(vault)
    by_role = part.read(lambda body: optional_flag(body, "enableRbacAuthorization"))
    if isinstance(by_role, Unknown):
        return by_role.gap
    if by_role.value:
        return None
    wanted = _PERMISSIONS.get(asked.action.removeprefix(_TYPE))
    if wanted is None:
        message = "which permission of an access policy stands for this action is not in our table"
        return decided_by_roles((), (Gap(GapReason.UNRECOGNISED, _VAULTS, None, message, vault),), ())
    found = part.read(lambda body: _allowing(body, vault, wanted))
    if isinstance(found, Unknown):
        return decided_by_roles((), (found.gap,), ())
    own = found.value.get(principal)
    groups = [name for name in found.value if not single(name)]
    message = f"whether {principal} is a member of {', '.join(groups)} is not read from Microsoft Graph"
    gaps = (Gap(GapReason.NOT_COLLECTED, "", _MEMBERS, message, vault),) if groups else ()
    return decided_by_roles((own or silent(_LAYER),), gaps, ())


def of_vault(asked: Asked) -> bool:
    """Whether an action is on what a vault holds."""
    return asked.plane is Plane.DATA and asked.action.startswith(_TYPE)


def _vault(resource: str) -> str:
    """The id of the vault that a resource is or lies in; "" for anything else."""
    before, kind, rest = resource.partition(f"/providers/{_TYPE}")
    return f"{before}{kind}{rest.partition('/')[0]}" if kind else ""


def _allowing(body: dict[str, Any], vault: str, wanted: tuple[str, str]) -> dict[str, ProofStep]:
    """By principal, the policy of a vault that gives it a permission; none for an application on behalf of a user."""
    kind, permission = wanted
    found = {}
    for item in items(body, "accessPolicies"):
        policy = record(item, "an access policy")
        held = {each.lower() for each in optional_texts(member(policy, "permissions"), kind)}
        if held.intersection((permission, "all")) and not optional_text(policy, "applicationId"):
            principal = text(policy, "objectId").lower()
            shown = json.dumps({"objectId": principal, "permissions": {kind: sorted(held)}}, separators=(",", ":"))
            found[principal] = ProofStep(_LAYER, Effect.ALLOW, vault, f"access policy for {kind}", shown)
    return found
