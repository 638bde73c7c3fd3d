"""What the roles of a function's identities amount to on Azure and Google Cloud, each with its scope and its proof."""

import json
from collections.abc import Callable, Iterator
from typing import Final

from auditor.analysis.permissions.role_denials import Denied
from auditor.analysis.permissions.role_estate import RoleEstate, limits, scope_of
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.permissions.role_steps import begins
from auditor.analysis.permissions.role_techniques import TargetKind, Technique, techniques
from auditor.analysis.role_assignments import Held, administers, held_roles
from auditor.model.access import Capability, CapabilityKind, CapabilityScope, PermissionProof
from auditor.model.function import Function
from auditor.model.identity import AssignmentLevel, RoleAssignment
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, graver

_SCOPES: Final = {
    AssignmentLevel.ORGANISATION: CapabilityScope.EVERYTHING,
    AssignmentLevel.ACCOUNT: CapabilityScope.EVERYTHING,
    AssignmentLevel.GROUP: CapabilityScope.SET,
    AssignmentLevel.RESOURCE: CapabilityScope.RESOURCE,
}
_LAYER: Final = "role assignment"
_ALL: Final = "*"


def role_capabilities(function: Function, estate: RoleEstate) -> Iterator[tuple[Held, Capability]]:
    """What each role that could be read lets its holder do by itself, whatever else exists, and nothing denies.

    Techniques that need a target lead to principals: those are paths (:mod:`role_paths`), and no capability here.
    """
    for held in held_roles(function):
        binding, doubts = held.binding, _Denials(estate, held)
        if administers(binding) and not doubts.certain(_ALL):
            conditions = () if binding.condition is None else (binding.condition,)
            yield held, _capability(binding, CapabilityKind.ADMINISTER, (_ALL,), (*conditions, *doubts.about(_ALL)))
        for technique in techniques(function.cloud):
            if _by_itself(technique, binding):
                yield from ((held, found) for found in _of(binding, technique, doubts))


class _Denials:
    """What is denied to the holder of one role where that role is assigned."""

    def __init__(self, estate: RoleEstate, held: Held) -> None:
        self._estate = estate
        self._holder = estate.holder(held.identity.principal)
        self._place = scope_of(held.binding)

    def certain(self, permission: str) -> bool:
        """Whether a permission is certainly denied on the whole scope of the role."""
        found = self._of(permission)
        return found is not None and found.certain

    def about(self, permission: str) -> tuple[str, ...]:
        """The denial that may apply, in words; none where none does."""
        found = self._of(permission)
        return () if found is None else (f"{found.denial.id} may deny it",)

    def _of(self, permission: str) -> Denied | None:
        return None if self._holder is None else self._estate.denied(self._holder, permission, self._place)


def _by_itself(technique: Technique, binding: RoleAssignment) -> bool:
    """Whether a technique needs no target: there is none, or it works on all there are."""
    wide = _SCOPES[binding.level] is CapabilityScope.EVERYTHING
    return technique.target is TargetKind.NONE or (wide and not technique.takes_over)


def _of(binding: RoleAssignment, technique: Technique, doubts: _Denials) -> Iterator[Capability]:
    held = technique.permissions.intersection((*binding.permissions, *binding.limited_permissions))
    allowed = sorted(name for name in held if not doubts.certain(name))
    always = [name for name in allowed if name in binding.permissions and not limits(binding, name)]
    free = tuple(name for name in always if not doubts.about(name))
    if allowed:
        own = (f"a condition of the role {binding.role}",) if not set(allowed) & set(binding.permissions) else ()
        told = dict.fromkeys(each for name in always or allowed for each in doubts.about(name))
        limit = (binding.condition,) if binding.condition is not None and not always else ()
        conditions = () if free else (*limit, *own, *told)
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


def before_denials(function: Function, paths: RolePaths) -> str:
    """What to add to a path where deny assignments or deny policies were not read whole; "" where they were."""
    unread = paths.estate.denials_gap(function.scope.partition("/")[2])
    kind = "deny assignments" if function.cloud is Cloud.AZURE else "deny policies"
    return "" if unread is None else f" (before {kind}, which were not read)"
