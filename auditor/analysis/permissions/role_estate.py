"""Who holds which permission on what, over all audited accounts of a cloud that grants by roles."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeVar

from auditor.analysis.permissions.role_denials import Denied, denied
from auditor.analysis.permissions.role_techniques import TargetKind
from auditor.analysis.permissions.stored_code import account_gap, host_account, stored
from auditor.analysis.roles import identities_of
from auditor.model.function import Function
from auditor.model.identity import AssignmentLevel, RoleAssignment
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Gap, Known, Observed, graver
from auditor.model.role_holders import OWN, Denial, HolderKind, RoleHolder, Workload, WorkloadKind
from auditor.model.wildcards import covers

T = TypeVar("T")

_NAMED_ACTIONS = re.compile(r"ActionMatches\s*\{\s*'([^']*)'", re.IGNORECASE)
"""The actions that a condition of Azure is about; all others it leaves as they are."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a technique can be used on. ``ids`` are all the names that roles are assigned by, its own first;
    ``runs_as`` the principals it is or runs as; ``account`` the name of its subscription or project; ``doubt`` why it
    may lead nowhere.
    """

    ids: tuple[str, ...]
    name: str
    kind: TargetKind
    account: str
    runs_as: tuple[str, ...]
    doubt: str = ""

    @property
    def id(self) -> str:
        """Its own id."""
        return self.ids[0]


@dataclass(frozen=True, slots=True)
class Access:
    """The role by which a principal has a permission on a target. ``doubt`` says why it may not: "" where it does."""

    permission: str
    binding: RoleAssignment
    doubt: str


class RoleEstate:
    """The scopes and functions of one cloud, as far as roles on them are concerned."""

    def __init__(self, scopes: Iterable[Scope], functions: Iterable[Function]) -> None:
        self.scopes = {scope.name: scope for scope in scopes}
        self.functions = tuple(functions)
        self._relevant: dict[str, tuple[tuple[RoleAssignment, ...], tuple[RoleAssignment, ...]]] = {}
        self._everywhere: dict[tuple[str, frozenset[str], str], tuple[tuple[RoleAssignment, ...], Access | None]] = {}
        self._merged: dict[str, RoleHolder | None] = {}
        self._identities = {
            identity.principal: identity
            for function in self.functions
            for identity in identities_of(function)
            if identity.principal
        }

    @cached_property
    def holders(self) -> dict[str, RoleHolder]:
        """Every principal that holds a role somewhere, with its roles of all accounts."""
        merged: dict[str, dict[str, RoleAssignment]] = defaultdict(dict)
        found: dict[str, RoleHolder] = {}
        for holder in (each for scope in self.scopes.values() for each in known_of(scope.role_holders)):
            found.setdefault(holder.id, holder)
            merged[holder.id].update({binding.id: binding for binding in holder.roles})
        return {name: replace(holder, roles=tuple(merged[name].values())) for name, holder in found.items()}

    def holder(self, principal: str) -> RoleHolder | None:
        """A principal by its id, with its roles: those that a function's identity is known to hold come first."""
        if principal not in self._merged:
            self._merged[principal] = self._holder(principal)
        return self._merged[principal]

    def _holder(self, principal: str) -> RoleHolder | None:
        identity, listed = self._identities.get(principal), self.holders.get(principal)
        if identity is None:
            return listed
        roles = {binding.id: binding for binding in known_of(identity.role_assignments)}
        for binding in listed.roles if listed is not None else ():
            roles.setdefault(binding.id, binding)
        kind = listed.kind if listed is not None else HolderKind.APPLICATION
        return RoleHolder(id=principal, name=identity.name, kind=kind, outside=OWN, roles=tuple(roles.values()))

    def name_of(self, principal: str) -> str:
        """The name of a principal; its id where no name is known."""
        return self._all_names.get(principal) or principal

    @cached_property
    def _all_names(self) -> dict[str, str]:
        names = {holder.id: holder.name for holder in self.holders.values() if holder.name}
        for target in self._by_kind[TargetKind.IDENTITY]:
            names |= dict.fromkeys(target.runs_as, target.name)
        for workload in self._workloads.values():  # an identity of its own bears the name of what it belongs to
            names |= {principal: workload.name for principal in workload.runs_as if principal not in names}
        return names | {principal: identity.name for principal, identity in self._identities.items()}

    @cached_property
    def _by_kind(self) -> dict[TargetKind, list[Target]]:
        found: dict[TargetKind, list[Target]] = defaultdict(list)
        for function in self.functions:
            found[TargetKind.FUNCTION].append(function_target(function))
            for stored_part in storage_targets(function):
                found[stored_part.kind].append(stored_part)
        for scope in self.scopes.values():
            by_id = {each.id: each for each in known_of(scope.workloads)}
            for workload in by_id.values():
                found[_kind(workload)].append(self._target(workload, scope))
        return found

    def _target(self, workload: Workload, scope: Scope) -> Target:
        attached = (self._workloads.get(name) for name in workload.attached)
        runs_as = (*workload.runs_as, *(one for each in attached if each is not None for one in each.runs_as))
        return Target((workload.id, *workload.aliases), workload.name, _kind(workload), scope.name, runs_as)

    @cached_property
    def _workloads(self) -> dict[str, Workload]:
        return {each.id: each for scope in self.scopes.values() for each in known_of(scope.workloads)}

    def targets(self, kind: TargetKind) -> tuple[Target, ...]:
        """Everything of a kind that exists."""
        return tuple(self._by_kind.get(kind, ()))

    def identity_target(self, principal: str) -> Target | None:
        """The identity that a principal is, as something to attach or to act as."""
        return self._identity_targets.get(principal)

    @cached_property
    def _identity_targets(self) -> dict[str, Target]:
        return {name: target for target in self._by_kind[TargetKind.IDENTITY] for name in target.runs_as}

    def access(self, holder: RoleHolder, permissions: frozenset[str], target: Target) -> Access | None:
        """The best role by which a principal has any of some permissions on a target; None where it has none."""
        asked = (holder.id, permissions, target.account)
        known = self._everywhere.get(asked)
        if known is None or known[0] is not holder.roles:
            known = self._everywhere[asked] = (holder.roles, self._of_account(holder, permissions, target))
        return known[1] or self._access(holder, permissions, target)

    def _of_account(self, holder: RoleHolder, permissions: frozenset[str], target: Target) -> Access | None:
        """The role that decides about everything in the account of a target alike, if one does.

        That is the first with any of the permissions, where it holds there whatever is asked and nothing is denied.
        """
        deciding = next((each for each in self.relevant(holder) if _held(each, permissions)), None)
        if deciding is None or self.denies or not self.reaches(deciding, target):
            return None
        permission, limited = _held(deciding, permissions)[0]
        narrow = deciding.level in (AssignmentLevel.GROUP, AssignmentLevel.RESOURCE)
        return None if narrow or limited or limits(deciding, permission) else Access(permission, deciding, "")

    def _access(self, holder: RoleHolder, permissions: frozenset[str], target: Target) -> Access | None:
        best: Access | None = None
        for binding in self.relevant(holder):
            for permission, limited in _held(binding, permissions):
                if not self.reaches(binding, target):
                    break
                doubt = self._doubt(holder, binding, permission, target, limited=limited)
                if doubt == "":
                    return Access(permission, binding, "")
                if doubt is not None:
                    best = best or Access(permission, binding, doubt)
        return best

    def anywhere(
        self, holder: RoleHolder, permissions: frozenset[str], roles: Iterable[RoleAssignment] | None = None
    ) -> Access | None:
        """The best role by which a principal has any of some permissions on something; ``roles``: among these alone."""
        best: Access | None = None
        for binding in holder.roles if roles is None else roles:
            place = scope_of(binding)
            for permission, limited in _held(binding, permissions):
                doubt = self._doubt(holder, binding, permission, place, limited=limited)
                if doubt == "":
                    return Access(permission, binding, "")
                if doubt is not None:
                    best = best or Access(permission, binding, doubt)
        return best

    def relevant(self, holder: RoleHolder) -> tuple[RoleAssignment, ...]:
        """The roles of a holder that allow anything a technique needs."""
        found = self._relevant.get(holder.id)
        if found is None or found[0] is not holder.roles:
            kept = tuple(role for role in holder.roles if role.permissions or role.limited_permissions)
            found = self._relevant[holder.id] = (holder.roles, kept)
        return found[1]

    def reaches(self, binding: RoleAssignment, target: Target) -> bool:
        """Whether a role holds on a target, by where it is assigned."""
        if binding.level is AssignmentLevel.ORGANISATION:
            scope = self.scopes.get(target.account)
            return scope is not None and binding.scope in scope.above
        if binding.level is AssignmentLevel.ACCOUNT:
            return binding.account == target.account
        return any(_within(name, binding.scope) for name in target.ids)

    def account_target(self, account: str) -> Target:
        """An account itself, as something that a permission is held on."""
        return Target((f"projects/{account}", f"/subscriptions/{account}"), account, TargetKind.NONE, account, ())

    def _doubt(
        self, holder: RoleHolder, binding: RoleAssignment, permission: str, target: Target, *, limited: bool
    ) -> str | None:
        """Why a role may not give a permission: "" where it does, None where a denial takes it away."""
        if limited:
            return f"the role {binding.role} limits it by a condition of its own"
        found = self.denied(holder, permission, target)
        if found is not None:
            return None if found.certain else f"{found.denial.id} may deny it"
        return f"it holds under the condition {binding.condition}" if limits(binding, permission) else ""

    def denied(self, holder: RoleHolder, permission: str, target: Target) -> Denied | None:
        """The denial that takes a permission of a principal on a target away, or may."""
        denials = self._denials.get(target.account)
        return denied(denials, holder, permission, target.ids, target.account) if denials else None

    @cached_property
    def _denials(self) -> dict[str, tuple[Denial, ...]]:
        """What is denied in each account, by its name."""
        return {name: tuple(known_of(scope.denials)) for name, scope in self.scopes.items()}

    @cached_property
    def denies(self) -> bool:
        """Whether anything is denied to anyone."""
        return any(self._denials.values())

    def denials_gap(self, account: str) -> Gap | None:
        """Why denials may have been missed."""
        scope = self.scopes.get(account)
        gap: Gap | None = None
        for fact in scope.denials if scope is not None else ():
            gap = gap if isinstance(fact, Known) else graver(gap, fact.gap)
        return gap

    def gap(self, account: str | None = None) -> Gap | None:
        """Why there may be more holders, workloads or places of code than are known, in one account or in any."""
        gap: Gap | None = None
        for function in self.functions:
            unread = account_gap(function) if account in (None, _account(function)) else None
            gap = graver(gap, unread) if unread is not None else gap
        for name, scope in self.scopes.items():
            for fact in (*scope.role_holders, *scope.workloads) if account in (None, name) else ():
                if not isinstance(fact, Known):
                    gap = graver(gap, fact.gap)
        return gap


