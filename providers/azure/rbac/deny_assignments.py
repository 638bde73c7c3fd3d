"""Deny assignments: what is denied to whom, whatever roles allow. Everything is in lower case but conditions.

By the reference of Microsoft.Authorization 2022-04-01 ("Understand Azure deny assignments"): they hold on their scope
and, unless ``doNotApplyToChildScopes`` says otherwise, on all below it; the principal of zeros is everyone; a principal
of type Group stands for its members, and ``excludePrincipals`` are left out.
"""

from dataclasses import dataclass
from typing import Final

from auditor.analysis.permissions.role_techniques import permissions_of
from auditor.model.ids import Cloud
from auditor.model.role_holders import Denial
from providers.azure.rbac.actions import Plane, planes
from providers.azure.rbac.definitions import Permission
from providers.azure.rbac.scopes import account_of, level_of

EVERYONE: Final = "00000000-0000-0000-0000-000000000000"
_GROUP: Final = "group"
_ALL: Final = "*"


@dataclass(frozen=True, slots=True)
class Named:
    """A principal that a deny assignment names; ``kind`` is its type in lower case."""

    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class DenyAssignment:
    """One deny assignment. ``below``: it holds on what lies in its scope, too."""

    id: str
    name: str
    scope: str
    permissions: tuple[Permission, ...]
    principals: tuple[Named, ...]
    excluded: tuple[Named, ...]
    condition: str | None
    below: bool

    def denies(self, action: str, *, data: bool) -> Permission | None:
        """The permission by which it denies an action: one without a condition of its own before one with one."""
        found = [each for each in self.permissions if (each.allows_data if data else each.allows)(action)]
        return min(found, key=lambda each: each.condition is not None, default=None)

    def concerns(self, principal: str, groups: frozenset[str]) -> tuple[bool, tuple[str, ...]]:
        """Whether it may be about a principal that is in these groups, and the groups it depends on being in or not."""
        own = {principal, *groups}
        if any(each.id in own for each in self.excluded):
            return False, ()
        named = any(each.id in own or each.id == EVERYONE for each in self.principals)
        asked = () if named else tuple(each.id for each in self.principals if each.kind == _GROUP)
        left_out = tuple(each.id for each in self.excluded if each.kind == _GROUP)
        return named or bool(asked), (*asked, *left_out)


def denials(assignment: DenyAssignment) -> tuple[Denial, ...]:
    """The same as the analysis of paths takes it: of the permissions that techniques need, those that it denies.

    An action on data is denied by what is denied of data alone. One of which the plane is not known is certainly denied
    only where both are.
    """
    always, limited = [], []
    for name in sorted(permissions_of(Cloud.AZURE)):
        found = [assignment.denies(name, data=plane is Plane.DATA) for plane in planes(name)]
        if all(each is not None and each.condition is None for each in found):
            always.append(name)
        elif any(each is not None for each in found):
            limited.append(name)
    whole = any(_ALL in each.actions and not each.not_actions and not each.condition for each in assignment.permissions)
    made = (
        _denial(assignment, (*always, *((_ALL,) if whole else ())), conditional=assignment.condition is not None),
        _denial(assignment, tuple(limited), conditional=True),
    )
    return tuple(each for each in made if each.permissions)


def _denial(assignment: DenyAssignment, permissions: tuple[str, ...], *, conditional: bool) -> Denial:
    scope = assignment.scope.rstrip("/") or "/"
    return Denial(
        id=assignment.name,
        principals=tuple(
            _ALL if each.id == EVERYONE else each.id for each in assignment.principals if not _is_group(each)
        ),
        excepted=tuple(each.id for each in assignment.excluded if not _is_group(each)),
        permissions=permissions,
        excepted_permissions=(),
        scope=scope,
        level=level_of(assignment.scope),
        account=account_of(assignment.scope),
        conditional=conditional,
        groups=tuple(each.id for each in assignment.principals if _is_group(each)),
        excepted_groups=tuple(each.id for each in assignment.excluded if _is_group(each)),
        below=assignment.below,
    )


def _is_group(named: Named) -> bool:
    return named.kind == _GROUP
