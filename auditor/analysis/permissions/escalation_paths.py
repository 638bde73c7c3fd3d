"""Paths through the principals of an AWS account: what one can become, and who can become one."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Final

from auditor.analysis.permissions.account_access import AccountAccess
from auditor.analysis.permissions.capabilities import Held, capabilities, gains, gains_any, held_by
from auditor.analysis.permissions.escalation_steps import ADMINISTRATOR, EscalationSteps, Step
from auditor.analysis.permissions.proofs import decision_proof, stated_resource
from auditor.analysis.permissions.techniques import TechniqueKind
from auditor.model.access import AccessPath, Capability, FirstStep, PathStep
from auditor.model.function import Function
from auditor.model.principals import Principal

_DEEPEST: Final = 5
_SHOWN: Final = 6
_NAMED: Final = 10
"""Resources that a first step of a takeover names; beyond them it is told of all."""

Trail = tuple[Step, ...]


class EscalationPaths:
    """Shortest paths, those that certainly work before those that depend on something."""

    def __init__(self, access: AccountAccess) -> None:
        self._access = access
        self._steps = EscalationSteps(access)
        self._capabilities: dict[str, tuple[Capability, ...]] = {}
        self._held: dict[str, Held] = {}
        self._escalation: dict[str, tuple[AccessPath, ...]] = {}
        self._beginning: dict[str, Mapping[str, Iterable[tuple[str, str]]]] = {}

    def capabilities(self, principal: Principal) -> tuple[Capability, ...]:
        """The capabilities of a principal, found once."""
        found = self._capabilities.get(principal.id)
        if found is None:
            found = self._capabilities[principal.id] = capabilities(self._access, principal)
        return found

    def escalation(self, principal: Principal) -> tuple[AccessPath, ...]:
        """The shortest path to an administrator, else to each stronger principal; none for an administrator."""
        found = self._escalation.get(principal.id)
        if found is None:
            found = self._escalation[principal.id] = tuple(self._found(principal))
        return found

    def _found(self, principal: Principal) -> Iterator[AccessPath]:
        if self._access.is_administrator(principal.id):
            return
        certain = self._reached(principal, doubtful=False)
        doubtful = {} if _administrator(certain) else self._reached(principal, doubtful=True)
        for trails in (certain, doubtful):
            if (trail := _administrator(trails)) is not None:
                yield self._path(trail, administrator=True)
                return
        unseen = _administrator(self._reached(principal, doubtful=True, unseen=True))
        if unseen is not None:
            yield self._path(unseen, administrator=True)
        paths = []
        for target, trail in {**doubtful, **certain}.items():
            gained = gains(self.capabilities(principal), self.capabilities(self._access.principals[target]))
            if gained:
                paths.append(self._path(trail, gained))
        yield from sorted(paths, key=lambda path: (len(path.conditions), len(path.steps), path.target))[:_SHOWN]

    def _reached(self, principal: Principal, *, doubtful: bool, unseen: bool = False) -> dict[str, Trail]:
        """The trail to every principal that can be reached; the search ends at an administrator.

        ``unseen``: through compute too of which only the role is known, not whether any exists.
        """
        trails: dict[str, Trail] = {}
        queue: deque[tuple[Principal, Trail]] = deque([(principal, ())])
        while queue:
            current, trail = queue.popleft()
            for step in self._steps.of(current):
                if step.target in trails or step.target == principal.id or (step.conditions and not doubtful):
                    continue
                if step.unseen and not unseen:
                    continue
                trails[step.target] = (*trail, step)
                if step.target == ADMINISTRATOR or self._access.is_administrator(step.target):
                    return {ADMINISTRATOR: trails[step.target]}
                if len(trail) + 1 < _DEEPEST:
                    queue.append((self._access.principals[step.target], trails[step.target]))
        joined = self._joined(principal, trails, doubtful=doubtful)
        return trails if joined is None else {ADMINISTRATOR: joined}

    def _joined(self, principal: Principal, trails: Mapping[str, Trail], *, doubtful: bool) -> Trail | None:
        """The shortest trail on which one principal makes an administrator of another, and both can be reached."""
        found: list[Trail] = []
        for writer, trail in ((principal.id, ()), *trails.items()):
            needing = self._steps.needing(self._access.principals[writer])
            for holder in needing.keys() & trails.keys():
                step = needing[holder]
                if not step.conditions or doubtful:
                    found.append(tuple(dict.fromkeys((*trail, step, *trails[holder]))))
        short = [trail for trail in found if len(trail) <= _DEEPEST]
        return min(short, key=lambda trail: (len(trail), [step.target for step in trail]), default=None)

    def further(self, principal: Principal) -> tuple[str, ...]:
        """Other techniques by which the principal itself reaches an administrator at once, in words."""
        found = (
            _sentence(step)
            for step in self._steps.of(principal)
            if not step.conditions and (step.target == ADMINISTRATOR or self._access.is_administrator(step.target))
        )
        return tuple(dict.fromkeys(found))

    def first_steps(self, principal: Principal) -> tuple[FirstStep, ...]:
        """The actions with which every certain way of the principal to an administrator begins, and on what.

        A step to a principal that comes back through this one for its own way up counts too: it is not told apart.
        """
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for step in self._steps.of(principal):
            if not step.conditions and self._leads_up(step.target):
                # of what writes permissions, and of compute, one object stands for all: any other would do as well
                one = step.target != ADMINISTRATOR and step.technique.kind is not TechniqueKind.EXISTING_COMPUTE
                found[step.technique.actions[0]][step.object or "*" if one else "*"] = None
        resources = {action: ("*",) if "*" in on else tuple(sorted(on)) for action, on in sorted(found.items())}
        return tuple(FirstStep(action=action, resources=on) for action, on in resources.items())

    def _leads_up(self, target: str) -> bool:
        if target == ADMINISTRATOR or self._access.is_administrator(target):
            return True
        paths = self.escalation(self._access.principals[target])
        return any(path.administrator and not path.conditions for path in paths)

    def takeover(self, function: Function, role: str) -> tuple[tuple[AccessPath, ...], int]:
        """The shortest paths of principals that are no administrators to the function or its role, and how many such
        principals there are.
        """
        found = self._takers(role)
        return self._ranked(found, function, self._access.principals[role]), len(found)

    def _takers(self, role: str) -> dict[str, Trail]:
        """The trail of every principal that reaches the role, found from the role backwards."""
        found: dict[str, Trail] = {role: ()}
        queue: deque[str] = deque([role])
        while queue:
            target = queue.popleft()
            into, trail = self._into.get(target, {}), found[target]
            for source, step in into.items():
                if source in found:
                    continue
                found[source] = (step, *trail)
                if len(trail) + 1 < _DEEPEST:
                    queue.append(source)
        del found[role]
        return found

    def _ranked(self, found: dict[str, Trail], function: Function, role: Principal) -> tuple[AccessPath, ...]:
        """The first of the paths: those who gain by it before others, those that depend on least before others."""
        strong = self._access.is_administrator(role.id) or any(path.administrator for path in self.escalation(role))
        own = self.capabilities(role)
        gained = {name: gains_any(self._held_by(name), own) for name in found}

        def order(name: str) -> tuple[bool, int, int, str]:
            doubts = sum(len(step.conditions) for step in found[name])
            return not gained[name], doubts, len(found[name]), name

        on_the_way = {role.id, *found}
        return tuple(
            replace(
                self._path(
                    found[name],
                    gains(self.capabilities(self._access.principals[name]), own) if gained[name] else (),
                    administrator=strong,
                    target=function.id,
                ),
                first_steps=self._beginnings(self._access.principals[name], on_the_way) if gained[name] else (),
            )
            for name in sorted(found, key=order)[:_SHOWN]
        )

    def _held_by(self, name: str) -> Held:
        found = self._held.get(name)
        if found is None:
            found = self._held[name] = held_by(self.capabilities(self._access.principals[name]))
        return found

    def _beginnings(self, taker: Principal, on_the_way: set[str]) -> tuple[FirstStep, ...]:
        """The actions with which every path of a principal to one of these begins; one that only comes back through it
        counts too. Each on all that the statement names that allows it: that is where the next path would begin.
        """
        begun: defaultdict[str, dict[str, None]] = defaultdict(dict)
        by_target = self._first(taker)
        for target in by_target.keys() & on_the_way:
            for action, resource in by_target[target]:
                begun[action][resource] = None
        several = {action for action, on in begun.items() if "*" in on or len(on) > _NAMED}
        resources = {action: ("*",) if action in several else tuple(sorted(on)) for action, on in sorted(begun.items())}
        return tuple(_first_step(action, on) for action, on in resources.items())

    def _first(self, taker: Principal) -> Mapping[str, Iterable[tuple[str, str]]]:
        """By what the steps of a principal reach, the action that each takes first and what is named for it."""
        found = self._beginning.get(taker.id)
        if found is None:
            gathered: defaultdict[str, dict[tuple[str, str], None]] = defaultdict(dict)
            for step in self._steps.of(taker):
                if not step.unseen:
                    on = stated_resource(step.decisions[:1]) or step.object or "*"
                    gathered[step.target][step.technique.actions[0], on] = None
            found = self._beginning[taker.id] = {target: tuple(steps) for target, steps in gathered.items()}
        return found

    @cached_property
    def _into(self) -> dict[str, dict[str, Step]]:
        """The steps of every principal that is no administrator, by what they reach and whose they are: of each the one
        that depends on least, those that work as they are first.
        """
        found: defaultdict[str, list[Step]] = defaultdict(list)
        for principal in (*self._access.roles, *self._access.users):
            if self._access.is_administrator(principal.id):
                continue
            for step in self._steps.of(principal):
                if step.target != ADMINISTRATOR and not step.unseen:
                    found[step.target].append(step)
        return {target: _one_each(steps) for target, steps in found.items()}

    def _path(
        self, trail: Trail, gained: tuple[str, ...] = (), *, administrator: bool = False, target: str = ""
    ) -> AccessPath:
        steps = tuple(_shown(step) for each in trail for step in _whole(each))
        reached = target or next((step.target for step in reversed(steps) if step.target != ADMINISTRATOR), "")
        return AccessPath(
            source=trail[0].source,
            target=reached or trail[0].source,
            administrator=administrator,
            gains=gained,
            steps=steps,
            conditions=tuple(dict.fromkeys(condition for step in trail for condition in step.conditions)),
        )


@lru_cache(maxsize=4096)
def _first_step(action: str, resources: tuple[str, ...]) -> FirstStep:
    """One object for what many paths begin with."""
    return FirstStep(action=action, resources=resources)


def _one_each(steps: Iterable[Step]) -> dict[str, Step]:
    best: dict[str, Step] = {}
    for step in sorted(steps, key=lambda step: len(step.conditions)):
        best.setdefault(step.source, step)
    return best


def _administrator(trails: dict[str, Trail]) -> Trail | None:
    return trails.get(ADMINISTRATOR)


def _whole(step: Step) -> Iterable[Step]:
    return (step,) if step.then is None else (step, step.then)


def _sentence(step: Step) -> str:
    return step.technique.words.format(target=step.name, object=step.on)


def _shown(step: Step) -> PathStep:
    target = step.target
    if target == ADMINISTRATOR:
        target = step.object or ADMINISTRATOR
    return PathStep(
        source=step.source,
        target=target,
        object=step.object,
        technique=step.technique.id,
        sentence=_sentence(step),
        actions=step.technique.actions,
        conditions=step.conditions if step.then is None else step.doubts,
        proof=decision_proof(step.decisions),
    )
