"""What role assignments say of one action on one resource: a step for each scope on the way down to it."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from auditor.analysis.permissions.decision import ProofStep
from auditor.analysis.permissions.role_decision import PART, silent
from auditor.analysis.permissions.role_estate import concerns
from auditor.model.exposure import Effect
from auditor.model.identity import AssignmentLevel
from providers.azure.rbac.actions import Plane
from providers.azure.rbac.definitions import Permission, RoleDefinition
from providers.azure.rbac.deny_assignments import DenyAssignment
from providers.azure.rbac.role_assignments import Assignment
from providers.azure.rbac.scopes import level_of

BEFORE: Final = ("deny assignments",)
"""What could still deny where it was not read whole."""
_DENYING: Final = "deny assignment"
_LAYERS: Final = {
    AssignmentLevel.ORGANISATION: "management group scope",
    AssignmentLevel.ACCOUNT: "subscription scope",
    AssignmentLevel.GROUP: "resource group scope",
    AssignmentLevel.RESOURCE: "resource scope",
}
_ATTRIBUTE: Final = re.compile(r"@\w+\[[^\]]*\]")
_WITHOUT_ATTRIBUTE: Final = "the condition of the assignment"


@dataclass(frozen=True, slots=True)
class Asked:
    """An action on a resource, in lower case. ``all_below``: on everything in it, of which a role may hold on a part;
    ``above`` the scopes above its subscription.
    """

    action: str
    resource: str
    plane: Plane
    above: frozenset[str]
    all_below: bool = False

    def place(self, scope: str) -> str | None:
        """Where a role holds: on "all" of the resource, on a "part" of it; None: elsewhere."""
        scope = scope.rstrip("/")
        if level_of(scope) is AssignmentLevel.ORGANISATION:
            return "all" if scope in ("", self.resource) or f"{scope}" in self.above else None
        if self.resource == scope or self.resource.startswith(f"{scope}/"):
            return "all"
        return "part" if self.all_below and scope.startswith(f"{self.resource}/") else None


def steps(held: Iterable[tuple[Assignment, RoleDefinition]], asked: Asked) -> Iterator[ProofStep]:
    """The steps, widest scope first."""
    found: dict[AssignmentLevel, list[ProofStep]] = {level: [] for level in _LAYERS}
    for assignment, role in held:
        place = asked.place(assignment.scope)
        level = level_of(assignment.scope)
        for permission in role.permissions if place is not None else ():
            step = _step(assignment, role, permission, asked, part=place == "part")
            if step is not None:
                found[level].append(step)
    lowest = level_of(asked.resource)
    for level, made in found.items():
        yield from sorted(made, key=lambda step: (step.effect is None, len(step.conditions), step.source))
        if not any(step.effect for step in made):
            yield silent(_LAYERS[level])
        if level is lowest and not asked.all_below:
            return


def denying(
    listed: Iterable[DenyAssignment], principal: str, groups: frozenset[str], asked: Asked
) -> Iterator[ProofStep]:
    """The steps of deny assignments, which Azure looks at first: the certain before those that depend on something."""
    found = []
    for assignment in listed:
        permission = assignment.denies(asked.action, data=asked.plane is Plane.DATA)
        concerned, in_doubt = assignment.concerns(principal, groups)
        above = (
            level_of(assignment.scope) is AssignmentLevel.ORGANISATION
        )  # the list of a subscription holds what is inherited
        place = "all" if above else asked.place(assignment.scope)
        here = assignment.below or assignment.scope.rstrip("/") == asked.resource
        if permission is None or not concerned or place is None or not here:
            continue
        named = (assignment.condition, permission.condition)
        conditions = (
            *(key for each in named if each for key in _ATTRIBUTE.findall(each) or (_WITHOUT_ATTRIBUTE,)),
            *(f"membership of group {each}" for each in in_doubt),
            *((PART,) if place == "part" else ()),
        )
        text = json.dumps(
            {
                "actions": permission.actions,
                "notActions": permission.not_actions,
                "dataActions": permission.data_actions,
            },
            separators=(",", ":"),
        )
        found.append(
            ProofStep(
                _DENYING, Effect.DENY, assignment.scope or "/", assignment.name, text, tuple(dict.fromkeys(conditions))
            )
        )
    yield from sorted(found, key=lambda step: len(step.conditions)) or (silent(_DENYING),)


def _step(
    assignment: Assignment, role: RoleDefinition, permission: Permission, asked: Asked, *, part: bool
) -> ProofStep | None:
    """What one permission of a role says: a step without effect where it names the action and takes it away again."""
    data = asked.plane is Plane.DATA
    if not permission.names(asked.action, data=data):
        return None
    allowed = permission.allows_data(asked.action) if data else permission.allows(asked.action)
    conditions = (*_conditions(assignment, permission, asked.action), *((PART,) if part else ()))
    return ProofStep(
        layer=_LAYERS[level_of(assignment.scope)],
        effect=Effect.ALLOW if allowed else None,
        source=assignment.scope or "/",
        statement=role.name,
        text=_text(assignment, permission),
        conditions=tuple(dict.fromkeys(conditions)) if allowed else (),
    )


def _conditions(assignment: Assignment, permission: Permission, action: str) -> Iterator[str]:
    for condition in (assignment.condition, permission.condition):
        if condition is not None and concerns(condition, action):
            yield from _ATTRIBUTE.findall(condition) or (_WITHOUT_ATTRIBUTE,)


def _text(assignment: Assignment, permission: Permission) -> str:
    told = {
        "assignment": assignment.id,
        "principalId": assignment.principal,
        "actions": permission.actions,
        "notActions": permission.not_actions,
        "dataActions": permission.data_actions,
        "notDataActions": permission.not_data_actions,
        "condition": " ".join(filter(None, (assignment.condition, permission.condition))),
    }
    return json.dumps({key: value for key, value in told.items() if value}, separators=(",", ":"))
