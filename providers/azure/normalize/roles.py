"""Role assignments of every audited subscription, by principal, and the definitions of their roles."""

from collections import defaultdict
from typing import Any

from auditor.model.capture import Json
from auditor.model.identity import Grant, RoleBinding
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.azure.normalize.answers import Answers, Listing
from providers.azure.normalize.fields import items, member, optional_text, optional_texts, record, text, texts
from providers.azure.normalize.ids import name_of
from providers.azure.normalize.world import World
from providers.azure.rbac.bindings import Assignment, binding, grants
from providers.azure.rbac.definitions import Permission, RoleDefinition

_BULK = "graph:RoleAssignments"
_LISTED = "authorization:ListRoleAssignments"
_DEFINITIONS = "graph:RoleDefinitions"
_LISTED_DEFINITIONS = "authorization:ListRoleDefinitions"


class Roles:
    """The roles assigned to principals.

    Resource Graph is silent about what the caller may not read, so its answer alone never proves that there is no
    more: the subscription's own list does, which holds what is inherited too.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._bulk: dict[str, dict[str, Assignment]] = defaultdict(dict)
        self._listed: dict[str, dict[str, Assignment]] = defaultdict(dict)
        self._gaps: dict[str, Gap | None] = {}
        for subscription, answers in world.subscriptions.items():
            self._collect(answers, _BULK, self._bulk)
            self._gaps[subscription] = self._collect(answers, _LISTED, self._listed)
        self._definitions: dict[str, RoleDefinition] = {}
        self._definition_gap: Gap | None = None
        for answers in world.subscriptions.values():
            self._define(answers)

    @staticmethod
    def _collect(answers: Answers, operation: str, into: dict[str, dict[str, Assignment]]) -> Gap | None:
        listing = answers.readable(answers.rows(operation), _assignment)
        for assignment in listing.items:
            into[assignment.principal].setdefault(assignment.id, assignment)
        return listing.gap

    def _define(self, answers: Answers) -> None:
        gaps = []
        for operation in (_DEFINITIONS, _LISTED_DEFINITIONS):
            listing: Listing[RoleDefinition] = answers.readable(answers.rows(operation), _definition)
            gaps.append(listing.gap)
            for role in listing.items:
                self._definitions.setdefault(role.id, role)
        if all(gap is not None for gap in gaps):
            self._definition_gap = self._definition_gap or gaps[0]

    def bindings(self, principal: str, home: str) -> tuple[Observed[tuple[RoleBinding, ...]], ...]:
        """What a principal holds, one group an answer; an unknown group where something may be missing."""
        groups: list[Observed[tuple[RoleBinding, ...]]] = []
        unread: Gap | None = None
        bulk = self._bulk.get(principal, {})
        listed = {key: value for key, value in self._listed.get(principal, {}).items() if key not in bulk}
        for operation, assignments in ((_BULK, bulk), (_LISTED, listed)):
            found = []
            for assignment in assignments.values():
                bound = binding(assignment, self._definitions.get(assignment.role_guid), home)
                if bound is None:
                    unread = unread or self._undefined(assignment)
                else:
                    found.append(bound)
            if found or operation == _LISTED:
                ordered = tuple(sorted(found, key=lambda role: role.id))
                groups.append(Known(ordered, operation))
        gap = self._gaps.get(home, self._elsewhere(principal))
        return (*_without_empty(groups, gap), *(Unknown(each) for each in (gap, unread) if each is not None))

    def grants(self, principal: str, home: str) -> tuple[Observed[tuple[Grant, ...]], ...]:
        """What its roles grant: one group a role assignment."""
        groups: list[Observed[tuple[Grant, ...]]] = []
        assignments = {**self._listed.get(principal, {}), **self._bulk.get(principal, {})}
        for identifier, assignment in sorted(assignments.items()):
            definition = self._definitions.get(assignment.role_guid)
            if definition is None:
                groups.append(Unknown(self._undefined(assignment)))
            else:
                source = _BULK if identifier in self._bulk.get(principal, {}) else _LISTED
                groups.append(Known(grants(assignment, definition), source))
        gap = self._gaps.get(home, self._elsewhere(principal))
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
    groups: list[Observed[tuple[RoleBinding, ...]]], gap: Gap | None
) -> list[Observed[tuple[RoleBinding, ...]]]:
    """An empty group says "no more roles": only a complete list may."""
    if gap is None and len(groups) == 1:
        return groups
    return [group for group in groups if isinstance(group, Known) and group.value]


def _assignment(item: Json) -> Assignment:
    body = member(item, "properties")
    return Assignment(
        id=text(item, "id").lower(),
        principal=text(body, "principalId").lower(),
        role=text(body, "roleDefinitionId").lower(),
        scope=text(body, "scope").lower(),
        condition=optional_text(body, "condition"),
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
