"""What the identity of each function of an AWS account can do, whom it can become, and who can take it over."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from auditor.analysis.permissions.account_access import AccountAccess, RoleAuthorizer
from auditor.analysis.permissions.escalation_paths import EscalationPaths
from auditor.analysis.resource_patterns import Owner
from auditor.model.access import EffectivePermissions
from auditor.model.function import Function
from auditor.model.inventory import Scope
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, graver
from auditor.model.principals import Principal

_SHOWN: Final = 6
"""How many of a list are kept for each function: a report holds thousands of them."""


def effective_permissions(
    scope: Scope, functions: Iterable[Function], authorizer: RoleAuthorizer
) -> Iterator[tuple[str, Observed[EffectivePermissions]]]:
    """By the id of each function of the account, what its identity can do."""
    held = tuple(functions)
    if isinstance(scope.principals, Unknown):
        yield from ((function.id, scope.principals) for function in held)
        return
    principals = scope.principals.value
    access = AccountAccess(_owner(scope, principals), principals, held, authorizer, scope.compute)
    paths = EscalationPaths(access)
    for function in held:
        yield function.id, _of(function, access, paths, scope.principals.source)


def _owner(scope: Scope, principals: tuple[Principal, ...]) -> Owner:
    partition = principals[0].id.split(":")[1] if principals else "aws"
    return Owner(scope.name, partition)


def _of(
    function: Function, access: AccountAccess, paths: EscalationPaths, source: str
) -> Observed[EffectivePermissions]:
    identity = function.identity
    if isinstance(identity, Unknown):
        return identity
    role = access.principals.get(identity.value.id) if identity.value is not None else None
    if role is None:
        message = "the function's role is not among the roles of the account"
        return Unknown(Gap(GapReason.NOT_FOUND, source, source, message, function.id))
    capabilities, escalation = paths.capabilities(role), paths.escalation(role)
    takeover, takers = paths.takeover(function, role.id)
    unread = access.any_gap()
    gap = access.gap(role.id)
    for path in escalation:
        for step in path.steps:
            of_step = access.gap(step.source)
            gap = graver(gap, of_step) if of_step is not None else gap
    return Known(
        EffectivePermissions(
            capabilities=tuple(replace(each, resources=each.resources[:_SHOWN]) for each in capabilities),
            escalation=escalation,
            takeover=takeover,
            takers=takers,
            takers_complete=Known(True, source) if unread is None else Unknown(unread),
            administrator=access.is_administrator(role.id),
            administrators=access.administrators[:_SHOWN],
            before=access.before,
            further=paths.further(role)[1:] if escalation and escalation[0].administrator else (),
            first_steps=paths.first_steps(role) if escalation and escalation[0].administrator else (),
            complete=Known(True, source) if gap is None else Unknown(gap),
        ),
        source,
    )
