"""Who can take a function over, grouped by the role that lets them, as checks read it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from auditor.analysis.binding_removal import Removal, for_each, named, removal
from auditor.analysis.permissions.role_estate import known_of
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.permissions.role_steps import Step, Taker, certainly_administers
from auditor.analysis.role_assignments import administers, assignment_site, sensitive
from auditor.analysis.role_repairs import AZURE_UNASSIGNMENT
from auditor.analysis.roles import identities_of
from auditor.model.function import Function
from auditor.model.identity import RoleAssignment, RolePower
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Gap, Known, Unanswered, graver
from auditor.model.role_holders import HolderKind, RoleHolder
from auditor.model.severity import Confidence, Severity

_SHOWN: Final = 4
_LISTS: Final = {"projects": "GetProjectPolicy", "folders": "GetFolderPolicy", "organizations": "GetOrganizationPolicy"}
_PREFIXES: Final = {
    HolderKind.SERVICE_ACCOUNT: "serviceAccount:",
    HolderKind.SERVICE_AGENT: "serviceAccount:",
}
_UNRESOLVED: Final = "; who else belongs to the group is not read here (Microsoft Graph GroupMember.Read.All)"


class TakenBy(NamedTuple):
    """Principals that hold one role on one scope, and what it lets them do with a function."""

    binding: RoleAssignment
    holders: tuple[RoleHolder, ...]
    names: tuple[str, ...]
    step: Step
    cloud: Cloud

    @property
    def locus(self) -> str:
        """Stable and unique among what is found of a function."""
        return f"{self.binding.role}@{self.binding.scope}"

    @property
    def site(self) -> str:
        """The one assignment; of several, the role where it is assigned."""
        sites = {assignment_site(self._of(each), self._of(each).through or each.id) for each in self.holders}
        return sites.pop() if len(sites) == 1 else f"{self.binding.role} on {self.binding.scope}"

    @property
    def sentence(self) -> str:
        """Who holds what, and what that is good for."""
        more = len(self.names) - _SHOWN
        who = ", ".join((*self.names[:_SHOWN], *((f"{more} more",) if more > 0 else ())))
        several = f"{len(self.names)} principals ({who}) hold" if len(self.names) > 1 else f"{who} holds"
        doubt = f"; in doubt: {self.step.doubt}" if self.step.doubt else ""
        groups = any(holder.kind is HolderKind.GROUP for holder in self.holders)
        untold = _UNRESOLVED if groups and self.cloud is Cloud.AZURE else ""
        return (
            f"{several} {self.binding.role} on {self.binding.scope}, with which one {self.step.sentence}{doubt}{untold}"
        )

    @property
    def source(self) -> str:
        """The operation that lists the assignment."""
        return source_of(self.binding)

    @property
    def confidence(self) -> Confidence | None:
        """Medium where something is in doubt."""
        return Confidence.MEDIUM if self.step.doubt else None

    @property
    def command(self) -> str | None:
        """What takes the role from every holder; None where the fix's own command names the one assignment."""
        if self.cloud is Cloud.GCP:
            return for_each(self._removal.command, self._members)
        several = len(self._assignments) > 1
        return for_each(AZURE_UNASSIGNMENT, self._assignments, "assignment") if several else None

    def fix_values(self) -> dict[str, str]:
        """``{assignment}``, ``{granted}``, ``{member}``, ``{on}`` of the first holder, and what the command names."""
        first = self.holders[0]
        return {
            "assignment": self._of(first).id,
            "granted": self.binding.role_id if self.cloud is Cloud.GCP else self.binding.role,
            "member": member_of(first),
            "on": self.binding.scope,
            **self._of_every_holder(),
        }

    def _of_every_holder(self) -> dict[str, str]:
        if self.cloud is Cloud.GCP:
            return {**self._removal.values, **named(self._members)}
        return named(self._assignments, "assignment")

    @property
    def _members(self) -> list[str]:
        return [member_of(holder) for holder in self.holders]

    @property
    def _assignments(self) -> list[str]:
        """Those of every holder; a group and its members hold the same."""
        return list(dict.fromkeys(self._of(holder).id for holder in self.holders))

    @property
    def _removal(self) -> Removal:
        return removal(self.binding.scope, conditional=self.binding.condition is not None)

    def _of(self, holder: RoleHolder) -> RoleAssignment:
        same = (
            role for role in holder.roles if (role.role_id, role.scope) == (self.binding.role_id, self.binding.scope)
        )
        return next(same, self.binding)


