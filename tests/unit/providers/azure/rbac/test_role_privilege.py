"""How dangerous a role is, and what a permission allows."""

from dataclasses import replace

import pytest

from auditor.model.identity import AssignmentLevel, PolicyOrigin, RolePower
from providers.azure.rbac.definitions import Permission, RoleDefinition
from providers.azure.rbac.role_assignments import Assignment, binding, grants
from providers.azure.rbac.role_privilege import Worth, builtin_names, worth_of
from providers.azure.rbac.scopes import account_of, level_of, type_of

HOME = "0a1b2c3d-1111-4222-8333-444455556666"
SUBSCRIPTION = f"/subscriptions/{HOME}"
GROUP = f"{SUBSCRIPTION}/resourcegroups/orders"
MANAGEMENT = "/providers/microsoft.management/managementgroups/fernhollow"


def one(kind: str) -> str:
    """The id of a resource of a type, as ``microsoft.web/sites/slots``."""
    provider, *types = kind.split("/")
    return "/".join((GROUP, "providers", provider, *(f"{each}/one" for each in types)))


APP, PLAN, ACCOUNT = (
    one("microsoft.web/sites"),
    one("microsoft.web/serverfarms"),
    one("microsoft.storage/storageaccounts"),
)
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


def judged(*permissions: Permission, scope: str = SUBSCRIPTION) -> Worth:
    made = role(*permissions)
    return worth_of(made.id, made, scope)


def worth(*permissions: Permission, scope: str = SUBSCRIPTION) -> RolePower:
    return judged(*permissions, scope=scope).power


@pytest.mark.parametrize(
    ("name", "scope", "power"),
    [
        ("Owner", APP, RolePower.OWNER),
        ("Contributor", GROUP, RolePower.ADMIN),
        ("User Access Administrator", SUBSCRIPTION, RolePower.ADMIN),
        ("Role Based Access Control Administrator", SUBSCRIPTION, RolePower.ADMIN),
        ("Website Contributor", APP, RolePower.TAKEOVER),
        ("Logic Apps Standard Operator", APP, RolePower.TAKEOVER),
        ("Managed Identity Operator", one("microsoft.managedidentity/userassignedidentities"), RolePower.TAKEOVER),
        ("Storage Account Contributor", ACCOUNT, RolePower.TAKEOVER),
        ("Key Vault Data Access Administrator", one("microsoft.keyvault/vaults"), RolePower.TAKEOVER),
        ("Storage Blob Data Owner", ACCOUNT, RolePower.PLAIN),
        ("Storage Blob Data Owner", SUBSCRIPTION, RolePower.TAKEOVER),
        ("Key Vault Secrets User", MANAGEMENT, RolePower.TAKEOVER),
        ("Reader", MANAGEMENT, RolePower.PLAIN),
        ("Monitoring Metrics Publisher", SUBSCRIPTION, RolePower.PLAIN),
    ],
)
def test_built_in_roles_by_the_table(name: str, scope: str, power: RolePower) -> None:
    assert worth_of(NAMES[name], None, scope).power is power


TAKING = {
    "publish": ("Microsoft.Web/sites/publishxml/action",),
    "settings": ("Microsoft.Web/sites/config/list/action",),
    "code": ("Microsoft.Web/sites/write", "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action"),
    "slot": ("Microsoft.Web/sites/slots/*",),
    "federate": ("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",),
    "commands": ("Microsoft.Compute/virtualMachines/runCommand/action",),
    "jobs": ("Microsoft.Automation/automationAccounts/jobs/write",),
    "images": ("Microsoft.ContainerRegistry/registries/push/write",),
    "workflows": ("Microsoft.Logic/*",),
    "keys": ("Microsoft.Storage/storageAccounts/listKeys/action",),
}
OWN = {
    "publish": APP,
    "settings": APP,
    "code": APP,
    "slot": APP,
    "federate": one("microsoft.managedidentity/userassignedidentities"),
    "commands": one("microsoft.compute/virtualmachines"),
    "jobs": one("microsoft.automation/automationaccounts"),
    "images": one("microsoft.containerregistry/registries"),
    "workflows": one("microsoft.logic/workflows"),
    "keys": ACCOUNT,
}


