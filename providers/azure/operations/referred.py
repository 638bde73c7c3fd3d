"""Calls about what function apps refer to."""

from typing import Final

from auditor.model.secret import Treatment
from providers.azure.operations.declaring import CONTAINERS, FULL, STANDARD, AzureOperation, declare

_STORAGE: Final = "2023-05-01"
_CONTAINER_APPS: Final = "2024-03-01"

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
        _CONTAINER_APPS,
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
        _CONTAINER_APPS,
        per_subject=True,
        depth=FULL,
        absent_codes=frozenset({"AuthConfigNotFound", "NotFound", "ResourceNotFound"}),
    ),
    declare(
        "eventgrid:ListSubscriptions",
        "Microsoft.EventGrid/eventSubscriptions/read",
        "the events that are delivered to functions",
        "/subscriptions/{subscription}/providers/Microsoft.EventGrid/eventSubscriptions",
        "2022-06-15",
        depth=FULL,
        pages="value",
        redact={
            "value[].properties.destination.properties.endpointUrl": Treatment.TEXT,
            "value[].properties.destination.properties.deliveryAttributeMappings[].properties.value": Treatment.TEXT,
            "value[].properties.deliveryWithResourceIdentity.destination.properties.endpointUrl": Treatment.TEXT,
            "value[].properties.deliveryWithResourceIdentity.destination.properties"
            ".deliveryAttributeMappings[].properties.value": Treatment.TEXT,
        },
    ),
)
