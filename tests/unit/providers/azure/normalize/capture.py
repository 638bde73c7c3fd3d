"""A capture in memory, and the answers of a small subscription in which every fact can be read.

``orders`` is a Premium app on Linux with a slot, ``thumbs`` a Flex Consumption app, ``menu`` a container app.
"""

from copy import deepcopy
from typing import Any

from auditor.model.capture import CaptureFacts, Depth, Envelope, Outcome
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from tests.unit.providers import memory
from tests.unit.providers.memory import MemoryCapture

SUBSCRIPTION = "0a1b2c3d-1111-4222-8333-444455556666"
OTHER = "9f8e7d6c-1111-4222-8333-444455556666"
GROUP = "Fernhollow-Orders"
GLOBAL = "global"
TENANT = "5d4c3b2a-9999-4aaa-8bbb-ccccddddeeee"

OWN_PRINCIPAL = "aaaaaaaa-0000-4000-8000-000000000001"
SLOT_PRINCIPAL = "aaaaaaaa-0000-4000-8000-000000000002"
RELEASERS = "cccccccc-0000-4000-8000-00000000000c"
SHARED_PRINCIPAL = "aaaaaaaa-0000-4000-8000-000000000003"
THUMBS_PRINCIPAL = "aaaaaaaa-0000-4000-8000-000000000004"

CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
QUEUE_READER = "19e7f393-937e-4f77-808e-94535e297925"
CUSTOM = "cccccccc-0000-4000-8000-00000000000a"


def arm(provider: str, name: str, group: str = GROUP, subscription: str = SUBSCRIPTION) -> str:
    """An id as ARM writes it, in mixed case."""
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{provider}/{name}"


def site(name: str, slot: str | None = None) -> str:
    return arm("Microsoft.Web/sites", name) + (f"/slots/{slot}" if slot else "")


ORDERS = site("orders").lower()
STAGING = site("orders", "staging").lower()
THUMBS = site("thumbs").lower()
MENU = site("menu").lower()
PLAN = arm("Microsoft.Web/serverfarms", "plan-orders")
FLEX_PLAN = arm("Microsoft.Web/serverfarms", "plan-thumbs")
SHARED = arm("Microsoft.ManagedIdentity/userAssignedIdentities", "id-orders")
ACCOUNT = arm("Microsoft.Storage/storageAccounts", "ordersstate")
VAULT = arm("Microsoft.KeyVault/vaults", "kv-orders")
NETWORK = arm("Microsoft.Network/virtualNetworks", "vnet-orders")
SUBNET = f"{NETWORK}/subnets/functions"
COMPONENT = arm("Microsoft.Insights/components", "ai-orders")
WORKSPACE = arm("Microsoft.OperationalInsights/workspaces", "logs")
REGISTRY = arm("Microsoft.ContainerRegistry/registries", "fernhollow")
CONTAINER_APP = arm("Microsoft.App/containerApps", "menu")
ENVIRONMENT = arm("Microsoft.App/managedEnvironments", "kitchen")


def facts(depth: Depth = Depth.FULL, locations: tuple[str, ...] = ("westeurope",)) -> CaptureFacts:
    return memory.facts(depth, (Cloud.AZURE, SUBSCRIPTION, locations))


def ok(operation: str, body: Any, subject: str = "", page: int = 0, scope: str = SUBSCRIPTION) -> Envelope:
    return Envelope(Cloud.AZURE, scope, GLOBAL, operation, subject, page, Outcome.OK, deepcopy(body))


def absent(operation: str, subject: str = "") -> Envelope:
    return Envelope(Cloud.AZURE, SUBSCRIPTION, GLOBAL, operation, subject, 0, Outcome.ABSENT)


def gap(
    operation: str, subject: str = "", reason: GapReason = GapReason.DENIED, permission: str | None = None
) -> Envelope:
    known = permission or f"permission of {operation}"
    return Envelope(
        Cloud.AZURE, SUBSCRIPTION, GLOBAL, operation, subject, 0, Outcome.GAP, None, reason, known, "withheld"
    )


def rows(operation: str, *items: Any, subject: str = "") -> Envelope:
    key = "data" if operation.startswith("graph:") else "value"
    return ok(operation, {key: list(items)}, subject)


