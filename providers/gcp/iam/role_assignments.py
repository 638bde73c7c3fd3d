"""The roles bound to one identity, wherever they are bound."""

from dataclasses import dataclass
from typing import Any, Final

from auditor.analysis.permissions.role_techniques import permissions_of
from auditor.model.identity import AssignmentLevel, RoleAssignment, RolePower
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Observed, Unknown
from providers.gcp.iam.conditions import ConditionState
from providers.gcp.iam.grants import Binding, bindings
from providers.gcp.iam.members import Home, MemberKind, parse
from providers.gcp.iam.roles import Capability, Roles, is_custom

SENSITIVE: Final = tuple(sorted(permissions_of(Cloud.GCP)))
"""The permissions that techniques need."""
_EVERY_ACCOUNT: Final = "/type/ServiceAccount"
_PUBLIC: Final = (MemberKind.EVERYONE, MemberKind.AUTHENTICATED)
_SETS: Final = "principalSet://cloudresourcemanager.googleapis.com/"
_CONDITIONAL: Final = (ConditionState.UNDECIDED, ConditionState.LATER)
_ON_RESOURCE: Final = (
    ("/serviceAccounts/", {"open-accounts", "mint-credentials", "mint-identity-tokens", "act-as"}),
    ("/functions/", {"replace-functions", "replace-services"}),
    ("/services/", {"replace-services"}),
    ("/buckets/gcf-", {"replace-objects"}),
    ("/buckets/run-sources-", {"replace-objects"}),
    ("/repositories/", {"replace-images"}),
)
"""By the kind of a single resource: the capabilities that take over another identity or its code there."""


@dataclass(frozen=True, slots=True)
class PolicyTarget:
    """Where a policy lies: the resource it guards, how wide that is, and in which project."""

    resource: str
    level: AssignmentLevel
    project: str | None


@dataclass(frozen=True, slots=True)
class Holder:
    """The identity whose roles are looked for, seen from the project of its function.

    ``above`` names the project and what is above it, as ``projects/p`` and ``folders/1``; ``itself`` the relative
    names of its own resource: what it may do with itself takes nobody over.
    """

    email: str
    home: Home
    above: frozenset[str] = frozenset()
    itself: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """The bindings of an identity at one place; ``gap`` where a role there could not be told."""

    found: tuple[RoleAssignment, ...]
    gap: Gap | None


def bound(policy: dict[str, Any], target: PolicyTarget, holder: Holder, roles: Roles) -> Held:
    """What a policy grants an identity; a binding whose condition has ended grants nothing.

    Raises PolicyMalformedError.
    """
    found: list[RoleAssignment] = []
    gap: Gap | None = None
    for binding in bindings(policy):
        named = any(_is(text, holder.email) for text in binding.members)
        through = None if named else next((text for text in binding.members if _includes(text, holder)), None)
        if (not named and through is None) or binding.held(holder.home) is ConditionState.ENDED:
            continue
        held = roles.capabilities(binding.role)
        power = roles.power(binding.role)
        if isinstance(held, Unknown) or isinstance(power, Unknown):
            unknown = held if isinstance(held, Unknown) else power
            gap = gap or unknown.gap  # type: ignore[union-attr]  # one of them is Unknown
            continue
        weighed = _weighed(power.value, held.value, target, holder)
        permissions = roles.holds(binding.role, SENSITIVE)
        sensitive = permissions.value if isinstance(permissions, Known) else ()  # unknown only where power is
        found.append(_binding(binding, target, holder, through, weighed, sensitive))
    return Held(tuple(found), gap)


def held_by_member(binding: Binding, target: PolicyTarget, home: Home, roles: Roles) -> Observed[RoleAssignment] | None:
    """A binding as a role of each of its members; None where its condition has ended."""
    if binding.held(home) is ConditionState.ENDED:
        return None
    held, power, permissions = (
        roles.capabilities(binding.role),
        roles.power(binding.role),
        roles.holds(binding.role, SENSITIVE),
    )
    for fact in (held, power, permissions):
        if isinstance(fact, Unknown):
            return fact
    holder = Holder("", home)
    weighed = _weighed(power.need(), held.need(), target, holder)
    return Known(_binding(binding, target, holder, None, weighed, permissions.need()), "")


def _binding(
    binding: Binding,
    target: PolicyTarget,
    holder: Holder,
    through: str | None,
    weighed: tuple[RolePower, tuple[str, ...]],
    held: tuple[str, ...],
) -> RoleAssignment:
    power, reaches = weighed
    return RoleAssignment(
        id=f"{target.resource}#{binding.role}" + (f"#{binding.index}" if binding.condition is not None else ""),
        role=binding.role.removeprefix("roles/"),
        role_id=binding.role,
        custom=is_custom(binding.role),
        power=power,
        scope=target.resource,
        level=target.level,
        account=target.project,
        foreign=target.project is not None and target.project != holder.home.project,
        through=through,
        condition=binding.condition,
        conditional=binding.held(holder.home) in _CONDITIONAL,
        reaches=reaches,
        permissions=held,
    )


def names_account(text: str, holder: Holder) -> bool:
    """Whether a member is the account, or a set that it is among: not groups, whose members are not read."""
    return _is(text, holder.email) or _includes(text, holder)


def _is(text: str, email: str) -> bool:
    """Addresses compare without case; a deleted account of the same name is another account."""
    member = parse(text)
    return member.kind in (MemberKind.ACCOUNT, MemberKind.AGENT) and member.identity.lower() == email.lower()


def _includes(text: str, holder: Holder) -> bool:
    """Members that the service account is among: everyone, or every one of its project, folder or organisation."""
    member = parse(text)
    if member.kind in _PUBLIC:
        return True
    if not text.startswith(_SETS) or not text.endswith(_EVERY_ACCOUNT):
        return False
    if member.project is not None:
        return holder.home.owns(member.project)
    return text.removeprefix(_SETS).removesuffix(_EVERY_ACCOUNT) in holder.above


def _weighed(
    power: RolePower, held: tuple[Capability, ...], target: PolicyTarget, holder: Holder
) -> tuple[RolePower, tuple[str, ...]]:
    """On one resource a role amounts to what it takes over there: an administrator of one bucket is none of more."""
    if target.level is not AssignmentLevel.RESOURCE:
        return power, tuple(each.reaches for each in held)
    if target.resource in holder.itself:
        return RolePower.PLAIN, ()
    wanted = next((ids for part, ids in _ON_RESOURCE if part in f"/{target.resource}"), set[str]())
    taken = tuple(each.reaches for each in held if each.id in wanted)
    return (RolePower.TAKEOVER, taken) if taken else (RolePower.PLAIN, ())