def scope_of(binding: RoleAssignment) -> Target:
    """The scope of a role, as something that a permission is held on."""
    return Target((binding.scope,), binding.scope, TargetKind.NONE, binding.account or "", ())


def known_of(facts: Iterable[Observed[tuple[T, ...]]]) -> Iterator[T]:
    """What could be read."""
    for fact in facts:
        if isinstance(fact, Known):
            yield from fact.value


def function_target(function: Function) -> Target:
    """A function as something to take over."""
    principals = tuple(identity.principal for identity in identities_of(function) if identity.principal)
    return Target(_names(function), function.name, TargetKind.FUNCTION, _account(function), principals)


def storage_targets(function: Function) -> Iterator[Target]:
    """The parts of the host's storage account that lead to the code of a function."""
    host = host_account(function)
    if host is None:
        return
    name, own = host.id.lower(), function_target(function)
    account = name.split("/")[2] if name.startswith("/subscriptions/") else own.account
    for kind, doubt in stored(function):
        yield replace(own, ids=(name,), kind=kind, account=account, doubt=doubt)


def _names(function: Function) -> tuple[str, ...]:
    if function.cloud is not Cloud.GCP:
        return (function.id,)
    relative = function.id.removeprefix("//").partition("/")[2]
    service = relative.replace("/functions/", "/services/").lower().replace("_", "-")
    return tuple(dict.fromkeys((relative, service)))