def variable(
    verdict: str = "clear",
    value: str | None = None,
    reference: tuple[str, str | None] | None = None,
    about: dict[str, str] | None = None,
    digest: str = "0123456789abcdef",
    length: int = 12,
) -> dict[str, Any]:
    judged: dict[str, Any] = {
        "length": length,
        "verdict": verdict,
        "confidence": "high" if verdict == "secret" else None,
        "detector": "azure-storage-key" if verdict == "secret" else None,
        "reference": {"kind": reference[0], "text": reference[1]} if reference else None,
        "digest": digest,
        "value": value,
    }
    return {"$variable": judged | ({"about": about} if about else {})}


VAULT_TEXT = "@Microsoft.KeyVault(VaultName=kv-orders;SecretName=payment-api)"


def settings(**more: dict[str, Any]) -> dict[str, Any]:
    return {
        "FUNCTIONS_EXTENSION_VERSION": variable(value="~4"),
        "FUNCTIONS_WORKER_RUNTIME": variable(value="python"),
        "AzureWebJobsStorage": variable("secret", about={"account": "ordersstate", "login": "key"}, digest="d1"),
        "APPLICATIONINSIGHTS_CONNECTION_STRING": variable(digest="d2"),
        "AzureWebJobsSecretStorageType": variable(value="keyvault"),
        "PAYMENT_API": variable("reference", reference=("key-vault", VAULT_TEXT)),
        **more,
    }


SETTINGS = settings()


def site_row(name: str, slot: str | None = None, **properties: Any) -> dict[str, Any]:
    """A site as Resource Graph writes it: id and type in lower case, its configuration full of nulls."""
    host = f"{name}-{slot}" if slot else name
    return {
        "id": site(name, slot).lower(),
        "name": f"{name}/{slot}" if slot else name,
        "type": "microsoft.web/sites/slots" if slot else "microsoft.web/sites",
        "kind": "functionapp,linux",
        "location": "westeurope",
        "resourceGroup": GROUP.lower(),
        "subscriptionId": SUBSCRIPTION,
        "tenantId": TENANT,
        "tags": {"owner": "payments"},
        "identity": None,
        "sku": None,
        "properties": {
            "state": "Running",
            "usageState": "Normal",
            "availabilityState": "Normal",
            "enabled": True,
            "hostNames": [f"{host}.azurewebsites.net"],
            "enabledHostNames": [f"{host}.azurewebsites.net", f"{host}.scm.azurewebsites.net"],
            "defaultHostName": f"{host}.azurewebsites.net",
            "hostNameSslStates": [
                {
                    "name": f"{host}.azurewebsites.net",
                    "sslState": "Disabled",
                    "thumbprint": None,
                    "hostType": "Standard",
                },
                {
                    "name": f"{host}.scm.azurewebsites.net",
                    "sslState": "Disabled",
                    "thumbprint": None,
                    "hostType": "Repository",
                },
            ],
            "serverFarmId": PLAN,
            "reserved": True,
            "siteConfig": {
                "numberOfWorkers": 1,
                "linuxFxVersion": None,
                "minTlsVersion": None,
                "ftpsState": None,
                "cors": None,
                "ipSecurityRestrictions": None,
                "alwaysOn": None,
                "http20Enabled": None,
            },
            "functionAppConfig": None,
            "sku": "ElasticPremium",
            "clientAffinityEnabled": False,
            "clientCertEnabled": True,
            "clientCertMode": "Required",
            "clientCertExclusionPaths": "/api/health;/api/ping",
            "kind": "functionapp,linux",
            "managedEnvironmentId": None,
            "dailyMemoryTimeQuota": 0,
            "httpsOnly": True,
            "endToEndEncryptionEnabled": True,
            "vnetRouteAllEnabled": True,
            "vnetImagePullEnabled": True,
            "vnetContentShareEnabled": True,
            "vnetBackupRestoreEnabled": True,
            "outboundVnetRouting": None,
            "privateEndpointConnections": [
                {
                    "id": f"{site(name, slot)}/privateEndpointConnections/pe-1",
                    "properties": {
                        "privateEndpoint": {"id": arm("Microsoft.Network/privateEndpoints", "pe-1")},
                        "privateLinkServiceConnectionState": {"status": "Approved"},
                    },
                }
            ],
            "publicNetworkAccess": "Disabled",
            "storageAccountRequired": False,
            "virtualNetworkSubnetId": SUBNET,
            "keyVaultReferenceIdentity": "SystemAssigned",
            "autoGeneratedDomainNameLabelScope": "TenantReuse",
            "sshEnabled": False,
        }
        | properties,
    }


