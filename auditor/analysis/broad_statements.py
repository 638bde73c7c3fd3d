"""Statements of a role that allow too much, each under its broadest name.

A statement that makes an administrator is not reported again for the services and resources it holds, and one with
a whole service not again for single actions on every resource. What a statement cannot do is left out: actions that
do not exist, that take no resource, or whose kind of resource it does not name; what an unconditioned Deny takes
away; all of it under a condition that never holds. A permissions boundary is not weighed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from auditor.analysis.action_impact import Impact, impact, worst
from auditor.analysis.administrators import makes_administrator
from auditor.analysis.deny_statements import Denials, is_everything, names
from auditor.analysis.resource_patterns import Owner, means_everything, meets, plain
from auditor.analysis.service_authorization import Action, ResourceType, matching, service, spelled
from auditor.analysis.statement_reach import covered, on_everything, reaches, reaches_all, several
from auditor.model.exposure import Effect
from auditor.model.identity import Conditions, PolicyStatement
from auditor.model.severity import Severity

_PASS_ROLE = "iam:PassRole"  # noqa: S105 - an action
_ALL = "*"
_ARN_PARTS = 6


class Breadth(StrEnum):
    """How much a statement allows. Ordered broadest first."""

    ADMINISTRATOR = "administrator"
    """Every action, or all but some, on every resource."""
    SERVICE = "service"
    """Every action of a service."""
    RESOURCE = "resource"
    """Actions on every resource of a type."""


@dataclass(frozen=True, slots=True)
class BroadStatement:
    """An Allow statement and what is too broad in it.

    ``actions`` are its patterns that are, as AWS spells them; ``but`` those excluded from them. ``resources`` are the
    patterns that matter (none: it is written with NotResource). ``every``: they mean every resource, of a type at
    least. ``impact`` is the worst it allows; ``administrator``: it can give itself what it lacks.
    """

    grant: PolicyStatement
    breadth: Breadth
    actions: tuple[str, ...]
    but: tuple[str, ...]
    resources: tuple[str, ...]
    every: bool
    impact: Impact
    administrator: bool = False

    @property
    def what(self) -> str:
        """Its actions, for a sentence."""
        listed = "every action" if self.actions == (_ALL,) else ", ".join(self.actions)
        return f"{listed} except {', '.join(self.but)}" if self.but else listed

    @property
    def where(self) -> str:
        """Its resources, for a sentence."""
        if self.grant.not_resources:
            return f"every resource except {', '.join(self.grant.not_resources)}"
        if not self.every:
            return ", ".join(self.resources)
        wide = {plain(resource) for resource in self.resources} <= {_ALL, "*:*"}
        return "every resource" if wide else f"every resource of its type ({', '.join(self.resources)})"

    @property
    def severity(self) -> Severity | None:
        """How bad it is; None where a condition narrows what may be done so far that it is not broad."""
        conditions = self.grant.conditions
        if self.breadth is Breadth.SERVICE:
            bad = min(Severity.HIGH if self.every else Severity.MEDIUM, self._impact, key=lambda one: one.rank)
            if conditions is Conditions.NARROWING:
                return min(bad, Severity.MEDIUM, key=lambda one: one.rank)
        else:
            if conditions is Conditions.NARROWING:
                return None
            bad = self._impact
            if self.breadth is Breadth.ADMINISTRATOR:
                bad = Severity.CRITICAL if self.administrator else Severity.HIGH
        return _lower(bad) if conditions is Conditions.CIRCUMSTANCE else bad

    @property
    def _impact(self) -> Severity:
        return self.impact.severity or Severity.LOW


def _lower(severity: Severity) -> Severity:
    """One step less bad, and low at least."""
    steps = list(Severity)
    return steps[min(steps.index(severity) + 1, steps.index(Severity.LOW))]


@lru_cache(maxsize=1024)
def broad_statements(grants: tuple[PolicyStatement, ...], owner: Owner) -> tuple[BroadStatement, ...]:
    """The broad ones among the Allow statements, in their order: at most one each.

    Remembered, because several checks ask about the same role.
    """
    denials = Denials(grants, owner)
    found = (_Reader(grant, denials, owner).broad() for grant in grants if _counts(grant))
    return tuple(broad for broad in found if broad is not None)


def passes_any_role(grants: Iterable[PolicyStatement], owner: Owner) -> tuple[PolicyStatement, ...]:
    """Allow statements by which the identity may hand every role (of one account, or of all) to a service."""
    held = tuple(grants)
    denials = Denials(held, owner)
    passing = matching(_PASS_ROLE)[0]
    return tuple(
        grant
        for grant in held
        if _counts(grant)
        and (not names(grant.not_actions, passing) if grant.not_actions else names(grant.actions, passing))
        and reaches_all(passing, grant, owner)
        and not denials.take(passing, grant.resources or (_ALL,))
    )


def _counts(grant: PolicyStatement) -> bool:
    return grant.effect is Effect.ALLOW and grant.conditions is not Conditions.NEVER


class _Reader:
    """Reads one Allow statement beside the Deny statements of its identity."""

    def __init__(self, grant: PolicyStatement, denials: Denials, owner: Owner) -> None:
        self._grant = grant
        self._denials = denials
        self._owner = owner
        self._resources = grant.resources or (_ALL,)

    def broad(self) -> BroadStatement | None:
        """The statement under its broadest name."""
        grant = self._grant
        if not grant.not_actions and not any(map(is_everything, grant.actions)):
            return self._listed(grant.actions)
        if any(map(is_everything, grant.not_actions)) or self._denials.take_everything(self._resources):
            return None
        if not on_everything(grant, self._owner):
            return self._on_named()
        left = self._denials.left(self._resources)
        return self._nearly_everything() if left is None else self._listed(left)

    def _made(self, breadth: Breadth, actions: Iterable[str], worst_of: Impact, **more: object) -> BroadStatement:
        fields = {"but": (), "resources": self._grant.resources, "every": True, **more}
        listed = tuple(dict.fromkeys(map(spelled, actions)))
        return BroadStatement(self._grant, breadth, listed, impact=worst_of, **fields)  # type: ignore[arg-type]

    def _nearly_everything(self) -> BroadStatement:
        """``*`` on every resource, with what NotAction and Deny statements take from it."""
        taken = (*self._grant.not_actions, *self._denials.patterns(self._resources))
        return self._made(
            Breadth.ADMINISTRATOR,
            (_ALL,),
            Impact.IDENTITY,
            but=tuple(dict.fromkeys(map(spelled, taken))),
            administrator=makes_administrator(
                lambda action: not names(taken, action) and not self._denials.take(action, self._resources)
            ),
        )

    def _on_named(self) -> BroadStatement | None:
        """Every action on the resources of some services is every action of those services."""
        prefixes = dict.fromkeys(map(_service_of, self._resources))
        services = tuple(name for name in prefixes if name == _ALL or self._left(name))
        if not services:
            return None
        everywhere = _ALL in services
        bad = Impact.SECRETS if everywhere else worst(_of_service(name) for name in services)
        but = tuple(map(spelled, self._grant.not_actions))
        return self._made(Breadth.SERVICE, services, bad, but=but, every=everywhere or self._every(services))

    def _left(self, name: str) -> list[Action]:
        """The actions of a pattern that the statement and the Deny statements leave, and that meet a resource."""
        return [
            action
            for action in matching(plain(name))
            if not names(self._grant.not_actions, action)
            and reaches(action, self._grant, self._owner)
            and not self._denials.take(action, self._resources)
        ]

    def _listed(self, patterns: tuple[str, ...]) -> BroadStatement | None:
        """A statement with its actions listed: whole services, else actions on every resource."""
        services = tuple(name for name in patterns if _is_service(name) and self._left(name))
        broad = dict(self._broad_patterns(name for name in patterns if name not in services))
        if not services:
            resources = self._broad_resources(broad)
            return self._made(Breadth.RESOURCE, broad, worst(broad.values()), resources=resources) if broad else None
        taken = [name for name in self._denials.patterns(self._resources) if _is_within(name, services)]
        besides = {name: bad for name, bad in broad.items() if bad.severity is not Severity.LOW}
        return self._made(
            Breadth.SERVICE,
            (*services, *besides),
            worst((*besides.values(), *map(_of_service, services))),
            but=tuple(dict.fromkeys(map(spelled, taken))),
            resources=self._met(services),
            every=self._every(services),
        )

    def _every(self, services: Iterable[str]) -> bool:
        """Whether the resources mean every one of a type of the services."""
        kinds = [kind for name in services for kind in several(_kinds(name))]
        if self._grant.not_resources:
            return not any(covered(kind, self._grant.not_resources, self._owner) for kind in kinds)
        if on_everything(self._grant, self._owner):
            return True
        return any(covered(kind, self._resources, self._owner) for kind in kinds)

    def _met(self, services: Iterable[str]) -> tuple[str, ...]:
        kinds = [kind for name in services for kind in _kinds(name)]
        return tuple(
            resource
            for resource in self._grant.resources
            if means_everything(resource, self._owner) or any(meets(resource, kind, self._owner) for kind in kinds)
        )

    def _broad_patterns(self, patterns: Iterable[str]) -> Iterator[tuple[str, Impact]]:
        """The action patterns that reach every resource of a type, with the worst each leads to.

        Passing roles is :func:`passes_any_role`'s. A pattern that only describes counts where none of its actions
        needs ``*``.
        """
        for pattern in patterns:
            left = [action for action in self._left(pattern) if action.id != _PASS_ROLE]
            whole = [action for action in left if reaches_all(action, self._grant, self._owner)]
            found = worst(map(impact, whole))
            mixed = found is Impact.METADATA and not all(action.resource_types for action in left)
            if found.severity is not None and not mixed:
                yield pattern, found

    def _broad_resources(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """Those of its resources that mean every one of a type of its broad actions."""
        actions = (action for pattern in patterns for action in matching(plain(pattern)))
        kinds = {kind for action in actions for kind in several(action.resource_types)}
        return tuple(
            resource
            for resource in self._grant.resources
            if any(covered(kind, (resource,), self._owner) for kind in kinds)
        )


def _service_of(resource: str) -> str:
    """Every action that can apply to the resource: those of its service, where it names one."""
    parts = resource.split(":")
    prefix = parts[2].lower() if len(parts) >= _ARN_PARTS else ""
    return f"{prefix}:*" if prefix and not set("*?$") & set(prefix) else _ALL


def _is_service(pattern: str) -> bool:
    prefix, _, name = plain(pattern).partition(":")
    return name == _ALL and prefix != _ALL


def _kinds(name: str) -> tuple[ResourceType, ...]:
    found = service(name.partition(":")[0])
    return found.resource_types if found else ()


def _of_service(name: str) -> Impact:
    """The worst of a service. One of which no action takes a resource can only be narrowed by action."""
    actions = matching(name)
    scopable = any(action.resource_types for action in actions)
    return worst(map(impact, actions)) if scopable else Impact.METADATA


def _is_within(pattern: str, services: Iterable[str]) -> bool:
    """Whether a pattern that is denied is about one of the services."""
    prefixes = {name.partition(":")[0] for name in services}
    return pattern.partition(":")[0] in prefixes
