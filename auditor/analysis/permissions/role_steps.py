"""The steps and paths from one principal to another, and the small judgements that they are made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from auditor.analysis.permissions.role_estate import Access, Target
from auditor.analysis.permissions.role_techniques import TargetKind, Technique, permissions_of, techniques
from auditor.analysis.role_assignments import administers
from auditor.model.identity import AssignmentLevel, RoleAssignment, RolePower
from auditor.model.ids import Cloud
from auditor.model.role_holders import OWN, HolderKind, RoleHolder

_STRONG: Final = (RolePower.OWNER, RolePower.ADMIN, RolePower.TAKEOVER, RolePower.SERVICE)
WIDE: Final = (AssignmentLevel.ORGANISATION, AssignmentLevel.ACCOUNT)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a technique used on a target by what roles allow. ``doubt``: why it may fail; "" where it does not."""

    technique: Technique
    target: Target
    proof: tuple[Access, ...]
    doubt: str

    @property
    def sentence(self) -> str:
        """What is done, continuing the name of who does it."""
        return self.technique.words.format(target=self.target.name)


@dataclass(frozen=True, slots=True)
class Path:
    """Steps in order, and what they lead to: a principal, or ownership of a scope."""

    steps: tuple[Step, ...]
    reached: str
    """Id of the principal."""
    administers: str
    """The role and scope by which what is reached is an administrator; "" where it is none."""

    @property
    def doubt(self) -> str:
        """Why it may fail: that of the first step that has one."""
        return next((step.doubt for step in self.steps if step.doubt), "")

    @property
    def sentence(self) -> str:
        """The steps in words, and what is reached."""
        told = ", then ".join(step.sentence for step in self.steps)
        return f"{told}, which is {self.administers}" if self.administers else told


@dataclass(frozen=True, slots=True)
class Taker:
    """A principal that can take a function over, and how."""

    holder: RoleHolder
    step: Step


def shortest(paths: Iterable[Path]) -> tuple[Path, ...]:
    """One path to each principal, the certain one before the doubtful one; administrators first, then the short."""
    found: dict[str, Path] = {}
    for path in paths:
        before = found.get(path.reached)
        if before is None or (before.doubt and not path.doubt):
            found[path.reached] = path
    return tuple(sorted(found.values(), key=lambda path: (not path.administers, bool(path.doubt), len(path.steps))))


def certainly_administers(role: RoleAssignment) -> bool:
    """Owner, administrator or editor of a whole account or more, whatever is asked."""
    return administers(role) and role.level in WIDE and role.condition is None


def strong(role: RoleAssignment) -> bool:
    """Whether a role matters to one who becomes its holder."""
    return role.power in _STRONG or administers(role)


def begins(role: RoleAssignment, cloud: Cloud) -> bool:
    """Whether a role allows what any technique begins with that leads to another principal."""
    held = {*role.permissions, *role.limited_permissions}
    return any(
        technique.takes_over and technique.target is not TargetKind.NONE and technique.everywhere & held
        for technique in techniques(cloud)
    )


def capabilities(roles: Iterable[RoleAssignment], cloud: Cloud) -> Iterator[tuple[Technique, RoleAssignment]]:
    """What roles let their holder do, technique by technique, with the role that does."""
    held = tuple(roles)
    for technique in techniques(cloud):
        for role in held:
            if technique.permissions.intersection((*role.permissions, *role.limited_permissions)):
                yield technique, role


def owner(binding: RoleAssignment, cloud: Cloud) -> RoleAssignment:
    """The role of an owner in place of another."""
    held = tuple(sorted(permissions_of(cloud)))
    return replace(
        binding,
        id=f"{binding.scope}#owner",
        role="Owner",
        role_id="owner",
        custom=False,
        power=RolePower.OWNER,
        condition=None,
        conditional=False,
        permissions=held,
        limited_permissions=(),
    )


def nobody(principal: str) -> RoleHolder:
    """A principal of which no role is known."""
    return RoleHolder(id=principal, name=principal, kind=HolderKind.UNRECOGNISED, outside=OWN, roles=())


def itself(binding: RoleAssignment, name: str) -> Target:
    """The scope of a role, as something that a technique is used on."""
    return Target((binding.scope,), name, TargetKind.GRANT, binding.account or "", ())


def includes(held: RoleAssignment, other: RoleAssignment) -> bool:
    """Whether one role is the other, held there or above."""
    if held.scope == other.scope or other.scope.startswith(f"{held.scope}/"):
        return set(other.permissions) <= set(held.permissions) and held.role_id == other.role_id
    return False
