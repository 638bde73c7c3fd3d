"""What the identities of each function of Azure or Google Cloud can do and become, and who can take it over."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from auditor.analysis.permissions.role_capabilities import role_capabilities
from auditor.analysis.permissions.role_estate import Access, RoleEstate
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.permissions.role_steps import Path, Step, Taker, certainly_administers
from auditor.analysis.role_assignments import held_roles, unread_roles, without_identity
from auditor.analysis.roles import identities_of
from auditor.model.access import AccessPath, Capability, EffectivePermissions, PathStep, PermissionProof
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Observed, Unknown, graver, not_offered

_SHOWN: Final = 6
"""How many of a list are kept for each function: a report holds thousands of them."""
_LAYER: Final = "role assignment"
_BEFORE: Final = {Cloud.AZURE: "deny assignments", Cloud.GCP: "deny policies"}


def permissions_by_roles(
    functions: Iterable[Function], paths: RolePaths
) -> Iterator[tuple[str, Observed[EffectivePermissions]]]:
    """By the id of each function, what its identities can do, as far as roles tell."""
    rows = _Rows(paths)
    for function in functions:
        yield function.id, rows.of(function)


class _Rows:
    """The rows of one cloud. Principals are named where a name is known: ids of Azure are not to be read."""

    def __init__(self, paths: RolePaths) -> None:
        self._paths = paths
        self._estate: RoleEstate = paths.estate

    def of(self, function: Function) -> Observed[EffectivePermissions]:
        """What the identities of one function can do."""
        source = function.identity.source
        if without_identity(function):
            return not_offered(source, "it runs without an identity")
        if isinstance(function.identity, Unknown) and not identities_of(function):
            return function.identity
        account = function.scope.partition("/")[2]
        takers = self._takers(function)
        gap, unlisted = unread_roles(function), self._estate.gap(account)
        if unlisted is not None:
            gap = graver(gap, unlisted)
        return Known(
            EffectivePermissions(
                capabilities=self._capabilities(function),
                escalation=tuple(self._escalation(function))[:_SHOWN],
                takeover=tuple(self._takeover(function, taker) for taker in takers[:_SHOWN]),
                takers=len(takers),
                takers_complete=Known(True, source) if unlisted is None else Unknown(unlisted),
                administrator=any(certainly_administers(held.binding) for held in held_roles(function)),
                administrators=self._paths.administrators(account)[:_SHOWN],
                before=() if self._estate.denials_gap(account) is None else (_BEFORE[function.cloud],),
                further=(),
                first_steps=(),
                complete=Known(True, source) if gap is None else Unknown(gap),
            ),
            source,
        )

    def _capabilities(self, function: Function) -> tuple[Capability, ...]:
        """Each once, whichever of several identities has it."""
        found = (each for _, each in role_capabilities(function, self._estate))
        return tuple(dict.fromkeys(replace(each, resources=each.resources[:_SHOWN]) for each in found))

    def _escalation(self, function: Function) -> Iterator[AccessPath]:
        for identity in identities_of(function):
            for path in self._paths.paths(identity.principal):
                yield access_path(identity.name, path, self._estate)

    def _takers(self, function: Function) -> tuple[Taker, ...]:
        """One a principal, the certain before the doubtful; administrators can take everything over anyway."""
        found: dict[str, Taker] = {}
        for taker in self._paths.takers(function):
            if not taker.step.technique.takes_over or any(map(certainly_administers, taker.holder.roles)):
                continue
            before = found.get(taker.holder.id)
            if before is None or (before.step.doubt and not taker.step.doubt):
                found[taker.holder.id] = taker
        return tuple(sorted(found.values(), key=lambda taker: (bool(taker.step.doubt), taker.holder.id)))

    def _takeover(self, function: Function, taker: Taker) -> AccessPath:
        name = self._estate.name_of(taker.holder.id)
        return AccessPath(
            source=name,
            target=function.id,
            administrator=False,
            gains=(),
            steps=(_step(taker.step, name, function.name),),
            conditions=(taker.step.doubt,) if taker.step.doubt else (),
        )


def access_path(source: str, path: Path, estate: RoleEstate) -> AccessPath:
    """A path with its principals by name where one is known; ``source`` is the name of the first."""
    principals = [_reached(step, estate) for step in path.steps[:-1]]
    end = _named(path.reached, estate)
    ends = [*principals, end]
    begins = [source, *principals]
    return AccessPath(
        source=source,
        target=end,
        administrator=bool(path.administers),
        gains=(path.administers,) if path.administers else (),
        steps=tuple(_step(step, begin, reached) for step, begin, reached in zip(path.steps, begins, ends, strict=True)),
        conditions=(path.doubt,) if path.doubt else (),
    )


def _reached(step: Step, estate: RoleEstate) -> str:
    """The principal that a step on the way leads to."""
    return _named(step.target.runs_as[0], estate) if step.target.runs_as else step.target.name


def _named(principal: str, estate: RoleEstate) -> str:
    """``GUID as Owner of SCOPE`` and the like, with the name of the principal."""
    own, as_, role = principal.partition(" as ")
    return f"{estate.name_of(own)}{as_}{role}"


def _step(step: Step, begin: str, end: str) -> PathStep:
    return PathStep(
        source=begin,
        target=end,
        object=step.target.id,
        technique=step.technique.id,
        sentence=step.sentence,
        actions=tuple(access.permission for access in step.proof),
        conditions=(step.doubt,) if step.doubt else (),
        proof=tuple(map(_proof, step.proof)),
    )


def _proof(access: Access) -> PermissionProof:
    binding = access.binding
    told = {
        "role": binding.role,
        "scope": binding.scope,
        "permission": access.permission,
        "condition": binding.condition,
    }
    text = json.dumps({key: value for key, value in told.items() if value is not None}, ensure_ascii=False)
    return PermissionProof(layer=_LAYER, policy=binding.role, statement=binding.id, text=text)
