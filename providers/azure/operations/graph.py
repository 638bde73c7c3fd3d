"""What Resource Graph answers in bulk: one query a table for all subscriptions, its rows told apart by type.

Resource Graph needs no permission of its own. It answers what the caller may read and is silent about the rest.
"""

from collections.abc import Mapping
from typing import Any, Final

from auditor.answer_shape import AnswerShape
from auditor.model.secret import Treatment
from providers.azure.operations.declaration import CONFIGURATION, CONTAINERS, FULL, SITE, AzureOperation, under

_PATH: Final = "/providers/Microsoft.ResourceGraph/resources"
_VERSION: Final = "2021-03-01"
_COLUMNS: Final = (
    "id,name,type,kind,location,resourceGroup,subscriptionId,tenantId,tags,identity,sku,managedBy,zones,"
    "extendedLocation,properties"
)


_ROWS: Final = AnswerShape(
    required={"data": list}, optional={"count": int, "totalRecords": int, "$skipToken": str}, nulls=True
)


def _rows(id: str, permission: str, purpose: str, *types: str, table: str = "resources", **rest: Any) -> AzureOperation:
    redact: Mapping[str, Treatment] = rest.pop("redact", {})
    return AzureOperation(
        id=id,
        permission=permission,
        purpose=purpose,
        bucket="graph",
        pages="data",
        method="POST",
        path=_PATH,
        api_version=_VERSION,
        graph=table,
        types=types,
        answer=_ROWS,
        continuation=("$skipToken", "resultTruncated"),
        redact=under("data[]", redact),
        **rest,
    )


