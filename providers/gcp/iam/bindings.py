"""The roles bound to one identity, wherever they are bound."""

from dataclasses import dataclass
from typing import Any, Final

from auditor.model.identity import BindingLevel, RoleBinding, RolePower
from auditor.model.observed import Gap, Unknown
from providers.gcp.iam.grants import bindings
from providers.gcp.iam.members import parse
from providers.gcp.iam.roles import Roles, is_custom

_EVERY_ACCOUNT: Final = "/type/ServiceAccount"
_ACTING: Final = ("/serviceAccounts/", "/functions/", "/services/", "/buckets/gcf-", "/buckets/run-sources-")
"""Resources on which a powerful role is more than its name says: the identities and code of others."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a policy lies: the resource it guards, how wide that is, and in which project."""

    resource: str
    level: BindingLevel
    project: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """The bindings of an identity at one place; ``gap`` where a role there could not be told."""

    found: tuple[RoleBinding, ...]
    gap: Gap | None


def bound(policy: dict[str, Any], place: Place, email: str, own: str, roles: Roles) -> Held:
    """What a policy grants an identity of the project ``own``. Raises PolicyMalformedError."""
    found: list[RoleBinding] = []
    gap: Gap | None = None
    for binding in bindings(policy):
        named = next((text for text in binding.members if _is(text, email)), None)
        wide = next((text for text in binding.members if _includes(text, own)), None)
        if named is None and wide is None:
            continue
        power = roles.power(binding.role)
        if isinstance(power, Unknown):
            gap = gap or power.gap
            continue
        found.append(
            RoleBinding(
                id=f"{place.resource}#{binding.role}" + (f"#{binding.index}" if binding.condition is not None else ""),
                role=binding.role.removeprefix("roles/"),
                role_id=binding.role,
                custom=is_custom(binding.role),
                power=_weighed(power.value, place),
                scope=place.resource,
                level=place.level,
                account=place.project,
                foreign=place.project is not None and place.project != own,
                through=None if named is not None else wide,
                condition=binding.condition,
            )
        )
    return Held(tuple(found), gap)


def _is(text: str, email: str) -> bool:
    """Addresses compare without case; a deleted account of the same name is another account."""
    return text.lower() == f"serviceaccount:{email.lower()}"


def _includes(text: str, project: str) -> bool:
    """Members that every service account of the project is among."""
    if text in ("allUsers", "allAuthenticatedUsers"):
        return True
    member = parse(text)
    return text.endswith(_EVERY_ACCOUNT) and member.project == project


def _weighed(power: RolePower, place: Place) -> RolePower:
    """On one bucket, topic or secret even its administrator is no administrator of the account."""
    if place.level is not BindingLevel.RESOURCE or any(part in f"/{place.resource}" for part in _ACTING):
        return power
    return RolePower.PLAIN