def config_row(of: str, **properties: Any) -> dict[str, Any]:
    """A full configuration, as config/web answers it."""
    return {
        "id": f"{of.lower()}/config/web",
        "name": "web",
        "type": "microsoft.web/sites/config/web",
        "subscriptionId": SUBSCRIPTION,
        "properties": {
            "linuxFxVersion": "Python|3.13",
            "netFrameworkVersion": "v4.0",
            "remoteDebuggingEnabled": False,
            "scmType": "None",
            "use32BitWorkerProcess": False,
            "webSocketsEnabled": False,
            "alwaysOn": False,
            "javaVersion": None,
            "powerShellVersion": "",
            "appCommandLine": "",
            "autoHealEnabled": True,
            "vnetRouteAllEnabled": True,
            "publicNetworkAccess": None,
            "siteAuthSettings": {"configVersion": "v2"},
            "cors": {"allowedOrigins": ["https://shop.fernhollow.example"], "supportCredentials": False},
            "apiManagementConfig": None,
            "localMySqlEnabled": False,
            "ipSecurityRestrictions": [
                {
                    "ipAddress": "203.0.113.0/24",
                    "action": "Allow",
                    "tag": "Default",
                    "priority": 100,
                    "name": "office",
                },
                {"ipAddress": "Any", "action": "Deny", "priority": 2147483647, "name": "Deny all"},
            ],
            "ipSecurityRestrictionsDefaultAction": "Deny",
            "scmIpSecurityRestrictions": [
                {"ipAddress": "Any", "action": "Deny", "priority": 2147483647, "name": "Deny all"}
            ],
            "scmIpSecurityRestrictionsDefaultAction": "Deny",
            "scmIpSecurityRestrictionsUseMain": False,
            "http20Enabled": True,
            "minTlsVersion": "1.2",
            "minTlsCipherSuite": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "scmMinTlsVersion": "1.2",
            "ftpsState": "Disabled",
            "preWarmedInstanceCount": 1,
            "functionAppScaleLimit": 20,
            "healthCheckPath": "/api/health",
            "minimumElasticInstanceCount": 2,
            "acrUseManagedIdentityCreds": True,
        }
        | properties,
    }


def handler(
    name: str, *bindings: dict[str, Any], url: str | None = None, disabled: bool = False, **config: Any
) -> dict[str, Any]:
    return {
        "id": f"{site('orders')}/functions/{name}",
        "name": f"orders/{name}",
        "type": "Microsoft.Web/sites/functions",
        "properties": {
            "name": name,
            "config": {"bindings": list(bindings)} | config,
            "invoke_url_template": url,
            "language": "python",
            "isDisabled": disabled,
        },
    }


HTTP_IN = {
    "direction": "IN",
    "type": "httpTrigger",
    "name": "req",
    "methods": ["GET", "POST"],
    "authLevel": "FUNCTION",
    "route": "orders",
}
HTTP_OUT = {"direction": "OUT", "type": "http", "name": "$return"}
OPEN_IN = {"authLevel": "anonymous", "type": "httpTrigger", "direction": "in", "name": "req", "methods": ["get"]}
QUEUE_IN = {
    "type": "queueTrigger",
    "direction": "in",
    "name": "m",
    "queueName": "orders-in",
    "connection": "AzureWebJobsStorage",
}

HANDLERS = [
    handler("create_order", HTTP_IN, HTTP_OUT, url="https://orders.azurewebsites.net/api/orders"),
    handler("health", OPEN_IN, {"type": "http", "direction": "out", "name": "res"}),
    handler("take_order", QUEUE_IN, {"type": "queue", "direction": "out", "name": "o", "queueName": "orders-out"}),
    handler("nightly", {"type": "timerTrigger", "direction": "in", "schedule": "0 0 3 * * *", "runOnStartup": True}),
]