GRAPH: Final[tuple[AzureOperation, ...]] = (
    _rows(
        "graph:Sites",
        "Microsoft.Web/sites/read",
        "the function apps and their slots",
        "microsoft.web/sites",
        "microsoft.web/sites/slots",
        also=("Microsoft.Web/sites/slots/read",),
        redact=SITE,
    ),
    _rows(
        "graph:Plans",
        "Microsoft.Web/serverfarms/read",
        "the plans functions run on",
        "microsoft.web/serverfarms",
    ),
    _rows(
        "graph:HostingEnvironments",
        "Microsoft.Web/hostingEnvironments/read",
        "the App Service Environments functions run in: whether they answer inside their network only",
        "microsoft.web/hostingenvironments",
    ),
    _rows(
        "graph:StorageAccounts",
        "Microsoft.Storage/storageAccounts/read",
        "the storage accounts functions keep their code, keys and state in",
        "microsoft.storage/storageaccounts",
    ),
    _rows(
        "graph:Namespaces",
        "Microsoft.ServiceBus/namespaces/read",
        "the namespaces of queues and event hubs that start functions: their networks, whether shared keys work",
        "microsoft.servicebus/namespaces",
        "microsoft.eventhub/namespaces",
        also=("Microsoft.EventHub/namespaces/read",),
    ),
    _rows(
        "graph:Vaults",
        "Microsoft.KeyVault/vaults/read",
        "the key vaults settings refer to (never their secrets)",
        "microsoft.keyvault/vaults",
    ),
    _rows(
        "graph:Identities",
        "Microsoft.ManagedIdentity/userAssignedIdentities/read",
        "user-assigned identities",
        "microsoft.managedidentity/userassignedidentities",
    ),
    _rows(
        "graph:Workloads",
        "Microsoft.Compute/virtualMachines/read",
        "what besides functions runs as identities: machines, Automation, workflows, clusters (never their properties)",
        "microsoft.compute/virtualmachines",
        "microsoft.compute/virtualmachinescalesets",
        "microsoft.automation/automationaccounts",
        "microsoft.logic/workflows",
        "microsoft.containerservice/managedclusters",
        "microsoft.containerinstance/containergroups",
        also=(
            "Microsoft.Compute/virtualMachineScaleSets/read",
            "Microsoft.Automation/automationAccounts/read",
            "Microsoft.Logic/workflows/read",
            "Microsoft.ContainerService/managedClusters/read",
            "Microsoft.ContainerInstance/containerGroups/read",
        ),
        redact={"properties": Treatment.DROP},
    ),
    _rows(
        "graph:ContainerApps",
        "Microsoft.App/containerApps/read",
        "functions hosted as container apps",
        "microsoft.app/containerapps",
        redact=CONTAINERS,
        reshape="containers",
    ),
    _rows(
        "graph:ManagedEnvironments",
        "Microsoft.App/managedEnvironments/read",
        "the environments container apps run in",
        "microsoft.app/managedenvironments",
        redact={
            "properties.daprAIConnectionString": Treatment.TEXT,
            "properties.daprAIInstrumentationKey": Treatment.TEXT,
            "properties.appInsightsConfiguration.connectionString": Treatment.TEXT,
            "properties.appLogsConfiguration.logAnalyticsConfiguration.sharedKey": Treatment.TEXT,
            "properties.customDomainConfiguration.certificatePassword": Treatment.DROP,
            "properties.customDomainConfiguration.certificateValue": Treatment.DROP,
            "properties.customDomainConfiguration.customDomainVerificationId": Treatment.DROP,
            "properties.openTelemetryConfiguration.destinationsConfiguration": Treatment.DROP,
        },
    ),
    _rows(
        "graph:Components",
        "Microsoft.Insights/components/read",
        "Application Insights components",
        "microsoft.insights/components",
        redact={
            "properties.ConnectionString": Treatment.TEXT,
            "properties.InstrumentationKey": Treatment.TEXT,
        },
    ),
    _rows(
        "graph:Workspaces",
        "Microsoft.OperationalInsights/workspaces/read",
        "log workspaces and how long they keep",
        "microsoft.operationalinsights/workspaces",
    ),
    _rows(
        "graph:Certificates",
        "Microsoft.Web/certificates/read",
        "certificates of host names and when they end (never their keys)",
        "microsoft.web/certificates",
        redact={
            "properties.password": Treatment.DROP,
            "properties.pfxBlob": Treatment.DROP,
            "properties.cerBlob": Treatment.DROP,
        },
    ),
    _rows(
        "graph:VirtualNetworks",
        "Microsoft.Network/virtualNetworks/read",
        "the networks functions join, with their subnets",
        "microsoft.network/virtualnetworks",
        also=("Microsoft.Network/virtualNetworks/subnets/read",),
    ),
    _rows(
        "graph:Registries",
        "Microsoft.ContainerRegistry/registries/read",
        "the registries images come from",
        "microsoft.containerregistry/registries",
    ),
    _rows(
        "graph:FrontEnds",
        "Microsoft.Network/applicationGateways/read",
        "gateways and front doors that may route to a function",
        "microsoft.network/frontdoors",
        "microsoft.cdn/profiles",
        "microsoft.network/applicationgateways",
        "microsoft.apimanagement/service",
        also=(
            "Microsoft.Network/frontDoors/read",
            "Microsoft.Cdn/profiles/read",
            "Microsoft.ApiManagement/service/read",
        ),
        redact={
            "properties.hostnameConfigurations[].certificatePassword": Treatment.DROP,
            "properties.hostnameConfigurations[].encodedCertificate": Treatment.DROP,
            "properties.sslCertificates[].properties.data": Treatment.DROP,
            "properties.sslCertificates[].properties.password": Treatment.DROP,
        },
    ),
    _rows(
        "graph:Alerts",
        "Microsoft.Insights/activityLogAlerts/read",
        "alerts on changes to the subscription",
        "microsoft.insights/activitylogalerts",
        redact={"properties.actions.actionGroups[].webhookProperties": Treatment.VARIABLES},
    ),
    _rows(
        "graph:SiteConfigs",
        "Microsoft.Web/sites/config/read",
        "the full configuration of function apps and slots",
        "microsoft.web/sites/config/web",
        "microsoft.web/sites/slots/config/web",
        table="appserviceresources",
        slot_permission="Microsoft.Web/sites/slots/config/read",
        redact=under("properties", CONFIGURATION),
    ),
    _rows(
        "graph:RoleAssignments",
        "Microsoft.Authorization/roleAssignments/read",
        "who holds which role, and what functions' identities may do",
        "microsoft.authorization/roleassignments",
        table="authorizationresources",
    ),
    _rows(
        "graph:RoleDefinitions",
        "Microsoft.Authorization/roleDefinitions/read",
        "what each role allows",
        "microsoft.authorization/roledefinitions",
        table="authorizationresources",
    ),
    _rows(
        "graph:DnsRecords",
        "Microsoft.Network/dnsZones/CNAME/read",
        "DNS names that point to function apps, and to apps that are gone",
        "microsoft.network/dnszones/cname",
        table="dnsresources",
        depth=FULL,
    ),
)


def _tables() -> Mapping[str, tuple[AzureOperation, ...]]:
    found: dict[str, list[AzureOperation]] = {}
    for operation in GRAPH:
        found.setdefault(operation.graph, []).append(operation)
    return {table: tuple(operations) for table, operations in found.items()}


TABLES: Final = _tables()
"""The operations each table's one query answers, in the order asked."""


def query_of(table: str) -> str:
    """The query of a table. Sorted by id, without which pages may repeat rows or lose them."""
    types = ",".join(f"'{kind}'" for operation in TABLES[table] for kind in operation.types)
    return f"{table} | where type in~ ({types}) | project {_COLUMNS} | order by id asc"
