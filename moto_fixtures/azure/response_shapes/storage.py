"""Storage accounts, vaults and registries."""

from collections.abc import Mapping
from typing import Any


def account_body(id: str, location: str, keys_made: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A storage account as the platform makes a new one, with changes over its properties."""
    name = id.rpartition("/")[2]
    service = {"keyType": "Account", "enabled": True, "lastEnabledTime": keys_made}
    properties = {
        "keyCreationTime": {"key1": keys_made, "key2": keys_made},
        "privateEndpointConnections": [],
        "minimumTlsVersion": "TLS1_2",
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": None,
        "allowCrossTenantReplication": False,
        "publicNetworkAccess": "Enabled",
        "networkAcls": {"bypass": "AzureServices", "virtualNetworkRules": [], "ipRules": [], "defaultAction": "Allow"},
        "supportsHttpsTrafficOnly": True,
        "encryption": {"services": {"file": service, "blob": service}, "keySource": "Microsoft.Storage"},
        "provisioningState": "Succeeded",
        "creationTime": keys_made,
        "primaryEndpoints": {
            kind: f"https://{name}.{kind}.core.windows.net/" for kind in ("blob", "queue", "table", "file")
        },
        "primaryLocation": location.replace(" ", "").lower(),
        "statusOfPrimary": "available",
        **changes,
    }
    return {
        "sku": {"name": "Standard_ZRS", "tier": "Standard"}, "kind": "StorageV2", "id": id, "name": name,
        "type": "Microsoft.Storage/storageAccounts", "location": location.replace(" ", "").lower(), "tags": {},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }  # fmt: skip


def blob_service(account: str, *, recoverable: bool) -> dict[str, Any]:
    """The blob service of an account; ``recoverable`` with soft delete and versions."""
    retention = {"enabled": True, "days": 30} if recoverable else {"enabled": False}
    return {
        "sku": {"name": "Standard_ZRS", "tier": "Standard"},
        "id": f"{account}/blobServices/default",
        "name": "default",
        "type": "Microsoft.Storage/storageAccounts/blobServices",
        "properties": {
            "cors": {"corsRules": []},
            "deleteRetentionPolicy": {"allowPermanentDelete": False, **retention},
            "containerDeleteRetentionPolicy": retention,
            "isVersioningEnabled": recoverable,
        },
    }


def container(account: str, name: str, access: str = "None") -> dict[str, Any]:
    """A blob container; ``access`` None, Blob or Container."""
    return {
        "id": f"{account}/blobServices/default/containers/{name}",
        "name": name,
        "type": "Microsoft.Storage/storageAccounts/blobServices/containers",
        "etag": '"0x8DD0000000000"',
        "properties": {
            "deleted": False,
            "remainingRetentionDays": 0,
            "defaultEncryptionScope": "$account-encryption-key",
            "denyEncryptionScopeOverride": False,
            "publicAccess": access,
            "leaseStatus": "Unlocked",
            "leaseState": "Available",
            "lastModifiedTime": "2026-10-02T08:00:00.0000000Z",
            "immutableStorageWithVersioning": {"enabled": False},
            "hasImmutabilityPolicy": False,
            "hasLegalHold": False,
        },
    }


def vault_properties(name: str, tenant: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A vault kept well, with changes over it."""
    properties = {
        "sku": {"family": "A", "name": "standard"},
        "tenantId": tenant,
        "accessPolicies": [],
        "enabledForDeployment": False,
        "enabledForDiskEncryption": False,
        "enabledForTemplateDeployment": False,
        "enableSoftDelete": True,
        "softDeleteRetentionInDays": 90,
        "enableRbacAuthorization": True,
        "enablePurgeProtection": True,
        "vaultUri": f"https://{name}.vault.azure.net/",
        "provisioningState": "Succeeded",
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": [], "virtualNetworkRules": []},
        **changes,
    }
    return {member: value for member, value in properties.items() if value is not None}
