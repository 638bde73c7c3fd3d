"""Calls about a subscription as a whole: what there is, and the cross-checks of what Resource Graph says."""

from typing import Final

from providers.azure.operations.declaring import SITE, WEB, AzureOperation, declare, under

_AUTHORIZATION: Final = "/subscriptions/{subscription}/providers/Microsoft.Authorization"
_RBAC: Final = "2022-04-01"

SUBSCRIPTION: Final[tuple[AzureOperation, ...]] = (
    declare(
        "resources:ListSubscriptions",
        "Microsoft.Resources/subscriptions/read",
        "the subscriptions the credentials can see",
        "/subscriptions",
        "2022-12-01",
        pages="value",
        bucket="tenant",
    ),
    declare(
        "management:ListDescendants",
        "Microsoft.Management/managementGroups/descendants/read",
        "the subscriptions below the management group asked for",
        "/providers/Microsoft.Management/managementGroups/{group}/descendants",
        "2020-05-01",
        pages="value",
        bucket="tenant",
    ),
    declare(
        "web:ListSites",
        "Microsoft.Web/sites/read",
        "the function apps, as a cross-check of Resource Graph and where it has no answer",
        "/subscriptions/{subscription}/providers/Microsoft.Web/sites",
        WEB,
        pages="value",
        redact=under("value[]", SITE),
    ),
    declare(
        "web:ListPlans",
        "Microsoft.Web/serverfarms/read",
        "the plans, where Resource Graph has no answer",
        "/subscriptions/{subscription}/providers/Microsoft.Web/serverfarms",
        WEB,
        pages="value",
    ),
    declare(
        "web:ListFunctionAppStacks",
        "Microsoft.Web/functionAppStacks/read",
        "the runtimes on offer and when each loses support",
        "/providers/Microsoft.Web/functionAppStacks",
        WEB,
        pages="value",
        bucket="tenant",
    ),
    declare(
        "authorization:ListPermissions",
        "Microsoft.Authorization/permissions/read",
        "what the credentials may read: whether silence means that there is nothing",
        f"{_AUTHORIZATION}/permissions",
        _RBAC,
        pages="value",
    ),
    declare(
        "authorization:ListRoleAssignments",
        "Microsoft.Authorization/roleAssignments/read",
        "who holds which role, inherited ones included, as a cross-check of Resource Graph",
        f"{_AUTHORIZATION}/roleAssignments",
        _RBAC,
        pages="value",
    ),
    declare(
        "authorization:ListRoleDefinitions",
        "Microsoft.Authorization/roleDefinitions/read",
        "what each role allows, where Resource Graph has no answer",
        f"{_AUTHORIZATION}/roleDefinitions",
        _RBAC,
        pages="value",
    ),
    declare(
        "authorization:ListLocks",
        "Microsoft.Authorization/locks/read",
        "locks against deletion",
        f"{_AUTHORIZATION}/locks",
        "2016-09-01",
        pages="value",
    ),
    declare(
        "security:ListPricings",
        "Microsoft.Security/pricings/read",
        "which Defender plans watch the subscription",
        "/subscriptions/{subscription}/providers/Microsoft.Security/pricings",
        "2024-01-01",
        pages="value",
    ),
)
