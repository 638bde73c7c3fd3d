"""Functions whose identity can become a stronger one, and those that only look as if theirs could."""

from typing import Any

from moto_fixtures.azure.company.blueprint import Blueprint, sound, system_assigned
from moto_fixtures.azure.company.infrastructure import Infrastructure
from moto_fixtures.azure.response_shapes.access import USER_ACCESS_ADMINISTRATOR, Role, made_id

_MACHINE = "Microsoft.Compute/virtualMachines"
RUNNER = Role(
    "5d0f3c1b-8a2e-4c67-b1f4-3e9a7d6c2b50",
    "Machine Runner",
    (f"{_MACHINE}/read", f"{_MACHINE}/runCommand/action"),
    custom=True,
)
DELEGATE = Role(
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "Role Based Access Control Administrator",
    (
        "Microsoft.Authorization/roleAssignments/write",
        "Microsoft.Authorization/roleAssignments/delete",
        "*/read",
        "Microsoft.Support/*",
    ),
)
_READERS_ONLY = (
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR "
    "(@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] "
    "ForAnyOfAnyValues:GuidEquals {acdd72a7-3385-48ef-bd42-f606fba81ae7}))"
)


def machines(estate: Infrastructure) -> None:
    """A build agent that hands out roles, a kiosk that runs as nothing, and who may grant readers their role."""
    shop = estate.production
    shop.role(Role(RUNNER.id, RUNNER.name, RUNNER.actions, scopes=(shop.at,), custom=True))
    agent: dict[str, Any] = system_assigned(estate, "fhw-build-agent")
    estate.made["machine:build-agent"] = shop.resource(_MACHINE, "fhw-build-agent", {}, identity=agent)
    estate.made["machine:kiosk"] = shop.resource(_MACHINE, "fhw-kiosk", {}, identity=None)
    shop.assign(USER_ACCESS_ADMINISTRATOR, made_id("fhw-build-agent"))
    shop.role(DELEGATE)
    shop.assign(DELEGATE, made_id("fhw-access-desk"), condition=_READERS_ONLY)


def functions(estate: Infrastructure) -> list[Blueprint]:
    """One that becomes an administrator, one whose target runs as nothing, one that a condition limits."""
    return [
        sound(
            estate, "agent-patcher", "Runs commands on a machine that hands out roles",
            grants=((RUNNER, "machine:build-agent"),),
        ),
        sound(
            estate, "kiosk-restart", "Runs commands on a machine without an identity",
            grants=((RUNNER, "machine:kiosk"),),
        ),
        sound(estate, "access-desk", "Hands out roles, under a condition that leaves it Reader only"),
    ]  # fmt: skip
