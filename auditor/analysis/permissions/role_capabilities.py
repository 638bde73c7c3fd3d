"""What the roles of a function's identities amount to on Azure and Google Cloud, each with its scope and its proof."""

import json
from collections.abc import Callable, Iterator
from typing import Final

from auditor.analysis.permissions.role_estate import limits
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.permissions.role_steps import begins
from auditor.analysis.permissions.role_techniques import TargetKind, Technique, techniques
from auditor.analysis.role_assignments import Held, administers, held_roles
from auditor.model.access import Capability, CapabilityKind, CapabilityScope, PermissionProof
from auditor.model.function import Function
from auditor.model.identity import AssignmentLevel, RoleAssignment
from auditor.model.observed import Gap, graver

_SCOPES: Final = {
    AssignmentLevel.ORGANISATION: CapabilityScope.EVERYTHING,
    AssignmentLevel.ACCOUNT: CapabilityScope.EVERYTHING,
    AssignmentLevel.GROUP: CapabilityScope.SET,
    AssignmentLevel.RESOURCE: CapabilityScope.RESOURCE,
}
_LAYER: Final = "role assignment"


def role_capabilities(function: Function) -> Iterator[tuple[Held, Capability]]:
    """What each role that could be read lets its holder do by itself, whatever else exists.

    Techniques that need a target lead to principals: those are paths (:mod:`role_paths`), and no capability here.
    """
    for held in held_roles(function):
        binding = held.binding
        if administers(binding):
            conditions = () if binding.condition is None else (binding.condition,)
            yield held, _capability(binding, CapabilityKind.ADMINISTER, ("*",), conditions)
        for technique in techniques(function.cloud):
            if _by_itself(technique, binding):
                yield from ((held, found) for found in _of(binding, technique))


def _by_itself(technique: Technique, binding: RoleAssignment) -> bool:
    """Whether a technique needs no target: there is none, or it works on all there are."""
    wide = _SCOPES[binding.level] is CapabilityScope.EVERYTHING
    return technique.target is TargetKind.NONE or (wide and not technique.takes_over)


def _of(binding: RoleAssignment, technique: Technique) -> Iterator[Capability]:
    allowed = sorted(technique.permissions.intersection((*binding.permissions, *binding.limited_permissions)))
    free = tuple(name for name in allowed if name in binding.permissions and not limits(binding, name))
    if allowed:
        own = (f"a condition of the role {binding.role}",) if not set(allowed) & set(binding.permissions) else ()
        conditions = () if free else (*((binding.condition,) if binding.condition is not None else ()), *own)
        yield _capability(binding, CapabilityKind(technique.capability), free or tuple(allowed), conditions)


def _capability(
    binding: RoleAssignment, kind: CapabilityKind, actions: tuple[str, ...], conditions: tuple[str, ...]
) -> Capability:
    told = {"role": binding.role, "scope": binding.scope, "condition": binding.condition}
    text = json.dumps({key: value for key, value in told.items() if value is not None}, ensure_ascii=False)
    proof = PermissionProof(layer=_LAYER, policy=binding.role, statement=binding.id, text=text)
    return Capability(
        kind=kind,
        scope=_SCOPES[binding.level],
        resources=(binding.scope,),
        actions=actions,
        conditions=conditions,
        proof=(proof,),
    )


def targets_unread(function: Function, paths: RolePaths, unread: Callable[[str], Gap | None]) -> Gap | None:
    """Why what its roles reach may not all be known: of the accounts in which they begin a path at all.

    ``unread`` says of a scope why its functions' identities may not all be known.
    """
    estate, gap = paths.estate, None
    for held in held_roles(function):
        if not begins(held.binding, function.cloud):
            continue
        for account in (held.binding.account,) if held.binding.account else estate.scopes:
            for found in (estate.gap(account), unread(f"{function.cloud}/{account}")):
                gap = graver(gap, found) if found is not None else gap
    return gap