AUTH = {
    "id": f"{ORDERS}/config/authsettingsV2",
    "properties": {
        "platform": {"enabled": True, "runtimeVersion": "~1"},
        "globalValidation": {
            "requireAuthentication": True,
            "unauthenticatedClientAction": "Return401",
            "excludedPaths": ["/api/ping"],
        },
        "identityProviders": {
            "azureActiveDirectory": {
                "enabled": True,
                "registration": {
                    "clientId": "bbbbbbbb-0000-4000-8000-000000000001",
                    "openIdIssuer": f"https://login.microsoftonline.com/{TENANT}/v2.0",
                },
                "validation": {"allowedAudiences": ["api://orders"]},
            }
        },
        "login": {"allowedExternalRedirectUrls": ["https://shop.fernhollow.example"]},
        "httpSettings": {"requireHttps": True},
    },
}


def policies(of: str, *, scm: bool = False, ftp: bool = False) -> Envelope:
    return rows(
        "web:ListPublishingPolicies",
        {"id": f"{of}/basicPublishingCredentialsPolicies/ftp", "name": "ftp", "properties": {"allow": ftp}},
        {"id": f"{of}/basicPublishingCredentialsPolicies/scm", "name": "scm", "properties": {"allow": scm}},
        subject=of,
    )


def reference(setting: str, status: str = "Resolved", **properties: Any) -> dict[str, Any]:
    return {
        "name": setting,
        "properties": {
            "reference": VAULT_TEXT,
            "status": status,
            "vaultName": "kv-orders",
            "secretName": "payment-api",
            "secretVersion": "",
            "details": "Reference has been successfully resolved.",
        }
        | properties,
    }


def assignment(number: int, role: str, principal: str, scope: str, **properties: Any) -> dict[str, Any]:
    return {
        "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{number:032d}",
        "name": f"{number:032d}",
        "properties": {
            "roleDefinitionId": (
                f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{role}"
            ),
            "principalId": principal,
            "principalType": "ServicePrincipal",
            "scope": scope,
        }
        | properties,
    }


def definition(guid: str, name: str, kind: str = "BuiltInRole", **permission: list[str]) -> dict[str, Any]:
    return {
        "id": f"/providers/Microsoft.Authorization/RoleDefinitions/{guid}".lower(),
        "name": guid,
        "properties": {
            "roleName": name,
            "type": kind,
            "permissions": [
                {"actions": [], "notActions": [], "dataActions": [], "notDataActions": []} | permission,
            ],
        },
    }


DEFINITIONS = [
    definition(
        BLOB_OWNER,
        "Storage Blob Data Owner",
        dataActions=["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"],
    ),
    definition(
        QUEUE_READER,
        "Storage Queue Data Reader",
        dataActions=["Microsoft.Storage/storageAccounts/queueServices/queues/messages/read"],
    ),
    definition(
        CUSTOM,
        "Orders deployer",
        "CustomRole",
        actions=["Microsoft.Web/sites/*"],
        notActions=["Microsoft.Web/sites/delete"],
    ),
]

