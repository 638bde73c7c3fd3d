"""What an estate comes to once some assignments of roles are taken back."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property

from auditor.analysis.permissions.role_estate import RoleEstate
from auditor.analysis.role_assignments import assignment_site
from auditor.model.role_holders import RoleHolder


class LesserEstate(RoleEstate):
    """An estate without the assignments at some sites (:func:`auditor.analysis.role_assignments.assignment_site`).

    A holder that has none of them is the very one of the whole estate.
    """

    def __init__(self, whole: RoleEstate, sites: AbstractSet[str]) -> None:
        vars(self).update(vars(whole))  # what does not rest on who holds what is shared
        vars(self).pop("holders", None)
        self._relevant = {}
        self._everywhere = {}
        self._less: dict[str, RoleHolder | None] = {}
        self._before = whole
        self._sites = sites

    @cached_property
    def holders(self) -> dict[str, RoleHolder]:
        """Every principal, with the roles that are left to it."""
        return {name: self._left(holder) for name, holder in self._before.holders.items()}

    def holder(self, principal: str) -> RoleHolder | None:
        """A principal by its id, with the roles that are left to it."""
        if principal not in self._less:
            found = self._before.holder(principal)
            self._less[principal] = None if found is None else self._left(found)
        return self._less[principal]

    def _left(self, holder: RoleHolder) -> RoleHolder:
        roles = tuple(
            role for role in holder.roles if assignment_site(role, role.through or holder.id) not in self._sites
        )
        return holder if len(roles) == len(holder.roles) else replace(holder, roles=roles)
