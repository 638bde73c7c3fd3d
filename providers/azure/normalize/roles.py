"""Role assignments of every audited subscription, by principal, and the definitions of their roles."""

from collections import defaultdict
from typing import Any

from auditor.model.capture import Json
from auditor.model.identity import PolicyStatement, RoleAssignment, RolePower
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from auditor.model.role_holders import CustomRole, HolderKind, RoleHolder
from providers.azure.normalize.answers import Answers, Listing
from providers.azure.normalize.fields import items, member, optional_text, optional_texts, record, text, texts
from providers.azure.normalize.ids import name_of
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.rbac.builtin_roles import builtin_definition
from providers.azure.rbac.definitions import Permission, RoleDefinition
from providers.azure.rbac.role_assignments import Assignment, binding, grants
from providers.azure.rbac.role_privilege import worth_of
from providers.azure.rbac.scopes import account_of

_BULK = "graph:RoleAssignments"
_LISTED = "authorization:ListRoleAssignments"
_ASSIGNED = "authorization:ListAssignedRoles"
_GROUPS = ("group", "foreigngroup")
_KINDS = {
    "user": HolderKind.PERSON,
    "group": HolderKind.GROUP,
    "foreigngroup": HolderKind.GROUP,
    "serviceprincipal": HolderKind.APPLICATION,
}
_DEFINITIONS = "graph:RoleDefinitions"
_LISTED_DEFINITIONS = "authorization:ListRoleDefinitions"