ASSIGNMENTS = [
    assignment(1, BLOB_OWNER, OWN_PRINCIPAL, ACCOUNT),
    assignment(2, CUSTOM, OWN_PRINCIPAL, f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"),
    assignment(3, QUEUE_READER, SHARED_PRINCIPAL, f"/subscriptions/{SUBSCRIPTION}"),
]


def stack(language: str, *versions: tuple[str, str, str | None, dict[str, Any]]) -> dict[str, Any]:
    """A stack of functionAppStacks: (version, system, end of life, more)."""
    return {
        "id": None,
        "name": language,
        "type": "Microsoft.Web/functionAppStacks?stackOsType=All",
        "properties": {
            "displayText": language,
            "value": language,
            "preferredOs": "linux",
            "majorVersions": [
                {
                    "displayText": language,
                    "value": "1",
                    "minorVersions": [
                        {
                            "displayText": version,
                            "value": version,
                            "stackSettings": {
                                f"{system}RuntimeSettings": {
                                    "runtimeVersion": version,
                                    "endOfLifeDate": ends,
                                    "appSettingsDictionary": {"FUNCTIONS_WORKER_RUNTIME": language},
                                }
                                | more
                            },
                        }
                        for version, system, ends, more in versions
                    ],
                }
            ],
        },
    }


STACKS = [
    stack("python", ("Python|3.13", "linux", "2029-10-31T00:00:00Z", {}), ("Python|3.12", "linux", None, {})),
    stack("node", ("~18", "windows", "2025-04-30T00:00:00Z", {"isDeprecated": True})),
]


def points(*totals: tuple[str, float]) -> list[dict[str, Any]]:
    return [{"data": [{"timeStamp": f"{day}T00:00:00Z", "total": total} for day, total in totals]}]


def metrics(
    of: str, span: str = "2026-08-25T00:00:00Z/2026-11-23T00:00:00Z", **series: list[dict[str, Any]]
) -> Envelope:
    body = {
        "timespan": span,
        "value": [{"name": {"value": name}, "timeseries": lines} for name, lines in series.items()],
    }
    return ok("insights:GetMetrics", body, of)


def account_row(**properties: Any) -> dict[str, Any]:
    return {
        "id": ACCOUNT.lower(),
        "name": "ordersstate",
        "properties": {
            "keyCreationTime": {"key1": "2026-09-01T08:00:00.1Z", "key2": "2026-10-01T08:00:00.1Z"},
            "privateEndpointConnections": [],
            "minimumTlsVersion": "TLS1_2",
            "allowBlobPublicAccess": True,
            "allowSharedKeyAccess": True,
            "allowCrossTenantReplication": False,
            "networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny"},
            "publicNetworkAccess": "Enabled",
            "supportsHttpsTrafficOnly": True,
            "encryption": {"keySource": "Microsoft.Storage"},
            "sasPolicy": {"sasExpirationPeriod": "1.00:00:00"},
        }
        | properties,
    }


def about_app(of: str, own: dict[str, Any], handlers: list[dict[str, Any]]) -> list[Envelope]:
    """What is asked of every app."""
    return [
        ok("web:ListFunctions", {"value": handlers, "nextLink": None, "id": None}, of),
        ok("web:GetAuthSettings", AUTH, of),
        policies(of),
        rows("web:GetKeyVaultReferences", reference("PAYMENT_API"), subject=of),
        ok("web:ListApplicationSettings", {"properties": own}, of),
        ok("web:ListConnectionStrings", {"properties": {}, "connectionTypes": {}}, of),
        rows(
            "insights:ListDiagnosticSettings",
            {
                "name": "to-workspace",
                "properties": {
                    "workspaceId": WORKSPACE,
                    "storageAccountId": None,
                    "logs": [
                        {"category": "FunctionAppLogs", "categoryGroup": None, "enabled": True},
                        {"category": "AppServiceHTTPLogs", "categoryGroup": None, "enabled": False},
                    ],
                },
            },
            subject=of,
        ),
        ok(
            "web:GetLogsConfiguration",
            {
                "properties": {
                    "httpLogs": {"fileSystem": {"enabled": True}, "azureBlobStorage": {"enabled": False}},
                    "detailedErrorMessages": {"enabled": False},
                }
            },
            of,
        ),
        absent("web:GetSourceControl", of),
        rows("web:ListSiteExtensions", {"properties": {"extension_id": "Dynatrace", "title": "Dynatrace"}}, subject=of),
        rows(
            "web:ListHybridConnections",
            {"properties": {"hostname": "erp.fernhollow.internal", "port": 443}},
            subject=of,
        ),
        rows("web:ListBackups", {"properties": {"status": "Succeeded"}}, subject=of),
        ok(
            "web:ListMounts",
            {
                "properties": {
                    "models": {"type": "AzureFiles", "accountName": "models", "accessKey": variable("secret")}
                }
            },
            of,
        ),
        metrics(
            of,
            FunctionExecutionCount=points(("2026-11-20", 70.0), ("2026-11-12", 35.0), ("2026-09-20", 10.0)),
            Requests=points(("2026-11-20", 50.0)),
            Http5xx=points(("2026-11-20", 5.0)),
        ),
    ]


