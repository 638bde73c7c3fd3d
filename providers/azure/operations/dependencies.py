"""Calls about what function apps refer to."""

from typing import Final

from auditor.model.secret import Treatment
from providers.azure.operations.declaration import (
    CONTAINER_APPS,
    CONTAINERS,
    FULL,
    STANDARD,
    AzureOperation,
    declare,
)

_STORAGE: Final = "2023-05-01"
_FUNCTIONS: Final = "2025-10-02-preview"
"""The first version of Container Apps' API that lists the functions in an app."""
_FEDERATED: Final = "2025-01-31-preview"
"""The version that tells the expression of a flexible credential, which has no subject; earlier ones leave it out."""

_EVENTS: Final = {
    f"value[].properties.{destination}.{path}": Treatment.TEXT
    for destination in ("destination.properties", "deliveryWithResourceIdentity.destination.properties")
    for path in ("endpointUrl", "deliveryAttributeMappings[].properties.value")
}
"""Of a subscription to events: the address with its query, and what is sent along."""

REFERRED: Final[tuple[AzureOperation, ...]] = (
    declare(
        "storage:GetAccount",
        "Microsoft.Storage/storageAccounts/read",
        "a host storage account that Resource Graph did not return",
        "{id}",
        _STORAGE,
        per_subject=True,
        depth=STANDARD,
    ),
    declare(
        "storage:GetBlobServices",
        "Microsoft.Storage/storageAccounts/blobServices/read",
        "whether deleted code and keys can be recovered from a host storage account",
        "{id}/blobServices/default",
        _STORAGE,
        per_subject=True,
        depth=FULL,
    ),
    declare(
        "storage:ListContainers",
        "Microsoft.Storage/storageAccounts/blobServices/containers/read",
        "whether a container of a host storage account is public (never its blobs)",
        "{id}/blobServices/default/containers",
        _STORAGE,
        per_subject=True,
        depth=FULL,
        pages="value",
    ),
    declare(
        "app:GetContainerApp",
        "Microsoft.App/containerApps/read",
        "the container app that hosts a function app, where Resource Graph has no answer",
        "{id}",
        CONTAINER_APPS,
        per_subject=True,
        depth=STANDARD,
        redact=CONTAINERS,
        reshape="containers",
    ),
    declare(
        "app:GetAuthConfig",
        "Microsoft.App/containerApps/authConfigs/read",
        "whether and how a container app authenticates callers (never the secrets)",
        "{id}/authConfigs/current",
        CONTAINER_APPS,
        per_subject=True,
        depth=STANDARD,
        absent_codes=frozenset({"AuthConfigNotFound", "NotFound", "ResourceNotFound"}),
    ),
    declare(
        "app:ListFunctions",
        "Microsoft.App/containerApps/functions/read",
        "the functions of a container app with what starts each",
        "{id}/functions",
        _FUNCTIONS,
        per_subject=True,
        depth=STANDARD,
        pages="value",
    ),
    declare(
        "msi:GetIdentity",
        "Microsoft.ManagedIdentity/userAssignedIdentities/read",
        "whether an identity of a function exists, where Resource Graph did not return it",
        "{id}",
        "2023-01-31",
        per_subject=True,
        depth=STANDARD,
    ),
    declare(
        "msi:ListFederatedCredentials",
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
        "which issuers outside Azure may act as the identities of functions",
        "{id}/federatedIdentityCredentials",
        _FEDERATED,
        per_subject=True,
        depth=STANDARD,
        pages="value",
    ),
    declare(
        "eventgrid:ListSubscriptions",
        "Microsoft.EventGrid/eventSubscriptions/read",
        "the events of whole subscriptions and resource groups that are delivered to functions",
        "/subscriptions/{subscription}/providers/Microsoft.EventGrid/eventSubscriptions",
        "2022-06-15",
        depth=FULL,
        pages="value",
        redact=_EVENTS,
    ),
    declare(
        "eventgrid:ListRegionalSubscriptions",
        "Microsoft.EventGrid/eventSubscriptions/read",
        "the events of a region's topics, storage accounts and other resources that are delivered to functions",
        "/subscriptions/{subscription}/providers/Microsoft.EventGrid/locations/{id}/eventSubscriptions",
        "2022-06-15",
        per_subject=True,
        depth=FULL,
        pages="value",
        redact=_EVENTS,
    ),
)
