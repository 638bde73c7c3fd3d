"""What a role holds: from small tables drawn from Google's predefined roles, and from custom roles as they were read.

The tables, with their sources and the date they were read, are in ``providers/gcp/data``.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from auditor.model.identity import RolePower
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.gcp.iam.predefined_roles import holders_of

INVOKE_FUNCTION: Final = "cloudfunctions.functions.invoke"
INVOKE_SERVICE: Final = "run.routes.invoke"
CHANGE_FUNCTION: Final = ("cloudfunctions.functions.update", "cloudfunctions.functions.setIamPolicy")
CHANGE_SERVICE: Final = ("run.services.update", "run.services.setIamPolicy")
READ_SOURCE: Final = "cloudfunctions.functions.sourceCodeGet"
PUBLISH: Final = ("pubsub.topics.publish", "pubsub.topics.setIamPolicy")
WRITE_OBJECTS: Final = (
    "storage.objects.create",
    "storage.objects.update",
    "storage.objects.delete",
    "storage.buckets.setIamPolicy",
)
READ_OBJECTS: Final = ("storage.objects.get", "storage.objects.list")
WRITE_IMAGES: Final = (
    "artifactregistry.repositories.uploadArtifacts",
    "artifactregistry.repositories.setIamPolicy",
)
READ_IMAGES: Final = ("artifactregistry.repositories.downloadArtifacts",)
ACCESS_SECRETS: Final = "secretmanager.versions.access"
IMPERSONATE: Final = (
    "iam.serviceAccounts.getAccessToken",
    "iam.serviceAccounts.getOpenIdToken",
    "iam.serviceAccounts.implicitDelegation",
    "iam.serviceAccounts.signBlob",
    "iam.serviceAccounts.signJwt",
    "iam.serviceAccountKeys.create",
    "iam.serviceAccounts.actAs",
    "iam.serviceAccounts.setIamPolicy",
)

_PREFIX: Final = "roles/"
_BASIC: Final = {
    **dict.fromkeys(("roles/owner", "roles/admin"), RolePower.OWNER),
    **dict.fromkeys(("roles/editor", "roles/writer", "roles/viewer", "roles/reader"), RolePower.BASIC),
}
_AGENT: Final = ("serviceagent", "serviceagentv2ext")


@dataclass(frozen=True, slots=True)
class Capability:
    """What some permissions amount to. ``reaches`` continues "may …"; any of ``permissions`` is enough."""

    id: str
    power: RolePower
    reaches: str
    permissions: frozenset[str]


class Roles:
    """The roles of an audit. ``custom`` holds the permissions of each custom role that was asked for."""

    def __init__(self, custom: Mapping[str, Observed[frozenset[str] | None]]) -> None:
        """``None`` stands for a custom role that no longer exists: it holds nothing."""
        self._custom = custom
        self._judged: dict[str, Observed[tuple[Capability, ...]]] = {}

    def holds(self, role: str, permissions: Iterable[str]) -> Observed[tuple[str, ...]]:
        """Which of some permissions a role holds; Unknown for a role that could not be read or is newer than ours."""
        if role.startswith(_PREFIX):
            if not is_known(role):
                return Unknown(_newer(role))
            name = role.removeprefix(_PREFIX)
            return Known(tuple(wanted for wanted in permissions if name in _holding(wanted)), "")
        own = self._permissions(role)
        if isinstance(own, Unknown):
            return own
        held = own.value or frozenset()
        return Known(tuple(wanted for wanted in permissions if wanted in held), own.source)

    def power(self, role: str) -> Observed[RolePower]:
        """What a role amounts to on an account."""
        if role in _BASIC:
            return Known(_BASIC[role], "")
        return self.capabilities(role).map(lambda held: _power(role, held))

    def capabilities(self, role: str) -> Observed[tuple[Capability, ...]]:
        """What a role lets its holder become or change, gravest first."""
        found = self._judged.get(role)
        if found is None:
            asked = tuple(dict.fromkeys(permission for each in _capabilities() for permission in each.permissions))
            found = self._judged[role] = self.holds(role, asked).map(_amounting)
        return found

    def custom_permissions(self) -> frozenset[str]:
        """Every permission that a custom role holds which could be read."""
        known = (each.value for each in self._custom.values() if isinstance(each, Known))
        return frozenset(name for held in known for name in held or ())

    def _permissions(self, role: str) -> Observed[frozenset[str] | None]:
        if not role.startswith(("projects/", "organizations/")):
            return Unknown(_newer(role))
        found = self._custom.get(role)
        if found is not None:
            return found
        message = "the custom role was not read"
        return Unknown(Gap(GapReason.NOT_COLLECTED, "iam:GetRole", "iam.roles.get", message, role))


def is_custom(role: str) -> bool:
    """Whether a role is one of the customer's own."""
    return not role.startswith(_PREFIX)


def is_known(role: str) -> bool:
    """Whether a predefined role is in our table, or is one of a service agent."""
    return role.lower().endswith(_AGENT) or role.removeprefix(_PREFIX) in _names()


def _newer(role: str) -> Gap:
    return Gap(GapReason.UNRECOGNISED, "", None, f"the role {role[:200]} is not in our table of roles", role[:200])


def _amounting(permissions: tuple[str, ...]) -> tuple[Capability, ...]:
    return tuple(each for each in _capabilities() if each.permissions.intersection(permissions))


def _power(role: str, held: tuple[Capability, ...]) -> RolePower:
    if held:
        return held[0].power
    return RolePower.SERVICE if role.startswith(_PREFIX) and role.endswith(".admin") else RolePower.PLAIN


@cache
def _read(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((files("providers.gcp") / "data" / name).read_text("utf-8"))
    return table


@cache
def _holders() -> Mapping[str, frozenset[str]]:
    table = _read("role_permissions.json")["permissions"]
    return {permission: frozenset(names.split()) for permission, names in table.items()}


def _holding(permission: str) -> frozenset[str]:
    """The predefined roles with a permission: the small table holds those that are asked often, the large one all."""
    found = _holders().get(permission)
    return found if found is not None else holders_of(permission) or frozenset()


@cache
def _capabilities() -> tuple[Capability, ...]:
    listed = _read("role_powers.json")["capabilities"]
    return tuple(
        Capability(each["id"], RolePower(each["power"]), each["reaches"], frozenset(each["permissions"]))
        for each in listed
    )


@cache
def _names() -> frozenset[str]:
    table = _read("role_names.json")
    named = (f"{service}.{name}" for service, names in table["roles"].items() for name in names.split())
    return frozenset(named) | frozenset(table["basic"].split())