def source_of(binding: RoleAssignment) -> str:
    """The operation that lists an assignment."""
    if binding.scope.startswith("/"):
        return "authorization:ListRoleAssignments"
    kind, _, rest = binding.scope.partition("/")
    return f"resourcemanager:{_LISTS[kind]}" if kind in _LISTS and "/" not in rest else "asset:ListPolicies"


def taken_by(function: Function, paths: RolePaths, *techniques: str) -> Iterator[TakenBy]:
    """The principals that can use any of some techniques on a function, in groups of one role on one scope.

    Whoever certainly administers the whole account is left out: it is told by the checks of the account.
    """
    groups: dict[tuple[str, str], dict[str, Taker]] = {}
    for taker in paths.takers(function):
        if taker.step.technique.id in techniques and not any(map(certainly_administers, taker.holder.roles)):
            binding = taker.step.proof[0].binding
            found = groups.setdefault((binding.role_id, binding.scope), {})
            before = found.get(taker.holder.id)
            if before is None or (before.step.doubt and not taker.step.doubt):
                found[taker.holder.id] = taker
    for found in groups.values():
        takers = tuple(found.values())
        step = min((taker.step for taker in takers), key=lambda step: bool(step.doubt))
        holders = tuple(taker.holder for taker in takers)
        names = tuple(_named(paths, taker) for taker in takers)
        yield TakenBy(step.proof[0].binding, holders, names, step, function.cloud)


def _named(paths: RolePaths, taker: Taker) -> str:
    """A principal by its name, with the group through which it holds the role."""
    name, through = paths.estate.name_of(taker.holder.id), taker.step.proof[0].binding.through
    return name if through is None else f"{name} (through group {paths.estate.name_of(through)})"


def weight(function: Function, found: TakenBy) -> Severity:
    """How bad it is that others can become a function's identity: by what that may do; less where it is in doubt."""
    roles = tuple(
        role
        for identity in identities_of(function)
        for group in identity.role_assignments
        for role in (group.value if isinstance(group, Known) else ())
    )
    if any(map(certainly_administers, roles)):
        return Severity.HIGH if found.step.doubt else Severity.CRITICAL
    if any(powerful(function, role) for role in roles):
        return Severity.MEDIUM if found.step.doubt else Severity.HIGH
    return Severity.INFORMATIONAL


def powerful(function: Function, role: RoleAssignment) -> bool:
    """Whether a role of its identity makes it worth taking a function over."""
    return administers(role) or role.power is RolePower.TAKEOVER or sensitive(function, role)


def all_holders_read(function: Function, paths: RolePaths) -> None:
    """Raises Unanswered where a principal may have been missed."""
    gap: Gap | None = paths.estate.gap(function.scope.partition("/")[2])
    for fact in (function.identity, *((function.attached,) if function.cloud is Cloud.AZURE else ())):
        if not isinstance(fact, Known):
            gap = graver(gap, fact.gap)
    if gap is not None:
        raise Unanswered(gap)


class HeldRole(NamedTuple):
    """A role that a principal holds on an account, above it or in it."""

    holder: RoleHolder
    role: RoleAssignment

    @property
    def source(self) -> str:
        """The operation that lists the assignment."""
        return source_of(self.role)

    @property
    def detail(self) -> str:
        """What that answer says of it."""
        return f"{self.role.role} on {self.role.scope}: {self.holder.id}"

    @property
    def locus(self) -> str:
        """Stable and unique in an account."""
        return f"{self.role.role}@{self.role.scope} {self.holder.id}"

    @property
    def site(self) -> str:
        """The assignment itself."""
        return assignment_site(self.role, self.holder.id)

    @property
    def command(self) -> str | None:
        """What takes a role of Google Cloud back where it was granted; None on Azure, where the fix names its id."""
        return None if self.role.scope.startswith("/") else self._removal.command

    def binding_values(self) -> dict[str, str]:
        """``{assignment}``, ``{granted}`` and ``{member}``, and what the command names besides."""
        more = {} if self.role.scope.startswith("/") else self._removal.values
        return {"assignment": self.role.id, "granted": self.role.role_id, "member": member_of(self.holder), **more}

    @property
    def _removal(self) -> Removal:
        return removal(self.role.scope, conditional=self.role.condition is not None)


def roles_held(scope: Scope) -> Iterator[HeldRole]:
    """Every role that is known to be held on an account, above it or in it."""
    for holder in known_of(scope.role_holders):
        for role in holder.roles:
            yield HeldRole(holder, role)


def all_roles_read(scope: Scope) -> None:
    """Raises Unanswered where a holder or a role may be missing."""
    for fact in scope.role_holders:
        fact.need()


def member_of(holder: RoleHolder) -> str:
    """A principal of Google Cloud as its commands name it."""
    return f"{_PREFIXES.get(holder.kind, '')}{holder.id}"
