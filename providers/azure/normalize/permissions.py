"""Whether the identities of a function may do something: the question of one function, from a capture."""

from dataclasses import replace
from typing import Final

from auditor.analysis.permissions.decision import Answer, Decision
from auditor.analysis.permissions.role_decision import decided_by_roles, decided_for, gone
from auditor.errors import UsageError
from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.identity import Identity
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Unknown
from auditor.provider import PermissionQuestion
from providers.azure.normalize.answers import Answers
from providers.azure.normalize.deny_assignments import deny_assignments
from providers.azure.normalize.ids import subscription_of
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.normalize.roles import Roles
from providers.azure.normalize.vault_access import of_vault, vault_decision
from providers.azure.rbac.actions import Plane, check_action, planes
from providers.azure.rbac.builtin_roles import data_as_of
from providers.azure.rbac.decision import BEFORE, Asked, steps
from providers.azure.rbac.decision import denying as denying_steps
from providers.azure.rbac.definitions import RoleDefinition
from providers.azure.rbac.deny_assignments import DenyAssignment
from providers.azure.rbac.role_assignments import Assignment

EVERYTHING: Final = "*"
_LISTED: Final = "authorization:ListRoleAssignments"
_DENIALS: Final = "authorization:ListDenyAssignments"


def decide(capture: Capture, function: Function, asked: PermissionQuestion) -> Decision:
    """Whether an identity of the function may do it, by the roles assigned at every scope.

    Raises UsageError for what is no action or no resource id of Azure, and for context, which is not settled here.
    """
    check_action(asked.action)
    if asked.context:
        raise UsageError("--context settles condition keys of AWS only: conditions of Azure stay open.")
    home = function.scope.partition("/")[2]
    resource = _resource(asked.resource, home)
    names = dict.fromkeys((home, *(scope for cloud, scope, _ in capture.facts.scopes if cloud is Cloud.AZURE)))
    world = ResourceIndex({name: Answers(capture, name) for name in names})
    authorizer = _Authorizer(world, Roles(world))
    wanted = replace(resource, action=asked.action.lower())
    return decided_for(function, lambda identity: gone(identity) or authorizer.decide(identity, wanted))


class _Authorizer:
    """Answers by the assignments of every audited subscription."""

    def __init__(self, world: ResourceIndex, roles: Roles) -> None:
        self._world = world
        self._roles = roles

    def decide(self, identity: Identity, asked: Asked) -> Decision:
        """One decision, whichever of resource and data the action is on."""
        found = [self._on(identity, replace(asked, plane=plane)) for plane in planes(asked.action)]
        if len({decision.answer for decision in found}) == 1:
            return found[0]
        message = (
            f"the built-in roles of {data_as_of()} do not tell whether it is an action on the resource (actions) or"
            " on the data in it (dataActions)"
        )
        gap = Gap(GapReason.UNRECOGNISED, "", None, message, asked.action)
        proof = tuple(dict.fromkeys(step for decision in found for step in decision.proof))
        return Decision(Answer.UNKNOWN, "A role allows it as one of the two only.", proof, gap=gap, before=BEFORE)

    def _on(self, identity: Identity, asked: Asked) -> Decision:
        by_vault = vault_decision(self._world, identity.principal, asked, self._roles.single)
        if isinstance(by_vault, Decision):
            return by_vault
        subscription = subscription_of(asked.resource)
        denying, unread_denials = self._denials(subscription)
        before = () if unread_denials is None else BEFORE
        before = (*before, "access policies of vaults") if of_vault(asked) and asked.all_below else before
        if not identity.principal:
            return decided_by_roles((), self._of_identity(identity), before)
        assignments, untold = self._roles.assigned(identity.principal, identity.account)
        if subscription is not None and subscription in self._world.subscriptions:
            asked = replace(asked, above=frozenset(self._roles.above(subscription)))
        applying, gaps = self._defined(assignments, asked)
        unread = (self._unread(subscription, asked.resource), untold)
        found = (*(gap for gap in unread if gap is not None), *gaps)
        groups = frozenset(each.principal for each in assignments if each.of_group)
        first = denying_steps(denying, identity.principal, groups, asked)
        decision = decided_by_roles((*first, *steps(applying, asked)), found, before)
        if by_vault is None:
            return decision
        why = "Whether the vault heeds roles or access policies could not be read."
        return replace(decision, answer=Answer.UNKNOWN, why=why, gap=by_vault)

    def _denials(self, subscription: str | None) -> tuple[tuple[DenyAssignment, ...], Gap | None]:
        """The deny assignments that hold on the way down to a resource, and why there may be more."""
        answers = self._world.subscriptions.get(subscription or "")
        if answers is None:
            message = "deny assignments of what was not audited were not read"
            return (), self._world.any.gap(_DENIALS, GapReason.NOT_COLLECTED, message, subscription)
        listed = deny_assignments(answers)
        return listed.items, listed.gap

    def _unread(self, subscription: str | None, resource: str) -> Gap | None:
        """Why more may be assigned on the way down to a resource."""
        if subscription is not None:
            return self._roles.gap(subscription)
        message = "what is assigned above a management group was not read"
        return self._world.any.gap(_LISTED, GapReason.NOT_COLLECTED, message, resource)

    def _defined(
        self, assignments: tuple[Assignment, ...], asked: Asked
    ) -> tuple[list[tuple[Assignment, RoleDefinition]], list[Gap]]:
        found, gaps = [], []
        for assignment in sorted(assignments, key=lambda each: (len(each.scope), each.id)):
            if asked.place(assignment.scope) is None:
                continue
            role = self._roles.definition(assignment)
            if isinstance(role, Known):
                found.append((assignment, role.value))
            else:
                gaps.append(role.gap)
        return found, gaps

    def _of_identity(self, identity: Identity) -> tuple[Gap, ...]:
        return tuple(group.gap for group in identity.role_assignments if isinstance(group, Unknown))


def _resource(given: str, home: str) -> Asked:
    """What is asked about: ``*`` is everything in the function's subscription, ``…/*`` everything below a scope."""
    scope = f"/subscriptions/{home}/*" if given == EVERYTHING else given
    bare = scope.removesuffix("/*").rstrip("/").lower()
    if not bare.startswith(("/subscriptions/", "/providers/microsoft.management/managementgroups/")) or "*" in bare:
        raise UsageError(
            f"{given!r} is not the id of a resource of Azure: it begins with /subscriptions/, or is * for everything in"
            " the function's subscription."
        )
    return Asked("", bare, Plane.CONTROL, frozenset(), all_below=scope.endswith("/*"))