class Roles:
    """The roles that principals hold, by themselves and through groups.

    Resource Graph is silent about what the caller may not read, so its answer alone never proves that there is no
    more: the subscription's own list does, which holds what is inherited too. Which groups a principal is in, Azure
    says where it is asked for the roles assigned to that principal, in the subscription it is at home in.
    """

    def __init__(self, world: ResourceIndex) -> None:
        self._world = world
        self._bulk: dict[str, dict[str, Assignment]] = defaultdict(dict)
        self._listed: dict[str, dict[str, Assignment]] = defaultdict(dict)
        self._gaps: dict[str, Gap | None] = {}
        self._of_groups: dict[str, bool] = {}
        """Whether a role is assigned to a group in a subscription, or above it."""
        self._within: dict[str, dict[str, Assignment]] = {}
        """The assignments of each subscription, and those above it that its own list tells."""
        self._above: dict[str, frozenset[str]] = {}
        for subscription, answers in world.subscriptions.items():
            bulk, _ = self._collect(answers, _BULK, self._bulk)
            listed, self._gaps[subscription] = self._collect(answers, _LISTED, self._listed)
            self._within[subscription] = {each.id: each for each in (*bulk, *listed)}
            self._above[subscription] = frozenset(each.scope for each in listed if account_of(each.scope) is None)
            self._of_groups[subscription] = any(assignment.of_group for assignment in (*bulk, *listed))
        self._definitions: dict[str, RoleDefinition] = {}
        self._definition_gap: Gap | None = None
        for answers in world.subscriptions.values():
            self._define(answers)

    @staticmethod
    def _collect(
        answers: Answers, operation: str, into: dict[str, dict[str, Assignment]]
    ) -> tuple[tuple[Assignment, ...], Gap | None]:
        listing = answers.readable(answers.rows(operation), _assignment)
        for assignment in listing.items:
            into[assignment.principal].setdefault(assignment.id, assignment)
        return listing.items, listing.gap

    def _through_groups(self, principal: str, home: str) -> tuple[dict[str, Assignment], Gap | None]:
        """The assignments a principal holds through its groups, and why there may be more.

        Nothing is asked where no group holds a role. A group that the answer names may hold more elsewhere.
        """
        answers = self._world.subscriptions.get(home)
        if answers is None or not self._of_groups[home]:
            return {}, None
        asked = answers.readable(answers.rows(_ASSIGNED, principal), _assignment)
        groups = {each.principal for each in asked.items} - {principal}
        own = {each.id: each for each in asked.items if each.principal in groups}
        elsewhere = [{**self._bulk.get(group, {}), **self._listed.get(group, {})} for group in sorted(groups)]
        return {**{key: each for held in elsewhere for key, each in held.items()}, **own}, asked.gap

    def assigned(self, principal: str, home: str) -> tuple[tuple[Assignment, ...], Gap | None]:
        """Everything assigned to a principal and to its groups, and why its groups may not all be known."""
        held, untold = self._through_groups(principal, home)
        found = {**self._listed.get(principal, {}), **self._bulk.get(principal, {}), **held}
        return tuple(found.values()), untold if home in self._gaps else self._elsewhere(principal)

    def single(self, principal: str) -> bool:
        """Whether a principal is known to be no group: a role assigned to it says what it is."""
        held = {**self._listed.get(principal, {}), **self._bulk.get(principal, {})}
        return any(not each.of_group for each in held.values())

    def gap(self, subscription: str) -> Gap | None:
        """Why more may be assigned in a subscription, or above it, than is known."""
        return self._gaps.get(subscription, self._elsewhere(subscription))

    def definition(self, assignment: Assignment) -> Observed[RoleDefinition]:
        """The role of an assignment as it was read; a built-in one that was not, by our table of them."""
        read = self._definitions.get(assignment.role_guid)
        if read is not None:
            return Known(read, _DEFINITIONS)
        listed = builtin_definition(assignment.role_guid)
        return Unknown(self._undefined(assignment)) if listed is None else Known(listed, "")

    def above(self, subscription: str) -> tuple[str, ...]:
        """The scopes above a subscription on which roles are assigned that hold in it."""
        return tuple(sorted(self._above[subscription]))

    def custom(self, subscription: str) -> Observed[tuple[CustomRole, ...]]:
        """The custom roles that a subscription lists, as Resource Graph or its own list tells."""
        answers, gap = self._world.subscriptions[subscription], None
        for operation in (_LISTED_DEFINITIONS, _DEFINITIONS):
            listing: Listing[RoleDefinition] = answers.readable(answers.rows(operation), _definition)
            if listing.gap is None:
                return Known(tuple(_custom(role) for role in listing.items if role.custom), operation)
            gap = gap or listing.gap
        return Unknown(gap or self._elsewhere(subscription))

    def holders(self, subscription: str) -> tuple[Observed[tuple[RoleHolder, ...]], ...]:
        """Who holds roles in a subscription or above it; unknown groups say why there may be more."""
        held: dict[str, list[RoleAssignment]] = defaultdict(list)
        kinds: dict[str, str] = {}
        unread: Gap | None = None
        for assignment in self._within[subscription].values():
            bound = binding(assignment, self._definitions.get(assignment.role_guid), subscription)
            if bound is None:
                unread = unread or self._undefined(assignment)
                continue
            held[assignment.principal].append(bound)
            kinds[assignment.principal] = assignment.kind
        found = tuple(_holder(name, kinds[name], held[name]) for name in sorted(held))
        gaps = dict.fromkeys(gap for gap in (self._gaps[subscription], unread) if gap is not None)
        return (Known(found, _LISTED), *map(Unknown, gaps))

    def _define(self, answers: Answers) -> None:
        gaps = []
        for operation in (_DEFINITIONS, _LISTED_DEFINITIONS):
            listing: Listing[RoleDefinition] = answers.readable(answers.rows(operation), _definition)
            gaps.append(listing.gap)
            for role in listing.items:
                self._definitions.setdefault(role.id, role)
        if all(gap is not None for gap in gaps):
            self._definition_gap = self._definition_gap or gaps[0]

    def bindings(self, principal: str, home: str) -> tuple[Observed[tuple[RoleAssignment, ...]], ...]:
        """What a principal holds, one group an answer; an unknown group where something may be missing."""
        groups: list[Observed[tuple[RoleAssignment, ...]]] = []
        unread: Gap | None = None
        bulk = self._bulk.get(principal, {})
        listed = {key: value for key, value in self._listed.get(principal, {}).items() if key not in bulk}
        held, untold = self._through_groups(principal, home)
        for operation, assignments in ((_BULK, bulk), (_ASSIGNED, held), (_LISTED, listed)):
            found = []
            for assignment in assignments.values():
                through = assignment.principal if assignment.principal != principal else None
                bound = binding(assignment, self._definitions.get(assignment.role_guid), home, through)
                if bound is None:
                    unread = unread or self._undefined(assignment)
                else:
                    found.append(bound)
            if found or operation == _LISTED:
                ordered = tuple(sorted(found, key=lambda role: role.id))
                groups.append(Known(ordered, operation))
        gap = self._gaps.get(home, self._elsewhere(principal)) or untold
        gaps = dict.fromkeys(each for each in (gap, untold, unread) if each is not None)
        return (*_without_empty(groups, gap), *map(Unknown, gaps))

    def grants(self, principal: str, home: str) -> tuple[Observed[tuple[PolicyStatement, ...]], ...]:
        """What its roles grant: one group a role assignment."""
        groups: list[Observed[tuple[PolicyStatement, ...]]] = []
        held, untold = self._through_groups(principal, home)
        bulk = self._bulk.get(principal, {})
        assignments = {**self._listed.get(principal, {}), **bulk, **held}
        for identifier, assignment in sorted(assignments.items()):
            definition = self._definitions.get(assignment.role_guid)
            if definition is None:
                groups.append(Unknown(self._undefined(assignment)))
            else:
                source = _ASSIGNED if identifier in held else _BULK if identifier in bulk else _LISTED
                groups.append(Known(grants(assignment, definition), source))
        gap = self._gaps.get(home, self._elsewhere(principal)) or untold
        return (*groups, *(() if gap is None else (Unknown(gap),)))

    def _undefined(self, assignment: Assignment) -> Gap:
        if self._definition_gap is not None:
            return self._definition_gap
        message = "what this role allows could not be read"
        return self._world.any.gap(_DEFINITIONS, GapReason.NOT_COLLECTED, message, assignment.role)

    def _elsewhere(self, principal: str) -> Gap:
        message = "its subscription was not audited"
        return self._world.any.gap(_LISTED, GapReason.NOT_COLLECTED, message, principal)


