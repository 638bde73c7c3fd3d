"""Role assignments as bindings of an identity, and what each of them grants."""

import json
from dataclasses import dataclass

from auditor.model.exposure import Effect
from auditor.model.identity import Conditions, PolicyOrigin, PolicyStatement, RoleAssignment
from providers.azure.rbac.definitions import Permission, RoleDefinition
from providers.azure.rbac.role_privilege import (
    builtin_names,
    builtin_permissions,
    sensitive_permissions,
    worth_of,
)
from providers.azure.rbac.scopes import account_of, level_of


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role assigned to a principal, everything in lower case but the condition. ``role`` is the role's full id.

    ``of_group``: the principal is a group, or of a kind that is not told; ``kind`` that kind in lower case.
    """

    id: str
    principal: str
    role: str
    scope: str
    condition: str | None
    of_group: bool = False
    kind: str = ""

    @property
    def role_guid(self) -> str:
        """The GUID that ends the role's id: the same role has it in every subscription."""
        return self.role.rpartition("/")[2]


def binding(
    assignment: Assignment, definition: RoleDefinition | None, home: str, through: str | None = None
) -> RoleAssignment | None:
    """The assignment as a binding of an identity at home in subscription ``home``, held ``through`` a group or itself.

    None where neither the role's definition could be read nor our table of built-in roles knows it: what it amounts
    to cannot be said then.
    """
    name = definition.name if definition is not None else builtin_names().get(assignment.role_guid)
    if name is None:
        return None
    worth = worth_of(assignment.role_guid, definition, assignment.scope)
    account = account_of(assignment.scope)
    held = builtin_permissions(assignment.role_guid) if definition is None else sensitive_permissions(definition)
    return RoleAssignment(
        id=assignment.id,
        role=name,
        role_id=assignment.role,
        custom=definition is not None and definition.custom,
        power=worth.power,
        scope=assignment.scope or "/",
        level=level_of(assignment.scope),
        account=account,
        foreign=account is not None and account != home,
        through=through,
        condition=assignment.condition,
        reaches=worth.reaches,
        permissions=held[0],
        limited_permissions=held[1],
    )


def grants(assignment: Assignment, definition: RoleDefinition) -> tuple[PolicyStatement, ...]:
    """What an assignment grants: one grant for each permission of the role, and one for its data actions."""
    found = []
    for index, permission in enumerate(definition.permissions):
        if permission.actions:
            parts = (permission.actions, permission.not_actions)
            found.append(_grant(assignment, definition, f"permissions[{index}]", permission, *parts))
        if permission.data_actions:
            parts = (permission.data_actions, permission.not_data_actions)
            found.append(_grant(assignment, definition, f"permissions[{index}].data", permission, *parts))
    return tuple(found)


def _grant(
    assignment: Assignment,
    definition: RoleDefinition,
    statement: str,
    permission: Permission,
    actions: tuple[str, ...],
    not_actions: tuple[str, ...],
) -> PolicyStatement:
    conditions = {"assignment": assignment.condition, "role": permission.condition}
    told = {key: value for key, value in conditions.items() if value}
    text = {"role": definition.name, "scope": assignment.scope, "actions": actions, "notActions": not_actions, **told}
    return PolicyStatement(
        effect=Effect.ALLOW,
        actions=actions,
        not_actions=not_actions,
        resources=(assignment.scope or "/",),
        not_resources=(),
        condition_keys=tuple(sorted(told)),
        conditions=Conditions.NARROWING if told else Conditions.VACUOUS,
        policy=assignment.role,
        origin=PolicyOrigin.CUSTOMER if definition.custom else PolicyOrigin.PROVIDER,
        statement=statement,
        text=json.dumps(text, sort_keys=True, separators=(",", ":")),
    )
