"""How dangerous a role is, and what a permission allows."""

import pytest

from auditor.model.identity import BindingLevel, PolicyOrigin, RolePower
from providers.azure.rbac.bindings import Assignment, account_of, binding, grants, level_of
from providers.azure.rbac.definitions import Permission, RoleDefinition
from providers.azure.rbac.power import builtin_names, power_of

HOME = "0a1b2c3d-1111-4222-8333-444455556666"
SUBSCRIPTION = f"/subscriptions/{HOME}"
NAMES = {name: guid for guid, name in builtin_names().items()}


def permission(*actions: str, without: tuple[str, ...] = (), data: tuple[str, ...] = ()) -> Permission:
    return Permission(
        actions=tuple(action.lower() for action in actions),
        not_actions=tuple(action.lower() for action in without),
        data_actions=tuple(action.lower() for action in data),
        not_data_actions=(),
        condition=None,
    )


def role(*permissions: Permission, custom: bool = True) -> RoleDefinition:
    return RoleDefinition("cccccccc-0000-4000-8000-00000000000a", "Made up", custom, permissions)


def worth(*permissions: Permission, level: BindingLevel = BindingLevel.ACCOUNT) -> RolePower:
    made = role(*permissions)
    return power_of(made.id, made, level)


@pytest.mark.parametrize(
    ("name", "level", "power"),
    [
        ("Owner", BindingLevel.RESOURCE, RolePower.OWNER),
        ("Contributor", BindingLevel.GROUP, RolePower.ADMIN),
        ("User Access Administrator", BindingLevel.ACCOUNT, RolePower.ADMIN),
        ("Role Based Access Control Administrator", BindingLevel.ACCOUNT, RolePower.ADMIN),
        ("Website Contributor", BindingLevel.RESOURCE, RolePower.TAKEOVER),
        ("Logic Apps Standard Operator", BindingLevel.RESOURCE, RolePower.TAKEOVER),
        ("Managed Identity Operator", BindingLevel.RESOURCE, RolePower.TAKEOVER),
        ("Storage Account Contributor", BindingLevel.RESOURCE, RolePower.TAKEOVER),
        ("Key Vault Data Access Administrator", BindingLevel.RESOURCE, RolePower.TAKEOVER),
        ("Storage Blob Data Owner", BindingLevel.RESOURCE, RolePower.PLAIN),
        ("Storage Blob Data Owner", BindingLevel.ACCOUNT, RolePower.TAKEOVER),
        ("Key Vault Secrets User", BindingLevel.ORGANISATION, RolePower.TAKEOVER),
        ("Reader", BindingLevel.ORGANISATION, RolePower.PLAIN),
        ("Monitoring Metrics Publisher", BindingLevel.ACCOUNT, RolePower.PLAIN),
    ],
)
def test_built_in_roles_by_the_table(name: str, level: BindingLevel, power: RolePower) -> None:
    assert power_of(NAMES[name], None, level) is power


def test_custom_roles_by_what_they_allow() -> None:
    assert worth(permission("*")) is RolePower.OWNER
    assert worth(permission("*", without=("Microsoft.Authorization/*",))) is RolePower.ADMIN
    assert worth(permission("Microsoft.Authorization/roleAssignments/*")) is RolePower.ADMIN
    assert worth(permission("Microsoft.Web/sites/config/list/action")) is RolePower.TAKEOVER
    assert worth(permission("microsoft.storage/*/listKeys/action")) is RolePower.TAKEOVER
    assert worth(permission("*/read")) is RolePower.PLAIN
    assert worth(permission("Microsoft.Web/sites/read")) is RolePower.PLAIN


def test_data_actions_are_dangerous_where_they_hold_widely() -> None:
    secrets = permission(data=("Microsoft.KeyVault/vaults/secrets/*",))
    assert worth(secrets) is RolePower.TAKEOVER
    assert worth(secrets, level=BindingLevel.RESOURCE) is RolePower.PLAIN


def test_not_actions_subtract_within_one_permission_and_from_no_other() -> None:
    narrowed = permission("Microsoft.Web/sites/*", without=("Microsoft.Web/sites/*",))
    assert worth(narrowed) is RolePower.PLAIN
    assert worth(narrowed, permission("Microsoft.Web/sites/write")) is RolePower.TAKEOVER


def test_patterns_ignore_case_and_match_across_slashes() -> None:
    wide = permission("MICROSOFT.Web/*/Action")
    assert wide.allows("microsoft.web/sites/config/list/action")
    assert not wide.allows("microsoft.website/sites/action")
    assert not permission("Microsoft.Web/sites").allows("Microsoft.Web/sites/write")


def test_the_two_spellings_of_assigning_an_identity() -> None:
    spelled = permission("Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action")
    assert spelled.allows("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action")
    assert worth(spelled) is RolePower.TAKEOVER


@pytest.mark.parametrize(
    ("scope", "level", "account"),
    [
        ("/", BindingLevel.ORGANISATION, None),
        ("/providers/microsoft.management/managementgroups/fernhollow", BindingLevel.ORGANISATION, None),
        (SUBSCRIPTION, BindingLevel.ACCOUNT, HOME),
        (f"{SUBSCRIPTION}/", BindingLevel.ACCOUNT, HOME),
        (f"{SUBSCRIPTION}/resourcegroups/orders", BindingLevel.GROUP, HOME),
        (f"{SUBSCRIPTION}/resourcegroups/orders/providers/microsoft.web/sites/a", BindingLevel.RESOURCE, HOME),
    ],
)
def test_how_wide_a_scope_is(scope: str, level: BindingLevel, account: str | None) -> None:
    assert (level_of(scope), account_of(scope)) == (level, account)


def assigned(guid: str, scope: str = SUBSCRIPTION, condition: str | None = None) -> Assignment:
    return Assignment(
        "/a/1",
        "principal",
        f"{SUBSCRIPTION}/providers/microsoft.authorization/roledefinitions/{guid}",
        scope,
        condition,
    )


def test_a_binding_keeps_where_it_holds_and_its_condition() -> None:
    found = binding(assigned(NAMES["Contributor"], condition="(x)"), None, "another")
    assert found is not None
    assert (found.role, found.custom, found.foreign, found.condition) == ("Contributor", False, True, "(x)")
    assert found.role_id.endswith(NAMES["Contributor"])


def test_a_role_that_nobody_can_name_is_no_binding() -> None:
    assert binding(assigned("dddddddd-0000-4000-8000-00000000000d"), None, HOME) is None


def test_grants_of_actions_and_of_data() -> None:
    made = role(
        permission("Microsoft.Web/sites/*", without=("Microsoft.Web/sites/delete",), data=("Microsoft.Web/x/read",))
    )
    actions, data = grants(assigned(made.id, condition="(x)"), made)
    assert (actions.actions, actions.not_actions) == (("microsoft.web/sites/*",), ("microsoft.web/sites/delete",))
    assert (actions.resources, actions.condition_keys, actions.origin) == (
        (SUBSCRIPTION,),
        ("assignment",),
        PolicyOrigin.CUSTOMER,
    )
    assert (data.statement, data.actions) == ("permissions[0].data", ("microsoft.web/x/read",))
