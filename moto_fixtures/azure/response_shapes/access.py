"""Role definitions and assignments, as ARM lists them and as Resource Graph has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices"
_QUEUES = "Microsoft.Storage/storageAccounts/queueServices/queues"
_VAULT_READS = (
    "Microsoft.Authorization/*/read", "Microsoft.Insights/alertRules/*", "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read", "Microsoft.Support/*",
    "Microsoft.KeyVault/checkNameAvailability/read", "Microsoft.KeyVault/deletedVaults/read",
    "Microsoft.KeyVault/locations/*/read", "Microsoft.KeyVault/vaults/*/read", "Microsoft.KeyVault/operations/read",
)  # fmt: skip


@dataclass(frozen=True)
class Role:
    """A role definition. ``scopes`` where a custom one may be assigned; a built-in one's is the root."""

    id: str
    name: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("/",)
    custom: bool = False


OWNER: Final = Role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", ("*",))
CONTRIBUTOR: Final = Role(
    "b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", ("*",),
    ("Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write",
     "Microsoft.Authorization/elevateAccess/Action", "Microsoft.Blueprint/blueprintAssignments/write",
     "Microsoft.Blueprint/blueprintAssignments/delete", "Microsoft.Compute/galleries/share/action",
     "Microsoft.Purview/consents/write", "Microsoft.Purview/consents/delete"),
)  # fmt: skip
READER: Final = Role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", ("*/read",))
USER_ACCESS_ADMINISTRATOR: Final = Role(
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator",
    ("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"),
)  # fmt: skip
WEBSITE_CONTRIBUTOR: Final = Role(
    "de139f84-1756-47ae-9be6-808fbbe84772", "Website Contributor",
    ("Microsoft.Authorization/*/read", "Microsoft.Insights/alertRules/*", "Microsoft.Insights/components/*",
     "Microsoft.ResourceHealth/availabilityStatuses/read", "Microsoft.Resources/deployments/*",
     "Microsoft.Resources/subscriptions/resourceGroups/read", "Microsoft.Support/*",
     "Microsoft.Web/certificates/*", "Microsoft.Web/listSitesAssignedToHostName/read",
     "Microsoft.Web/serverFarms/join/action", "Microsoft.Web/serverFarms/read", "Microsoft.Web/sites/*"),
)  # fmt: skip
BLOB_OWNER: Final = Role(
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner",
    (f"{_BLOBS}/containers/*", f"{_BLOBS}/generateUserDelegationKey/action"),
    data_actions=(f"{_BLOBS}/containers/blobs/*",),
)  # fmt: skip
BLOB_CONTRIBUTOR: Final = Role(
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor",
    (f"{_BLOBS}/containers/delete", f"{_BLOBS}/containers/read", f"{_BLOBS}/containers/write",
     f"{_BLOBS}/generateUserDelegationKey/action"),
    data_actions=tuple(f"{_BLOBS}/containers/blobs/{verb}"
                       for verb in ("delete", "read", "write", "move/action", "add/action")),
)  # fmt: skip
BLOB_READER: Final = Role(
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader",
    (f"{_BLOBS}/containers/read", f"{_BLOBS}/generateUserDelegationKey/action"),
    data_actions=(f"{_BLOBS}/containers/blobs/read",),
)  # fmt: skip
QUEUE_CONTRIBUTOR: Final = Role(
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "Storage Queue Data Contributor",
    (f"{_QUEUES}/delete", f"{_QUEUES}/read", f"{_QUEUES}/write"),
    data_actions=tuple(f"{_QUEUES}/messages/{verb}" for verb in ("delete", "read", "write", "process/action")),
)  # fmt: skip
BUS_RECEIVER: Final = Role(
    "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0", "Azure Service Bus Data Receiver",
    ("Microsoft.ServiceBus/*/queues/read", "Microsoft.ServiceBus/*/topics/read",
     "Microsoft.ServiceBus/*/topics/subscriptions/read"),
    data_actions=("Microsoft.ServiceBus/*/receive/action",),
)  # fmt: skip
SECRETS_USER: Final = Role(
    "4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User",
    data_actions=("Microsoft.KeyVault/vaults/secrets/getSecret/action",
                  "Microsoft.KeyVault/vaults/secrets/readMetadata/action"),
)  # fmt: skip
SECRETS_OFFICER: Final = Role(
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer", _VAULT_READS,
    data_actions=("Microsoft.KeyVault/vaults/secrets/*",),
)  # fmt: skip
METRICS_PUBLISHER: Final = Role(
    "3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher",
    ("Microsoft.Insights/Register/Action", "Microsoft.Support/*",
     "Microsoft.Resources/subscriptions/resourceGroups/read"),
    data_actions=("Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"),
)  # fmt: skip
ACR_PULL: Final = Role(
    "7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull", ("Microsoft.ContainerRegistry/registries/pull/read",)
)
IDENTITY_OPERATOR: Final = Role(
    "f1a07417-d97a-45cb-824c-7a7467783830", "Managed Identity Operator",
    ("Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
     "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action", "Microsoft.Authorization/*/read",
     "Microsoft.Insights/alertRules/*", "Microsoft.Resources/subscriptions/resourceGroups/read",
     "Microsoft.Resources/deployments/*", "Microsoft.Support/*"),
)  # fmt: skip
BUILT_IN: Final = (
    OWNER, CONTRIBUTOR, READER, USER_ACCESS_ADMINISTRATOR, WEBSITE_CONTRIBUTOR, BLOB_OWNER, BLOB_CONTRIBUTOR,
    BLOB_READER, QUEUE_CONTRIBUTOR, BUS_RECEIVER, SECRETS_USER, SECRETS_OFFICER, METRICS_PUBLISHER, ACR_PULL,
    IDENTITY_OPERATOR,
)  # fmt: skip
_MADE = "2026-03-02T09:15:45.9806423Z"


