"""Every built-in role of Azure against the permissions that lead to more, by a matcher of this test's own."""

from typing import Any

from auditor.analysis.permissions.role_techniques import permissions_of
from auditor.model.ids import Cloud
from providers.azure.rbac.builtin_roles import definition, roles
from providers.azure.rbac.role_privilege import builtin_permissions, sensitive_permissions

ROLES = roles()
ASSIGN = "microsoft.managedidentity/userassignedidentities/assign/action"
"""The one operation that roles spell with a segment more than it has."""


def spelt(pattern: str, action: str) -> bool:
    """Whether a pattern covers an action, tried letter by letter: ``*`` is any run of letters, of slashes too."""
    if not pattern:
        return not action
    if pattern[0] == "*":
        return any(spelt(pattern[1:], action[start:]) for start in range(len(action) + 1))
    return bool(action) and pattern[0] == action[0] and spelt(pattern[1:], action[1:])


def covered(patterns: list[str], action: str) -> bool:
    names = [pattern.lower() for pattern in patterns]
    if action == ASSIGN and ASSIGN.replace("/assign", "/*/assign") in names:
        return True
    return any(spelt(name, action) for name in names if "*" in name) or action in names


def held(role: dict[str, Any]) -> dict[str, bool]:
    """By permission that the role gives: whether it always does, or only under a condition of its own."""
    found: dict[str, bool] = {}
    for name in permissions_of(Cloud.AZURE):
        for part in role["permissions"]:
            plain = covered(part["actions"], name) and not covered(part["notActions"], name)
            data = covered(part["dataActions"], name) and not covered(part["notDataActions"], name)
            if plain or data:
                found[name] = found.get(name, False) or not part["condition"]
    return found


def test_every_built_in_role_holds_what_a_matcher_by_brute_force_finds_and_the_table_says_the_same() -> None:
    wrong = []
    for role in ROLES:
        expected = held(role)
        for told in (sensitive_permissions(definition(role)), builtin_permissions(role["name"])):
            found = {**dict.fromkeys(told[1], False), **dict.fromkeys(told[0], True)}
            if found != expected:
                wrong.append((role["roleName"], sorted(found.items() ^ expected.items())))
    assert wrong == []
    assert {role["roleName"] for role in ROLES} >= {"Owner", "Contributor", "Managed Identity Operator"}


def test_roles_by_what_they_are_known_to_allow() -> None:
    by_name = {role["roleName"]: held(role) for role in ROLES}
    grant, run = "microsoft.authorization/roleassignments/write", "microsoft.compute/virtualmachines/runcommand/action"
    elevate = "microsoft.authorization/elevateaccess/action"
    assert by_name["Owner"][grant]
    assert by_name["Owner"][elevate]
    assert grant not in by_name["Contributor"]
    assert elevate not in by_name["Contributor"]
    assert by_name["Contributor"][ASSIGN]
    assert by_name["User Access Administrator"][grant]
    assert by_name["Managed Identity Operator"] == {ASSIGN: True}
    assert by_name["Virtual Machine Contributor"][run]
    assert by_name["Key Vault Data Access Administrator"][grant] is False  # the roles that its condition leaves
    assert grant not in by_name["Reader"]