def deny_assignment(
    actions: tuple[str, ...] = ("*/delete",),
    *,
    data: tuple[str, ...] = (),
    scope: str = f"/subscriptions/{SUBSCRIPTION}",
    principals: tuple[tuple[str, str], ...] = (("00000000-0000-0000-0000-000000000000", "SystemDefined"),),
    excluded: tuple[tuple[str, str], ...] = ((RELEASERS, "Group"),),
    **changes: Any,
) -> dict[str, Any]:
    """A deny assignment, as a deployment stack leaves it."""
    named = {"principals": principals, "excludePrincipals": excluded}
    return {
        "id": f"{scope}/providers/Microsoft.Authorization/denyAssignments/stack",
        "name": "stack",
        "properties": {
            "denyAssignmentName": "stack",
            "scope": scope,
            "permissions": [
                {
                    "actions": list(actions),
                    "notActions": ["Microsoft.Resources/deployments/delete"],
                    "dataActions": list(data),
                    "notDataActions": [],
                }
            ],
            "doNotApplyToChildScopes": False,
            **{key: [{"id": one, "type": kind} for one, kind in each] for key, each in named.items()},
            **changes,
        },
    }


def federated(name: str, *, subject: str | None = None, expression: str | None = None) -> dict[str, Any]:
    """A federated credential of the shared identity, by one of the two that say which tokens are accepted."""
    decides = {} if expression is None else {"claimsMatchingExpression": {"value": expression, "languageVersion": 1}}
    return {
        "id": f"{SHARED}/federatedIdentityCredentials/{name}",
        "name": name,
        "properties": {
            "issuer": "https://token.actions.githubusercontent.com",
            "subject": subject,
            "audiences": ["api://AzureADTokenExchange"],
            **decides,
        },
    }


def sites() -> list[dict[str, Any]]:
    orders = site_row("orders") | {
        "identity": {
            "type": "SystemAssigned, UserAssigned",
            "principalId": OWN_PRINCIPAL,
            "tenantId": TENANT,
            "userAssignedIdentities": {
                SHARED.replace("resourceGroups", "resourcegroups"): {
                    "principalId": SHARED_PRINCIPAL,
                    "clientId": "bbbbbbbb-0000-4000-8000-000000000002",
                }
            },
        },
        "tags": {"owner": "payments", "hidden-link: /app-insights-resource-id": COMPONENT},
    }
    staging = site_row("orders", "staging") | {
        "identity": {"type": "SystemAssigned", "principalId": SLOT_PRINCIPAL, "tenantId": TENANT}
    }
    thumbs = site_row(
        "thumbs",
        sku="FlexConsumption",
        serverFarmId=FLEX_PLAN,
        functionAppConfig={
            "deployment": {
                "storage": {
                    "type": "blobContainer",
                    "value": "https://ordersstate.blob.core.windows.net/packages",
                    "authentication": {"type": "SystemAssignedIdentity"},
                }
            },
            "runtime": {"name": "python", "version": "3.13"},
            "scaleAndConcurrency": {
                "alwaysReady": [{"name": "http", "instanceCount": 2}],
                "maximumInstanceCount": 40,
                "instanceMemoryMB": 2048,
                "triggers": {"http": {"perInstanceConcurrency": 16}},
            },
        },
    ) | {"identity": {"type": "SystemAssigned", "principalId": THUMBS_PRINCIPAL, "tenantId": TENANT}}
    menu = site_row("menu", sku=None, serverFarmId=None, managedEnvironmentId=ENVIRONMENT, publicNetworkAccess=None)
    menu["kind"] = "functionapp,linux,container,azurecontainerapps"
    return [orders, staging, thumbs, menu]