def made_id(seed: str) -> str:
    """A stable id."""
    return str(uuid5(NAMESPACE_URL, f"https://fernhollow.example/{seed}"))


def definition(role: Role, subscription: str) -> dict[str, Any]:
    """A role definition as a subscription's list has it."""
    return {
        "properties": {
            "roleName": role.name,
            "type": "CustomRole" if role.custom else "BuiltInRole",
            "description": f"{role.name}.",
            "assignableScopes": list(role.scopes),
            "permissions": [
                {
                    "actions": list(role.actions),
                    "notActions": list(role.not_actions),
                    "dataActions": list(role.data_actions),
                    "notDataActions": [],
                }
            ],
            "createdOn": _MADE,
            "updatedOn": _MADE,
            "createdBy": None,
            "updatedBy": None,
        },
        "id": f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role.id}",
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": role.id,
    }


def in_graph(role: Role) -> dict[str, Any]:
    """A role definition as Resource Graph has it: one row a tenant, with an id without subscription."""
    whole = definition(role, "")
    kept = ("roleName", "type", "description", "assignableScopes", "permissions", "createdOn", "updatedOn")
    properties = {name: whole["properties"][name] for name in kept}
    return whole | {
        "id": f"/providers/Microsoft.Authorization/RoleDefinitions/{role.id}",
        "properties": properties | {"isServiceRole": "false"},
    }


def assignment(
    scope: str,
    role: Role,
    principal: str,
    *,
    subscription: str,
    kind: str = "ServicePrincipal",
    condition: str | None = None,
) -> dict[str, Any]:
    """A role assignment as ARM lists it; its id is stable for scope, role and principal."""
    name = made_id(f"{scope}/{role.id}/{principal}")
    return {
        "properties": {
            "roleDefinitionId": f"/subscriptions/{subscription}/providers/Microsoft.Authorization"
            f"/roleDefinitions/{role.id}",
            "principalId": principal,
            "principalType": kind,
            "scope": scope,
            "condition": condition,
            "conditionVersion": "2.0" if condition else None,
            "createdOn": _MADE,
            "updatedOn": _MADE,
            "createdBy": made_id("platform-team"),
            "updatedBy": made_id("platform-team"),
            "delegatedManagedIdentityResourceId": None,
            "description": None,
        },
        "id": f"{scope.rstrip('/')}/providers/Microsoft.Authorization/roleAssignments/{name}",
        "type": "Microsoft.Authorization/roleAssignments",
        "name": name,
    }


def assignment_in_graph(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same assignment as Resource Graph has it: the role by an id without subscription."""
    role = str(body["properties"]["roleDefinitionId"]).rpartition("/")[2]
    hidden = {"delegatedManagedIdentityResourceId"}
    properties = {name: value for name, value in body["properties"].items() if name not in hidden}
    properties["roleDefinitionId"] = f"/providers/Microsoft.Authorization/RoleDefinitions/{role}"
    return {**body, "properties": properties}
