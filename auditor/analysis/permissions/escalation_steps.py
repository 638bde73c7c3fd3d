"""The single steps by which a principal of an AWS account becomes another, or an administrator."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from auditor.analysis.permissions import stand_ins
from auditor.analysis.permissions.account_access import AccountAccess
from auditor.analysis.permissions.decision import Decision
from auditor.analysis.permissions.existing_compute import ExistingCompute
from auditor.analysis.permissions.techniques import Technique, TechniqueKind, techniques
from auditor.model.function import Function
from auditor.model.identity import PermissionPolicy, PolicyOrigin
from auditor.model.observed import Known, Unknown
from auditor.model.principals import Principal, PrincipalKind

ADMINISTRATOR: Final = "administrator"
"""As the target of a step: every permission of the account."""
_EC2: Final = "ec2.amazonaws.com"
_INTO_PROFILE: Final = "iam:AddRoleToInstanceProfile"
_NEW_PROFILE: Final = "iam:CreateInstanceProfile"
_ADMINISTRATOR_ACCESS: Final = "policy/AdministratorAccess"
_SIGNING: Final = ("lambda:deletefunctioncodesigningconfig", "lambda:putfunctioncodesigningconfig")
_ASSUME: Final = "sts:assumerole"
_OTHER_VERSION: Final = "policy-default-version"
_depends_on: Final = attrgetter("conditions")
_DIRECT: Final = frozenset(
    {
        *(TechniqueKind.PASS_ROLE, TechniqueKind.EXISTING_COMPUTE, TechniqueKind.FUNCTION),
        *(TechniqueKind.USER, TechniqueKind.TRUST, TechniqueKind.ASSUME),
    }
)


@dataclass(frozen=True)
class Step:
    """One step. ``name`` is what its sentence calls the target, ``object`` the id of what it is done to, ``doubts``
    what it depends on besides the conditions of its decisions. ``on`` is what its sentence calls existing compute that
    it acts on. ``then`` is the step that completes it.
    """

    technique: Technique
    source: str
    target: str
    name: str
    object: str
    decisions: tuple[Decision, ...]
    doubts: tuple[str, ...] = ()
    on: str = ""
    then: "Step | None" = None

    @property
    def unseen(self) -> bool:
        """Whether it acts on compute of which only the role is known, not whether any exists."""
        return self.technique.kind is TechniqueKind.EXISTING_COMPUTE and not self.object

    @property
    def conditions(self) -> tuple[str, ...]:
        """What has to hold and is not known; none: it works as it is."""
        if self.then is None and not self.doubts and not any(map(_depends_on, self.decisions)):
            return ()
        return self._conditions

    @cached_property
    def _conditions(self) -> tuple[str, ...]:
        keys = (key for decision in self.decisions for key in decision.conditions if key != "resource")
        own = (*self.doubts, *(f"the condition on {key} has to hold" for key in keys))
        rest = self.then.conditions if self.then is not None else ()
        return tuple(dict.fromkeys((*own, *rest)))


class _Written(NamedTuple):
    """A principal, group or policy whose permissions can be written, and the principals that gain by it."""

    id: str
    name: str
    holders: tuple[Principal, ...]


class _Acting(NamedTuple):
    """A function and the role that it runs as."""

    id: str
    role: str
    function: Function


class EscalationSteps:
    """The steps of each principal, found once."""

    def __init__(self, access: AccountAccess) -> None:
        self._access = access
        self._existing = ExistingCompute(access, access.compute)
        self._found: dict[str, tuple[Step, ...]] = {}
        self._needing: dict[str, dict[str, Step]] = {}
        self._written_to: dict[tuple[TechniqueKind, bool], tuple[_Written, ...]] = {}

    def of(self, principal: Principal) -> tuple[Step, ...]:
        """Every step of a principal that is no administrator, those that certainly work first."""
        found = self._found.get(principal.id)
        if found is None:
            steps = [*self._direct(principal)]
            steps += self._by_policy(principal, steps)
            found = self._found[principal.id] = tuple(sorted(steps, key=_conditions))
        return found

    def needing(self, principal: Principal) -> Mapping[str, Step]:
        """Steps that make an administrator of another principal, by its id: of use to who becomes that one too.

        Without its credentials they are a capability, and no step of a path.
        """
        self.of(principal)
        return self._needing[principal.id]

    def _direct(self, principal: Principal) -> Iterator[Step]:
        relevant = self._access.relevant(principal)
        for technique in techniques():
            if technique.kind is TechniqueKind.ASSUME:
                yield from self._assume(principal, technique)
            elif technique.kind in _DIRECT and relevant.issuperset(technique.keys):
                yield from self._by_kind(principal, technique)

    def _by_kind(self, principal: Principal, technique: Technique) -> Iterator[Step]:
        if technique.kind is TechniqueKind.PASS_ROLE:
            return self._passing(principal, technique)
        if technique.kind is TechniqueKind.EXISTING_COMPUTE:
            return self._on_compute(principal, technique)
        if technique.kind is TechniqueKind.FUNCTION:
            return self._functions(principal, technique)
        if technique.kind is TechniqueKind.USER:
            return self._on(principal, technique, self._access.users)
        return self._on(principal, technique, filter(self._access.editable, self._access.roles))

    def _on(self, principal: Principal, technique: Technique, targets: Iterable[Principal]) -> Iterator[Step]:
        for target, decision in self._access.possible_on(principal.id, technique.actions[0], targets):
            if target.id != principal.id:
                yield Step(technique, principal.id, target.id, target.name, target.id, (decision,))

    def _assume(self, principal: Principal, technique: Technique) -> Iterator[Step]:
        if principal.kind is PrincipalKind.GROUP:
            return
        allowed = _ASSUME in self._access.relevant(principal)
        for role, trust in self._access.assumable:
            if role.id == principal.id or not _may_name(trust, principal, self._access.owner.account, allowed=allowed):
                continue
            decision = self._access.may_assume(role.id, principal.id)
            if decision.possible:
                yield Step(technique, principal.id, role.id, role.name, role.id, (decision,))

    def _on_compute(self, principal: Principal, technique: Technique) -> Iterator[Step]:
        for use in self._existing.uses(principal, technique):
            name = self._access.principals[use.role].name
            yield Step(technique, principal.id, use.role, name, use.object, use.decisions, use.doubts, use.words)

    def _passing(self, principal: Principal, technique: Technique) -> Iterator[Step]:
        held: list[Decision] = []
        for action in technique.actions[1:]:
            found = self._access.may_somewhere(principal.id, action)
            if found is None:
                return
            held.extend(found)
        needed = self._existing.needed(principal.id, technique, tuple(held))
        if needed is None:
            return
        decisions, own = needed
        for service in technique.services:
            for role in self._access.trusting(service, federated=technique.federated):
                doubts = self._instance_profile(role, technique) if service == _EC2 else ()
                if role.id == principal.id or doubts is None:
                    continue
                passing = self._access.may_pass(principal.id, role, service)
                if passing.possible:
                    proof = (passing, *decisions)
                    yield Step(technique, principal.id, role.id, role.name, role.id, proof, (*own, *doubts))

    def _instance_profile(self, role: Principal, technique: Technique) -> tuple[str, ...] | None:
        """Doubts about an instance running as the role; None where none can. One that is in no instance profile can be
        put into a new one, or into one that holds another role.
        """
        profiles = role.instance_profiles
        if isinstance(profiles, Unknown):
            return ("an instance profile has to hold the role",)
        if _INTO_PROFILE not in technique.actions:
            return () if profiles.value else None
        possible = _NEW_PROFILE in technique.actions or self._any_profile
        return () if possible and not profiles.value else None

    @cached_property
    def _any_profile(self) -> bool:
        known = (role.instance_profiles for role in self._access.roles)
        return any(isinstance(profiles, Known) and profiles.value for profiles in known)

    def _functions(self, principal: Principal, technique: Technique) -> Iterator[Step]:
        own = (technique.doubt,) if technique.doubt else ()
        action = technique.actions[0]
        for acting, decision in self._access.possible_on(principal.id, action, self._acting):
            if acting.role == principal.id:
                continue
            decisions = self._on_function(principal, technique, acting.function, decision)
            if decisions is not None:
                yield Step(technique, principal.id, acting.role, acting.function.name, acting.id, decisions, own)

    @cached_property
    def _acting(self) -> tuple[_Acting, ...]:
        """The functions that run as a role of the account."""
        running = self._access.running_as.items()
        known = (each for each in running if each[0] in self._access.principals)
        return tuple(_Acting(each.id, role, each) for role, functions in known for each in functions)

    def _on_function(
        self, principal: Principal, technique: Technique, function: Function, first: Decision
    ) -> tuple[Decision, ...] | None:
        held = [first]
        for action in technique.actions[1:]:
            decision = self._access.may_on(principal.id, action, function.id)
            if not decision.possible:
                return None
            held.append(decision)
        if technique.keys == ("lambda:updatefunctioncode",) and _signed(function):
            undone = (self._access.may(principal.id, action, function.id) for action in _SIGNING)
            undoing = next((decision for decision in undone if decision.possible), None)
            if undoing is None:
                return None
            held.append(undoing)
        return tuple(held)

    def _by_policy(self, principal: Principal, direct: list[Step]) -> Iterator[Step]:
        """Steps that write permissions: of the principal itself, of one it can become, or of one that others are."""
        relevant = self._access.relevant(principal)
        known = (step for step in direct if not step.unseen)
        become = {step.target: step for step in sorted(known, key=_conditions, reverse=True)}
        needing = self._needing.setdefault(principal.id, {})
        for technique in techniques():
            if technique.kind in _DIRECT or not relevant.issuperset(technique.keys):
                continue
            if technique.kind is TechniqueKind.ACCOUNT:
                found = self._access.may_somewhere(principal.id, technique.actions[0])
                if found is not None:
                    yield Step(technique, principal.id, ADMINISTRATOR, "", "", found, (technique.doubt,))
                continue
            yield from _best(self._written(principal, technique, become, needing))

    def _written(
        self, principal: Principal, technique: Technique, become: Mapping[str, Step], needing: dict[str, Step]
    ) -> Iterator[Step]:
        action = technique.actions[0]
        context = {"iam:PolicyARN": (self._administrator_access(),)} if "Attach" in action else None
        written = self._objects(technique.kind, stored=technique.id == _OTHER_VERSION)
        own_first = chain(
            (each for each in written if each.id == principal.id), (each for each in written if each.id != principal.id)
        )
        for (object_id, name, holders), decision in self._access.possible_on(principal.id, action, own_first, context):
            own = (technique.doubt,) if technique.doubt and object_id not in self._known_versions else ()
            step = Step(technique, principal.id, ADMINISTRATOR, name, object_id, (decision,), own)
            for holder in holders:
                if holder.id == principal.id:
                    yield step
                elif holder.id in become:
                    yield replace(step, then=become[holder.id])
                else:
                    needing[holder.id] = min(needing.get(holder.id, step), step, key=_conditions)

    def _administrator_access(self) -> str:
        return f"arn:{self._access.owner.partition}:iam::aws:{_ADMINISTRATOR_ACCESS}"

    def _objects(self, kind: TechniqueKind, *, stored: bool) -> tuple[_Written, ...]:
        """What a technique of a kind can be done to, whoever does it; ``stored``: by bringing a stored version back."""
        found = self._written_to.get((kind, stored))
        if found is None:
            found = self._written_to[kind, stored] = tuple(self._found_objects(kind, stored=stored))
        return found

    def _found_objects(self, kind: TechniqueKind, *, stored: bool) -> Iterator[_Written]:
        access = self._access
        if kind in (TechniqueKind.ROLE_POLICY, TechniqueKind.USER_POLICY):
            for each in access.roles if kind is TechniqueKind.ROLE_POLICY else access.users:
                if access.editable(each) and access.could_administer(each):
                    yield _Written(each.id, each.name, (each,))
        elif kind in (TechniqueKind.GROUP_POLICY, TechniqueKind.GROUP_MEMBER):
            yield from self._groups(kind)
        elif kind is TechniqueKind.MANAGED_POLICY:
            yield from self._policies(stored=stored)
        elif kind in (TechniqueKind.ROLE_BOUNDARY, TechniqueKind.USER_BOUNDARY):
            for each in access.roles if kind is TechniqueKind.ROLE_BOUNDARY else access.users:
                bounded = isinstance(each.boundary, Known) and each.boundary.value is not None
                if bounded and access.is_administrator(stand_ins.unbounded(each.id)):
                    yield _Written(each.id, each.name, (each,))

    def _groups(self, kind: TechniqueKind) -> Iterator[_Written]:
        for group in self._access.groups:
            if kind is TechniqueKind.GROUP_MEMBER:
                if self._access.is_administrator(stand_ins.member_of(group.id)):
                    gaining = [user for user in self._access.users if self._access.could_administer(user)]
                    yield _Written(group.id, group.name, tuple(gaining))
                continue
            members = (user for user in self._access.users if group.id in user.groups)
            gaining = [user for user in members if self._access.could_administer(user)]
            yield _Written(group.id, group.name, tuple(gaining))

    @cached_property
    def _known_versions(self) -> frozenset[str]:
        """The policies whose stored versions were all told."""
        owners = self._access.principals.values()
        return frozenset(
            policy.id for owner in owners for policy in _attached(owner) if isinstance(policy.stored, Known)
        )

    def _grows(self, policy: PermissionPolicy, holder: Principal) -> bool:
        """Whether some version that is stored and not in force makes an administrator of who has it, at once or by
        letting it write its own policies. Of versions that the answer did not hold that cannot be told.
        """
        if not isinstance(policy.stored, Known):
            return True
        versions = (stand_ins.with_version(policy.id, place) for place in range(len(policy.stored.value)))
        return any(self._access.administers(version, holder.id) for version in versions)

    def _policies(self, *, stored: bool) -> Iterator[_Written]:
        """Customer-managed policies that are attached, with those who have them, through their groups too."""
        holders: dict[str, list[Principal]] = {}
        names: dict[str, str] = {}
        for each in (*self._access.roles, *self._access.users):
            groups = (self._access.principals[name] for name in each.groups if name in self._access.principals)
            for owner in (each, *groups):
                for policy in _attached(owner):
                    if stored and not self._grows(policy, each):
                        continue
                    names[policy.id] = policy.name
                    if self._access.could_administer(each):
                        holders.setdefault(policy.id, []).append(each)
        for policy_id, name in names.items():
            yield _Written(policy_id, name, tuple(holders.get(policy_id, ())))


def _attached(owner: Principal) -> Iterator[PermissionPolicy]:
    if isinstance(owner.policies, Unknown):
        return
    yield from (policy for policy in owner.policies.value if policy.origin is PolicyOrigin.CUSTOMER)


def _conditions(step: Step) -> int:
    """On how much a step depends."""
    return len(step.conditions)


def _best(steps: Iterable[Step]) -> Iterator[Step]:
    """The step that depends on least: one way to all permissions is enough of each technique."""
    best: Step | None = None
    for step in steps:
        if best is None or len(step.conditions) < len(best.conditions):
            best = step
        if not best.conditions:
            break
    if best is not None:
        yield best


def _signed(function: Function) -> bool:
    """Whether the function takes signed code only."""
    signing = function.code.signing
    return isinstance(signing, Known) and signing.value is not None and signing.value.enforced


def _may_name(trust: str, principal: Principal, account: str, *, allowed: bool) -> bool:
    """Whether a trust policy may mean the principal. One that names its account leaves it to the principal's own
    policies, and only one that names the principal itself does without them.
    """
    return principal.id in trust or "*" in trust or (allowed and account in trust)