@pytest.mark.parametrize("name", TAKING)
def test_z10_custom_roles_take_over_where_their_actions_mean_something(name: str) -> None:
    asked = permission(*TAKING[name])
    found = {scope: worth(asked, scope=scope) for scope in (MANAGEMENT, SUBSCRIPTION, GROUP, OWN[name], PLAN)}
    assert found == {
        MANAGEMENT: RolePower.TAKEOVER,
        SUBSCRIPTION: RolePower.TAKEOVER,
        GROUP: RolePower.TAKEOVER,
        OWN[name]: RolePower.TAKEOVER,
        PLAN: RolePower.PLAIN,
    }
    assert worth(permission(*TAKING[name], without=("Microsoft.*",))) is RolePower.PLAIN


def test_z10_a_role_is_named_for_what_it_reaches() -> None:
    code = "replace the code or settings of every app there, which run as its identity"
    attach = "attach every user-assigned identity there to compute of its own, and run as it"
    assert judged(permission(*TAKING["code"])).reaches == (attach, code)
    assert judged(permission(*TAKING["code"]), scope=APP).reaches == (code,)
    assert worth_of(NAMES["Managed Identity Operator"], None, GROUP).reaches == (attach,)
    assert worth_of(NAMES["Website Contributor"], None, PLAN) == Worth(RolePower.PLAIN)
    conditioned = replace(permission("Microsoft.Authorization/roleAssignments/write"), condition="(x)")
    assert worth(conditioned) is RolePower.PLAIN
    delegates = worth_of(NAMES["Key Vault Data Access Administrator"], role(conditioned, custom=False), SUBSCRIPTION)
    assert delegates == Worth(RolePower.TAKEOVER, ("grant the roles that the condition of this role leaves",))


def test_z10_a_role_of_one_service_is_no_administrator() -> None:
    assert worth(permission("Microsoft.Storage/*")) is RolePower.TAKEOVER
    assert worth(permission("Microsoft.ServiceBus/*", "Microsoft.Insights/*")) is RolePower.PLAIN
    assert worth(permission("*/action")) is RolePower.TAKEOVER
    assert worth(permission("*/action"), scope=MANAGEMENT) is RolePower.ADMIN
    assert worth(permission("*", without=("*/write", "*/action", "*/delete"))) is RolePower.PLAIN


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
    assert worth(secrets, scope=ACCOUNT) is RolePower.PLAIN


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
        ("/", AssignmentLevel.ORGANISATION, None),
        ("/providers/microsoft.management/managementgroups/fernhollow", AssignmentLevel.ORGANISATION, None),
        (SUBSCRIPTION, AssignmentLevel.ACCOUNT, HOME),
        (f"{SUBSCRIPTION}/", AssignmentLevel.ACCOUNT, HOME),
        (f"{SUBSCRIPTION}/resourcegroups/orders", AssignmentLevel.GROUP, HOME),
        (f"{SUBSCRIPTION}/resourcegroups/orders/providers/microsoft.web/sites/a", AssignmentLevel.RESOURCE, HOME),
    ],
)
def test_how_wide_a_scope_is(scope: str, level: AssignmentLevel, account: str | None) -> None:
    assert (level_of(scope), account_of(scope)) == (level, account)


def test_z10_what_a_scope_is() -> None:
    types = {scope: type_of(scope) for scope in (SUBSCRIPTION, GROUP, MANAGEMENT, APP, f"{APP}/slots/blue")}
    assert types == {
        SUBSCRIPTION: "",
        GROUP: "",
        MANAGEMENT: "",
        APP: "microsoft.web/sites",
        f"{APP}/slots/blue": "microsoft.web/sites/slots",
    }


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