def referred() -> list[Envelope]:
    return [
        rows(
            "graph:Plans",
            {
                "id": PLAN.lower(),
                "sku": {"name": "EP1", "tier": "ElasticPremium", "capacity": 3},
                "properties": {"numberOfSites": 1, "zoneRedundant": True},
            },
            {
                "id": FLEX_PLAN.lower(),
                "sku": {"name": "FC1", "tier": "FlexConsumption", "capacity": 0},
                "properties": {"numberOfSites": 1, "zoneRedundant": False},
            },
        ),
        rows("graph:StorageAccounts", account_row()),
        ok(
            "storage:GetBlobServices",
            {"properties": {"deleteRetentionPolicy": {"enabled": True}, "isVersioningEnabled": False}},
            ACCOUNT.lower(),
        ),
        rows(
            "storage:ListContainers",
            {"name": "public", "properties": {"publicAccess": "Blob"}},
            {"name": "azure-webjobs-secrets", "properties": {"publicAccess": "None"}},
            subject=ACCOUNT.lower(),
        ),
        rows(
            "graph:Vaults",
            {
                "id": VAULT.lower(),
                "properties": {
                    "publicNetworkAccess": "Enabled",
                    "networkAcls": {"defaultAction": "Deny"},
                    "enablePurgeProtection": True,
                    "enableSoftDelete": True,
                    "enableRbacAuthorization": False,
                },
            },
        ),
        rows(
            "graph:Identities",
            {"id": SHARED.lower(), "properties": {"principalId": SHARED_PRINCIPAL, "tenantId": TENANT}},
        ),
        rows(
            "msi:ListFederatedCredentials",
            federated("main", subject="repo:fernhollow/orders:ref:refs/heads/main"),
            federated("any", expression="claims['sub'] matches 'repo:fernhollow/*'"),
            subject=SHARED.lower(),
        ),
        rows(
            "graph:VirtualNetworks",
            {
                "id": NETWORK.lower(),
                "properties": {
                    "subnets": [
                        {
                            "id": SUBNET,
                            "properties": {
                                "networkSecurityGroup": {"id": arm("Microsoft.Network/networkSecurityGroups", "nsg")}
                            },
                        }
                    ]
                },
            },
        ),
        rows(
            "graph:Components",
            {
                "id": COMPONENT.lower(),
                "properties": {
                    "ConnectionString": variable(digest="d2"),
                    "DisableLocalAuth": True,
                    "publicNetworkAccessForIngestion": "Disabled",
                    "publicNetworkAccessForQuery": "Disabled",
                },
            },
        ),
        rows("graph:Workspaces", {"id": WORKSPACE.lower(), "properties": {"retentionInDays": 90}}),
        rows("graph:Certificates"),
        rows("graph:FrontEnds"),
        rows(
            "graph:Registries",
            {
                "id": REGISTRY.lower(),
                "properties": {"adminUserEnabled": False, "publicNetworkAccess": "Disabled"},
            },
        ),
        rows(
            "graph:ContainerApps",
            {
                "id": CONTAINER_APP.lower(),
                "managedBy": site("menu"),
                "properties": {
                    "managedEnvironmentId": ENVIRONMENT,
                    "configuration": {
                        "ingress": {
                            "external": True,
                            "allowInsecure": False,
                            "ipSecurityRestrictions": [{"action": "Allow", "ipAddressRange": "203.0.113.0/24"}],
                        }
                    },
                    "template": {
                        "containers": [
                            {
                                "image": "fernhollow.azurecr.io/menu:2026-11-01",
                                "resources": {"cpu": 0.5, "memory": "1Gi"},
                                "env": [{"name": "API_TOKEN", "value": variable("secret")}],
                                "envSources": [{"name": "OTHER", "secretRef": "other"}],
                            }
                        ],
                        "scale": {"minReplicas": 1, "maxReplicas": 5},
                    },
                },
            },
        ),
        rows(
            "graph:ManagedEnvironments",
            {
                "id": ENVIRONMENT.lower(),
                "properties": {"publicNetworkAccess": "Enabled", "vnetConfiguration": {"internal": False}},
            },
        ),
        ok(
            "app:GetAuthConfig",
            {
                "properties": {
                    "platform": {"enabled": True},
                    "globalValidation": {"unauthenticatedClientAction": "Return401", "excludedPaths": []},
                    "httpSettings": {"requireHttps": True},
                }
            },
            CONTAINER_APP.lower(),
        ),
    ]


