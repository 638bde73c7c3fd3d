"""Whether a deny assignment or deny policy takes a permission away that roles give."""

from collections.abc import Iterable
from typing import NamedTuple

from auditor.model.identity import AssignmentLevel
from auditor.model.role_holders import Denial, RoleHolder
from auditor.model.wildcards import covers


class Denied(NamedTuple):
    """The denial that applies. ``certain``: whatever is not known; else it may apply."""

    denial: Denial
    certain: bool


def denied(
    denials: Iterable[Denial], holder: RoleHolder, permission: str, names: Iterable[str], account: str
) -> Denied | None:
    """The denial of a permission on what has these ids: one that certainly applies before one that may."""
    places = tuple(names)
    best: Denied | None = None
    for denial in denials:
        if not _holds_on(denial, places, account) or not _takes(denial, permission):
            continue
        certain = _names(denial, holder)
        if certain is None:
            continue
        if certain:
            return Denied(denial, certain=True)
        best = best or Denied(denial, certain=False)
    return best


def _takes(denial: Denial, permission: str) -> bool:
    action = permission.lower()
    taken = any(covers(pattern, action) for pattern in denial.permissions)
    return taken and not any(covers(pattern, action) for pattern in denial.excepted_permissions)


def _names(denial: Denial, holder: RoleHolder) -> bool | None:
    """Whether a denial is about a principal: certainly, perhaps (False), or not at all (None)."""
    if any(covers(pattern, holder.id) for pattern in denial.excepted):
        return None
    member_of = {holder.id, *(role.through for role in holder.roles if role.through)}
    if member_of.intersection(denial.excepted_groups):
        return None
    named = any(covers(pattern, holder.id) for pattern in denial.principals) or member_of.intersection(denial.groups)
    if not named and not denial.groups:
        return None
    return bool(named) and not denial.conditional and not denial.excepted_groups


def _holds_on(denial: Denial, names: tuple[str, ...], account: str) -> bool:
    if not denial.below:
        return denial.scope in names
    if denial.level in (AssignmentLevel.RESOURCE, AssignmentLevel.GROUP):
        return any(name == denial.scope or name.startswith(f"{denial.scope}/") for name in names)
    return denial.level is AssignmentLevel.ORGANISATION or denial.account == account