def _account(function: Function) -> str:
    return function.scope.partition("/")[2]


def _kind(workload: Workload) -> TargetKind:
    return TargetKind.NONE if workload.kind is WorkloadKind.CONTAINER else TargetKind(workload.kind.value)


def _held(binding: RoleAssignment, permissions: frozenset[str]) -> tuple[tuple[str, bool], ...]:
    """Those of the permissions that a role allows, and whether under a condition of its own."""
    return _among(binding.permissions, binding.limited_permissions, permissions)


@lru_cache(maxsize=65536)
def _among(always: tuple[str, ...], limited: tuple[str, ...], wanted: frozenset[str]) -> tuple[tuple[str, bool], ...]:
    """Roles are few and assignments many: the same sets are compared again and again."""
    held = ((name, False) for name in sorted(wanted.intersection(always)))
    return (*held, *((name, True) for name in sorted(wanted.intersection(limited))))


def limits(binding: RoleAssignment, permission: str) -> bool:
    """Whether a condition may take a permission away. One of Azure says nothing of actions that it does not name."""
    if binding.condition is None:
        return False
    if not binding.scope.startswith("/"):
        return binding.conditional
    return concerns(binding.condition, permission)


def concerns(condition: str, action: str) -> bool:
    """Whether a condition of Azure is about an action, in lower case."""
    named = _NAMED_ACTIONS.findall(condition)
    return not named or any(covers(pattern.lower(), action) for pattern in named)


def _within(name: str, scope: str) -> bool:
    return name == scope or name.startswith(f"{scope}/")