def _without_empty(
    groups: list[Observed[tuple[RoleAssignment, ...]]], gap: Gap | None
) -> list[Observed[tuple[RoleAssignment, ...]]]:
    """An empty group says "no more roles": only a complete list may."""
    if gap is None and len(groups) == 1:
        return groups
    return [group for group in groups if isinstance(group, Known) and group.value]


def _custom(role: RoleDefinition) -> CustomRole:
    locks = ("microsoft.authorization/locks/write", "microsoft.authorization/locks/delete")
    return CustomRole(
        id=role.id,
        name=role.name,
        owner=worth_of(role.id, role, "/subscriptions/any").power is RolePower.OWNER,
        manages_locks=any(all(map(permission.allows, locks)) for permission in role.permissions),
    )


def _holder(principal: str, kind: str, held: list[RoleAssignment]) -> RoleHolder:
    return RoleHolder(
        id=principal,
        name=principal,
        kind=_KINDS.get(kind, HolderKind.UNRECOGNISED),
        outside=Known(kind == "foreigngroup", _LISTED),
        roles=tuple(sorted(held, key=lambda role: role.id)),
    )


def _assignment(item: Json) -> Assignment:
    body = member(item, "properties")
    return Assignment(
        id=text(item, "id").lower(),
        principal=text(body, "principalId").lower(),
        role=text(body, "roleDefinitionId").lower(),
        scope=text(body, "scope").lower(),
        condition=optional_text(body, "condition"),
        of_group=(optional_text(body, "principalType") or "group").lower() in _GROUPS,
        kind=(optional_text(body, "principalType") or "").lower(),
    )


def _definition(item: Json) -> RoleDefinition:
    body = member(item, "properties")
    return RoleDefinition(
        id=name_of(text(item, "id")).lower(),
        name=text(body, "roleName"),
        custom=text(body, "type").lower() != "builtinrole",
        permissions=tuple(_permission(record(entry, "a permission")) for entry in items(body, "permissions")),
    )


def _permission(body: dict[str, Any]) -> Permission:
    def patterns(key: str) -> tuple[str, ...]:
        return tuple(pattern.lower() for pattern in optional_texts(body, key))

    return Permission(
        actions=tuple(pattern.lower() for pattern in texts(body, "actions")),
        not_actions=patterns("notActions"),
        data_actions=patterns("dataActions"),
        not_data_actions=patterns("notDataActions"),
        condition=optional_text(body, "condition"),
    )
