"""Paths by which an identity of Azure or Google Cloud becomes a stronger one, and who can take a function over."""

from collections import deque
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from typing import Final

from auditor.analysis.permissions.lesser_estate import LesserEstate
from auditor.analysis.permissions.role_estate import (
    Access,
    RoleEstate,
    Target,
    function_target,
    storage_targets,
)
from auditor.analysis.permissions.role_steps import (
    Path,
    Step,
    Taker,
    certainly_administers,
    includes,
    itself,
    nobody,
    owner,
    shortest,
    strong,
)
from auditor.analysis.permissions.role_techniques import (
    HOST_STORAGE,
    TargetKind,
    Technique,
    Where,
    techniques,
)
from auditor.model.function import Function
from auditor.model.identity import AssignmentLevel, RoleAssignment, RolePower
from auditor.model.ids import Cloud
from auditor.model.role_holders import HolderKind, RoleHolder

_DEEPEST: Final = 4
_EVERYWHERE: Final = (
    *(TargetKind.IDENTITY, TargetKind.FUNCTION, TargetKind.MACHINE, *HOST_STORAGE),
    *(TargetKind.AUTOMATION, TargetKind.WORKFLOW, TargetKind.CLUSTER),
)


class RolePaths:
    """The paths of one cloud. What one principal can do directly is derived once, whoever asks."""

    def __init__(self, estate: RoleEstate, cloud: Cloud, whole: "RolePaths | None" = None) -> None:
        self.estate = estate
        self._whole = whole
        self._lesser: dict[AbstractSet[str], RolePaths] = {}
        self._cloud = cloud
        self._steps: dict[str, tuple[tuple[Step, tuple[str, ...]], ...]] = {}
        self._paths: dict[str, tuple[Path, ...]] = {}
        self._holders_of: dict[str, tuple[RoleHolder, ...]] = {}
        self._takers: dict[str, tuple[Taker, ...]] = {}
        self._administrators: dict[str, tuple[str, ...]] = {}
        self._kinds: dict[str, object] = {}

    def paths(self, principal: str) -> tuple[Path, ...]:
        """The shortest path to every administrator and stronger principal, the certain and grave first."""
        found = self._paths.get(principal)
        if found is None:
            holder = self.estate.holder(principal)
            found = self._paths[principal] = () if holder is None else shortest(self._search(holder))
        return found

    def without(self, sites: AbstractSet[str]) -> "RolePaths":
        """The paths that are left once the assignments at these sites are taken back."""
        found = self._lesser.get(sites)
        if found is None:
            found = self._lesser[sites] = RolePaths(LesserEstate(self.estate, sites), self._cloud, self)
        return found

    def takers(self, function: Function) -> tuple[Taker, ...]:
        """The principals that can change what a function runs, or use its identity: each once a technique."""
        found = self._takers.get(function.id)
        if found is None:
            found = self._takers[function.id] = self._taking(function)
        return found

    def administrators(self, account: str) -> tuple[str, ...]:
        """The names of the principals that certainly administer an account, sorted."""
        found = self._administrators.get(account)
        if found is None:
            place = self.estate.account_target(account)
            names = (
                self.estate.name_of(holder.id)
                for holder in self.estate.holders.values()
                if any(certainly_administers(role) and self.estate.reaches(role, place) for role in holder.roles)
            )
            found = self._administrators[account] = tuple(sorted(names))
        return found

    def _taking(self, function: Function) -> tuple[Taker, ...]:
        own = frozenset(function_target(function).runs_as)
        found = []
        for technique, target in self._ways(function):
            for holder in self._able(technique):
                step = self.step(holder, technique, target) if holder.id not in own else None
                if step is not None:
                    found.append(Taker(holder, step))
        return tuple(found)

    def _able(self, technique: Technique) -> tuple[RoleHolder, ...]:
        """The holders that have a permission of a technique on anything."""
        found = self._holders_of.get(technique.id)
        if found is None:
            wanted = technique.everywhere
            found = self._holders_of[technique.id] = tuple(
                holder
                for holder in self._interesting
                if any(
                    wanted.intersection((*role.permissions, *role.limited_permissions))
                    for role in self.estate.relevant(holder)
                )
            )
        return found

    @cached_property
    def _interesting(self) -> tuple[RoleHolder, ...]:
        """The holders that hold any permission of the table; agents of the cloud itself serve the customer."""
        listed = (self.estate.holder(name) for name in self.estate.holders)
        return tuple(
            each
            for each in listed
            if each is not None and each.kind is not HolderKind.SERVICE_AGENT and self.estate.relevant(each)
        )

    def _ways(self, function: Function) -> Iterator[tuple[Technique, Target]]:
        """Every technique that is used on the function, its storage or its identities."""
        taken = function_target(function)
        stored = {each.kind: each for each in storage_targets(function)}
        identities = [self.estate.identity_target(principal) for principal in taken.runs_as]
        for technique in techniques(self._cloud):
            if technique.target is TargetKind.FUNCTION:
                yield technique, taken
            elif technique.target in stored:
                yield technique, stored[technique.target]
            elif technique.target is TargetKind.IDENTITY:
                yield from ((technique, each) for each in identities if each is not None)

    def step(self, holder: RoleHolder, technique: Technique, target: Target) -> Step | None:
        """Whether a principal can use a technique on a target, and by which roles."""
        first = self.estate.access(holder, technique.on(target.id), target)
        if first is None:
            return None
        proof = [first]
        for further in technique.also:
            best = self._further(holder, further.where, further.permissions, target)
            if best is None:
                return None
            proof.append(best)
        doubt = next((access.doubt for access in proof if access.doubt), technique.doubt or target.doubt)
        return Step(technique, target, tuple(proof), doubt)

    def _further(self, holder: RoleHolder, where: Where, permissions: frozenset[str], target: Target) -> Access | None:
        if where is Where.ANYWHERE:
            return self.estate.anywhere(holder, permissions)
        if where is Where.ACCOUNT:
            return self.estate.access(holder, permissions, self.estate.account_target(target.account))
        identities = (self.estate.identity_target(principal) for principal in target.runs_as)
        found = (self.estate.access(holder, permissions, each) for each in identities if each is not None)
        return next((access for access in found if access is not None), None)

    def _search(self, start: RoleHolder) -> Iterator[Path]:
        """Breadth first: the first path to a principal is a shortest one; a certain one follows a doubtful one.

        Of principals that lead to the same others one is followed: what the next one leads to has been seen by then.
        """
        if any(map(certainly_administers, start.roles)):
            return
        followed: dict[object, bool] = {}
        seen: dict[str, bool] = {start.id: False}
        waiting: deque[tuple[RoleHolder, tuple[Step, ...]]] = deque([(start, ())])
        while waiting:
            holder, before = waiting.popleft()
            doubted = any(each.doubt for each in before)
            alike = self._alike(holder)
            if (earlier := followed.get(alike)) is not None and earlier <= doubted:
                continue
            followed[alike] = doubted
            for step, reached in self._onward(holder):
                doubt = doubted or bool(step.doubt)
                if not seen.get(reached.id, True) or seen.get(reached.id) == doubt:
                    continue
                seen[reached.id] = doubt
                path = Path((*before, step), reached.id, self.administration(reached))
                if path.administers or self._stronger(reached, start.roles):
                    yield path
                if len(path.steps) < _DEEPEST and not path.administers:
                    waiting.append((reached, path.steps))

    def _alike(self, holder: RoleHolder) -> object:
        """Equal for principals that lead to the same others, because their roles allow the same on the same.

        A denial, and a role that grants roles, concerns one principal alone.
        """
        found = self._kinds.get(holder.id)
        if found is None:
            alone = self.estate.denies or any(True for _ in self._grants(holder))
            allowed = frozenset(
                (
                    *(role.role_id, role.scope, role.account, role.condition, role.conditional),
                    *(role.permissions, role.limited_permissions),
                )
                for role in holder.roles
            )
            found = self._kinds[holder.id] = holder.id if alone else allowed
        return found

    def _onward(self, holder: RoleHolder) -> Iterator[tuple[Step, RoleHolder]]:
        """Whom a principal can become in one step, itself with one role more included."""
        for step, principals in self.direct(holder):
            for principal in principals:
                yield step, self.estate.holder(principal) or nobody(principal)
        held = {role.id for role in holder.roles}
        for step, role in self._grants(holder):
            if role.id in held:
                continue
            name = f"{holder.id} as {role.role} of {role.scope}"
            yield step, replace(holder, id=name, roles=(*holder.roles, role))

    def direct(self, holder: RoleHolder) -> tuple[tuple[Step, tuple[str, ...]], ...]:
        """What a principal can take over in one step of what exists, and what that runs as; the certain steps first."""
        found = self._steps.get(holder.id)
        if found is None and self._whole is not None and self._whole.estate.holder(holder.id) is holder:
            return self._whole.direct(holder)  # the same roles lead to the same
        if found is None:
            made = [*self._by_targets(holder), *self._by_agents(holder)]
            found = self._steps[holder.id] = tuple(sorted(made, key=lambda each: bool(each[0].doubt)))
        return found

    def _by_targets(self, holder: RoleHolder) -> Iterator[tuple[Step, tuple[str, ...]]]:
        held = {name for role in holder.roles for name in (*role.permissions, *role.limited_permissions)}
        for technique in techniques(self._cloud):
            if technique.target not in _EVERYWHERE or not technique.takes_over or not technique.everywhere & held:
                continue
            for target in self.estate.targets(technique.target):
                step = self.step(holder, technique, target)
                if step is not None:
                    yield step, target.runs_as

    def _by_agents(self, holder: RoleHolder) -> Iterator[tuple[Step, tuple[str, ...]]]:
        for technique in techniques(self._cloud):
            for scope in self.estate.scopes.values() if technique.target is TargetKind.AGENT and holder.roles else ():
                email = technique.account.format(number=scope.number)
                if scope.number and email in self.estate.holders:
                    place = self.estate.account_target(scope.name)
                    step = self.step(holder, technique, replace(place, name=email, runs_as=(email,)))
                    if step is not None:
                        yield step, (email,)

    def _grants(self, holder: RoleHolder) -> Iterator[tuple[Step, RoleAssignment]]:
        for technique in techniques(self._cloud):
            if technique.target not in (TargetKind.GRANT, TargetKind.OWN_ROLE):
                continue
            for binding in holder.roles:
                step = self._grant(holder, technique, binding) if binding.power is not RolePower.OWNER else None
                if step is not None:
                    yield step, owner(binding, self._cloud)

    def _grant(self, holder: RoleHolder, technique: Technique, binding: RoleAssignment) -> Step | None:
        """Granting at the scope of the role itself; widening a custom role where it is assigned."""
        if technique.above_only and binding.level is not AssignmentLevel.ORGANISATION:
            return None
        if technique.target is TargetKind.OWN_ROLE:
            best = self.estate.anywhere(holder, technique.permissions) if binding.custom else None
            return None if best is None else Step(technique, itself(binding, binding.role), (best,), best.doubt)
        if binding.scope.startswith("projects/") and binding.level is AssignmentLevel.RESOURCE:
            return None  # on a single resource of Google Cloud these are the permissions of others
        best = self.estate.anywhere(holder, technique.permissions, (binding,))
        if best is None:
            return None
        return Step(technique, itself(binding, binding.scope), (best,), best.doubt)

    @staticmethod
    def administration(holder: RoleHolder) -> str:
        """The role and scope by which a principal certainly administers an account; "" where it does not."""
        for role in holder.roles:
            if certainly_administers(role):
                return f"{role.role} of {role.scope}"
        return ""

    @staticmethod
    def _stronger(holder: RoleHolder, own: tuple[RoleAssignment, ...]) -> bool:
        """Whether a principal holds a role that matters and that is not held already, there or above."""
        return any(strong(role) and not any(includes(each, role) for each in own) for role in holder.roles)
