"""Compute that exists in an account besides its functions: which a principal can use, and as which role it runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from auditor.analysis.permissions.account_access import WHICH, AccountAccess
from auditor.analysis.permissions.command_documents import RUN_THEM
from auditor.analysis.permissions.decision import Decision
from auditor.analysis.permissions.techniques import Technique, TechniqueKind, techniques
from auditor.model.compute import Compute, ComputeKind, ComputeList, Trait
from auditor.model.observed import Gap, Known, Unknown
from auditor.model.principals import Principal

_NOUNS: Final = {
    ComputeKind.INSTANCE: ("an", "EC2 instance"),
    ComputeKind.LAUNCH_TEMPLATE: ("a", "launch template"),
    ComputeKind.AUTO_SCALING_GROUP: ("an", "Auto Scaling group"),
    ComputeKind.BUILD_PROJECT: ("a", "CodeBuild project"),
    ComputeKind.STACK: ("a", "CloudFormation stack"),
    ComputeKind.STACK_SET: ("a", "CloudFormation stack set"),
    ComputeKind.NOTEBOOK: ("a", "SageMaker notebook"),
    ComputeKind.DEV_ENDPOINT: ("a", "Glue development endpoint"),
    ComputeKind.GLUE_JOB: ("a", "Glue job"),
    ComputeKind.ECS_CLUSTER: ("an", "ECS cluster"),
    ComputeKind.ECS_TASK: ("an", "ECS task"),
    ComputeKind.TASK_DEFINITION: ("an", "ECS task definition"),
    ComputeKind.JOB_DEFINITION: ("a", "Batch job definition"),
    ComputeKind.APP_RUNNER_SERVICE: ("an", "App Runner service"),
    ComputeKind.STATE_MACHINE: ("a", "state machine"),
    ComputeKind.CODE_INTERPRETER: ("an", "AgentCore code interpreter"),
    ComputeKind.AGENT_RUNTIME: ("an", "AgentCore runtime"),
    ComputeKind.AGENT_BROWSER: ("an", "AgentCore browser"),
    ComputeKind.IDENTITY_POOL: ("an", "identity pool"),
}
_UNSURE: Final = {
    Trait.RUNNING: "it has to run",
    Trait.MANAGED: "its agent has to take commands of Systems Manager",
    Trait.EXEC: "command execution has to be switched on for it",
    Trait.BATCHES: "it has to be set up for batches",
    Trait.PROFILE: "it has to have an instance profile",
    Trait.NO_PROFILE: "it must have no instance profile yet",
}
_MADE_BY: Final = {ComputeKind.ECS_CLUSTER: "ecs:CreateCluster"}
"""What makes compute of a kind that needs nothing else, so that none has to exist."""
_PROFILE: Final = ":instance-profile/"


@dataclass(frozen=True, slots=True)
class Use:
    """How a technique can be done: ``role`` is the role gained ("" where it is passed), ``object`` the ARN of the
    compute ("" where it was not read), ``words`` what a sentence calls it.
    """

    role: str
    object: str
    words: str
    decisions: tuple[Decision, ...]
    doubts: tuple[str, ...]


def noun(kind: ComputeKind) -> str:
    """A kind with its article: ``an EC2 instance``."""
    return " ".join(_NOUNS[kind])


class ExistingCompute:
    """The compute of one account. What was not read is in doubt, what was and is not there is no way in."""

    def __init__(self, access: AccountAccess, lists: Iterable[ComputeList]) -> None:
        self._access = access
        self._lists = {each.kind: each for each in lists}

    def uses(self, principal: Principal, technique: Technique) -> Iterator[Use]:
        """The ways to do a technique that acts on compute which runs as a role: of each role the best."""
        if not technique.needs:
            yield from self._unread(principal, technique, technique.doubt, set())
            return
        kind = technique.needs[0]
        found: dict[str, Use] = {}
        for item in self._items(kind):
            role = self._role(item.role)
            if role in (None, principal.id) or (role in found and not found[role].doubts):
                continue
            use = self._use(principal.id, technique, kind, item, role or "")
            if use is not None and (role not in found or _doubts(use) < _doubts(found[role or ""])):
                found[use.role] = use
        yield from found.values()
        gap = self._gap(kind)
        if gap is not None:
            yield from self._unread(principal, technique, _not_read(technique.doubt, gap), found.keys())

    def needed(
        self, principal: str, technique: Technique, held: tuple[Decision, ...]
    ) -> tuple[tuple[Decision, ...], tuple[str, ...]] | None:
        """What a technique that passes a role needs besides: the decisions and the doubts; None where it cannot be
        done, because compute that it needs does not exist. ``held`` are the decisions where nothing is needed.
        """
        decisions, doubts = held, [technique.doubt] if technique.doubt else []
        for kind in technique.needs:
            made_by = _MADE_BY.get(kind)
            if made_by is not None and self._access.may_somewhere(principal, made_by) is not None:
                continue
            best = self._best(principal, technique, kind)
            gap = self._gap(kind)
            if best is None and gap is None:
                return None
            if best is None or (best.doubts and gap is not None):
                doubts.append(_not_read(f"{noun(kind)} has to exist", gap))
                continue
            decisions = (*best.decisions, *decisions)
            if kind is ComputeKind.INSTANCE and (entry := self._entry(principal, best.object)) is not None:
                doubts = []
                decisions = (*decisions, *entry)
            doubts.extend(best.doubts)
        return tuple(dict.fromkeys(decisions)), tuple(dict.fromkeys(doubts))

    def _best(self, principal: str, technique: Technique, kind: ComputeKind) -> Use | None:
        best: Use | None = None
        for item in self._items(kind):
            use = self._use(principal, technique, kind, item, "")
            if use is not None and (best is None or _doubts(use) < _doubts(best)):
                best = use
            if best is not None and not best.doubts:
                break
        return best

    def _entry(self, principal: str, instance: str) -> tuple[Decision, ...] | None:
        """A way into an instance whose profile is about to change."""
        item = next(each for each in self._items(ComputeKind.INSTANCE) if each.id == instance)
        for technique in techniques():
            if technique.kind is TechniqueKind.EXISTING_COMPUTE and technique.needs[:1] == (ComputeKind.INSTANCE,):
                use = self._use(principal, technique, ComputeKind.INSTANCE, item, "")
                if use is not None and not use.doubts:
                    return use.decisions
        return None

    def _use(self, principal: str, technique: Technique, kind: ComputeKind, item: Compute, role: str) -> Use | None:
        if any(trait not in item.traits and trait not in item.unsure for trait in technique.traits):
            return None
        decisions: list[Decision] = []
        for action in technique.actions:
            if action != "iam:PassRole":
                found = self._access.may_at(principal, action, item.id)
                if found is None:
                    return None
                decisions.extend(found)
        doubts = [_UNSURE[trait] for trait in technique.traits if trait not in item.traits]
        if technique.still and technique.kind is TechniqueKind.EXISTING_COMPUTE:
            doubts.append(technique.still)
        if RUN_THEM.intersection(technique.actions) and any(WHICH in decision.conditions for decision in decisions):
            doubts.append("the document that it may run has to take commands")
        return Use(role, item.id, f"{_NOUNS[kind][1]} {item.name}", tuple(decisions), tuple(doubts))

    def _unread(self, principal: Principal, technique: Technique, doubt: str, known: Iterable[str]) -> Iterator[Use]:
        """The roles that such compute could run as, where it was not read which exists."""
        decisions: list[Decision] = []
        for action in technique.actions:
            found = self._access.may_somewhere(principal.id, action)
            if found is None:
                return
            decisions.extend(found)
        words = noun(technique.needs[0]) if technique.needs else ""
        for service in technique.services:
            for role in self._access.trusting(service, federated=technique.federated):
                if role.id != principal.id and role.id not in known:
                    yield Use(role.id, "", words, tuple(decisions), (doubt,))

    def _items(self, kind: ComputeKind) -> tuple[Compute, ...]:
        listed = self._lists.get(kind)
        groups = listed.found if listed is not None else ()
        return tuple(item for group in groups if isinstance(group, Known) for item in group.value)

    def _gap(self, kind: ComputeKind) -> Gap | str | None:
        """Why there may be more of a kind; "" where it was never asked for."""
        listed = self._lists.get(kind)
        if listed is None:
            return ""
        return next((group.gap for group in listed.found if isinstance(group, Unknown)), None)

    def _role(self, named: str) -> str | None:
        """The role that is named, by ARN, by one without its path, or by the instance profile that holds it."""
        if named in self._access.principals:
            return named
        if _PROFILE in named:
            return self._by_profile.get(named.rpartition("/")[2])
        return self._by_name.get(named.rpartition("/")[2]) if named else None

    @cached_property
    def _by_profile(self) -> dict[str, str]:
        roles = self._access.roles
        held = ((role.id, role.instance_profiles.value) for role in roles if isinstance(role.instance_profiles, Known))
        return {profile.rpartition("/")[2]: role for role, profiles in held for profile in profiles}

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {role.name: role.id for role in self._access.roles}


def _doubts(use: Use) -> int:
    return len(use.doubts) + sum(len(decision.conditions) for decision in use.decisions)


def _not_read(doubt: str, gap: Gap | str | None) -> str:
    return f"{doubt} ({gap.permission} is needed to tell)" if isinstance(gap, Gap) and gap.permission else doubt