def around() -> list[Envelope]:
    return [
        rows("resources:ListSubscriptions", {"subscriptionId": SUBSCRIPTION, "displayName": "orders"}),
        rows("graph:RoleAssignments", *ASSIGNMENTS),
        rows("authorization:ListRoleAssignments", *ASSIGNMENTS),
        rows("graph:RoleDefinitions", *DEFINITIONS),
        rows("authorization:ListDenyAssignments", deny_assignment()),
        rows(
            "authorization:ListLocks",
            {
                "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Authorization/locks/keep",
                "properties": {"level": "CanNotDelete"},
            },
        ),
        rows(
            "consumption:ListBudgets",
            {
                "name": "monthly",
                "properties": {"category": "Cost", "notifications": {"actual": {"enabled": True, "threshold": 80}}},
            },
        ),
        rows(
            "security:ListPricings",
            {"name": "AppServices", "properties": {"pricingTier": "Standard"}},
            {
                "name": "CloudPosture",
                "properties": {
                    "pricingTier": "Standard",
                    "extensions": [{"name": "ServerlessProtection", "isEnabled": "True"}],
                },
            },
            {"name": "StorageAccounts", "properties": {"pricingTier": "Free"}},
        ),
        rows("web:ListFunctionAppStacks", *STACKS),
        rows(
            "graph:Alerts",
            {
                "id": arm("Microsoft.Insights/activityLogAlerts", "changes").lower(),
                "properties": {
                    "enabled": True,
                    "condition": {
                        "allOf": [
                            {"field": "category", "equals": "Administrative"},
                            {"field": "operationName", "equals": "Microsoft.Web/sites/write"},
                        ]
                    },
                },
            },
        ),
        rows(
            "graph:DnsRecords",
            {
                "id": arm("Microsoft.Network/dnsZones", "fernhollow.example/cname/api").lower(),
                "properties": {"fqdn": "api.fernhollow.example.", "CNAMERecord": {"cname": "orders.azurewebsites.net"}},
            },
            {
                "id": arm("Microsoft.Network/dnsZones", "fernhollow.example/cname/old").lower(),
                "properties": {"fqdn": "old.fernhollow.example.", "CNAMERecord": {"cname": "gone.azurewebsites.net"}},
            },
        ),
        rows("eventgrid:ListSubscriptions"),
        rows(
            "eventgrid:ListRegionalSubscriptions",
            {
                "id": f"{ACCOUNT}/providers/Microsoft.EventGrid/eventSubscriptions/new-orders",
                "properties": {
                    "destination": {
                        "endpointType": "WebHook",
                        "properties": {
                            "endpointUrl": variable("secret"),
                            "endpointBaseUrl": "https://orders.azurewebsites.net/runtime/webhooks/eventgrid",
                        },
                    },
                    "deadLetterDestination": {"endpointType": "StorageBlob"},
                },
            },
            subject="westeurope",
        ),
    ]


def capture(depth: Depth = Depth.FULL) -> MemoryCapture:
    """The whole subscription."""
    flex = settings(FUNCTIONS_WORKER_RUNTIME=variable(value="python"))
    envelopes = [
        rows("graph:Sites", *sites()),
        rows("web:ListSites", *(row for row in sites() if row["type"] == "microsoft.web/sites")),
        rows("graph:SiteConfigs", *(config_row(each) for each in (ORDERS, STAGING, THUMBS, MENU))),
        *about_app(ORDERS, SETTINGS, HANDLERS),
        *about_app(STAGING, SETTINGS, HANDLERS[:1]),
        *about_app(THUMBS, flex, HANDLERS[:1]),
        *(
            envelope
            for envelope in about_app(MENU, SETTINGS, HANDLERS[:1])
            if envelope.operation != "web:GetAuthSettings"
        ),
        gap("web:GetAuthSettings", MENU, GapReason.SERVICE_ERROR),
        ok(
            "web:ListSlotSettings",
            {"properties": {"appSettingNames": ["AzureWebJobsStorage"], "connectionStringNames": None}},
            ORDERS,
        ),
        ok("web:ListSlotSettings", {"properties": {"appSettingNames": None, "connectionStringNames": None}}, THUMBS),
        ok("web:ListSlotSettings", {"properties": {"appSettingNames": None, "connectionStringNames": None}}, MENU),
        *referred(),
        *around(),
    ]
    return MemoryCapture(facts(depth), envelopes)
