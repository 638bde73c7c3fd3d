"""What the company's functions stand on: subscriptions, plans, networks, storage, vaults, and where they are named."""

from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.azure.builder import Subscription, days_ago, descend, furnish
from moto_fixtures.azure.response_shapes.site import endpoint
from moto_fixtures.azure.tenant import Tenant

PRODUCTION = "a1f4c7e0-52b3-4d68-8e91-0c3b6d9f2a75"
LABS = "d7e2b9c4-1f60-4a83-b5d7-6e8f0a1c3b92"
ZONE = "fernhollow.example"
TAGS = {"company": "fernhollow", "environment": "production", "cost-center": "digital", "owner": "shop-platform"}
WAREHOUSE = "warehouse.fernhollow.internal"


@dataclass
class Infrastructure:
    """The two subscriptions, and the ids of what stands in them by a short name (``plan:premium``)."""

    tenant: Tenant
    production: Subscription
    labs: Subscription
    made: dict[str, str] = field(default_factory=dict)

    def place(self, name: str) -> Subscription:
        """A subscription by its short name."""
        return self.production if name == "production" else self.labs


def found() -> Infrastructure:
    """The estate before any function is built."""
    tenant = furnish(Tenant())
    estate = Infrastructure(
        tenant,
        Subscription(tenant, PRODUCTION, "fernhollow-production", "Fernhollow-Shop"),
        Subscription(tenant, LABS, "fernhollow-labs", "Fernhollow-Labs", "North Europe"),
    )
    for prepare in (_plans, _networks, _stores, _vaults, _images):
        prepare(estate)
    estate.made["management:fernhollow"] = descend(tenant, "fernhollow", (PRODUCTION, LABS))
    estate.production.lock(f"{estate.production.at}/resourceGroups/Fernhollow-Shop")
    return estate


def _plans(estate: Infrastructure) -> None:
    made, shop, labs = estate.made, estate.production, estate.labs
    made["plan:premium"] = shop.plan("shop-premium", "EP1", capacity=3, apps=24, zones=True, most=20, tags=TAGS)
    made["plan:windows"] = shop.plan("shop-windows", "EP2", linux=False, capacity=3, apps=6, zones=True, most=20)
    made["plan:dedicated"] = shop.plan("shop-dedicated", "P1v3", capacity=3, apps=3, zones=True, most=30, tags=TAGS)
    made["plan:flex"] = shop.plan("shop-flex", "FC1", apps=1, zones=True)
    for name in ("outlet", "tickets", "photos"):
        made[f"plan:flex-{name}"] = shop.plan(f"{name}-flex", "FC1", apps=1, zones=name != "outlet")
    made["plan:consumption"] = shop.plan("shop-consumption", "Y1", linux=False, apps=6)
    made["plan:consumption-linux"] = shop.plan("shop-consumption-linux", "Y1", apps=1)
    made["plan:elastic-idle"] = shop.plan("campaign-premium", "EP3", capacity=10, apps=1, most=40)
    made["plan:empty"] = shop.plan("old-campaign-plan", "P2v3", capacity=2, apps=0, most=30)
    made["plan:free"] = labs.plan("labs-free", "F1", linux=False, capacity=1, apps=2, most=1)
    made["plan:single"] = labs.plan("labs-single", "S1", capacity=1, apps=2, most=10)


def _networks(estate: Infrastructure) -> None:
    shop, kind = estate.production, "Microsoft.Network/virtualNetworks"
    group = shop.resource("Microsoft.Network/networkSecurityGroups", "functions-nsg", {"securityRules": []})
    network = shop.resource_id(kind, "shop-network")
    delegation = [{"name": "functions", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}]
    subnets: list[dict[str, Any]] = []
    for name, prefix, guarded in (("functions", "10.20.1.0/24", True), ("unguarded", "10.20.2.0/24", False),
                                  ("endpoints", "10.20.3.0/24", True), ("gateway", "10.20.4.0/24", True)):  # fmt: skip
        properties: dict[str, Any] = {"addressPrefix": prefix, "provisioningState": "Succeeded",
                                      "delegations": delegation if "endpoints" not in name else []}  # fmt: skip
        properties |= {"networkSecurityGroup": {"id": group}} if guarded else {}
        subnets.append({"name": name, "id": f"{network}/subnets/{name}", "properties": properties,
                        "type": f"{kind}/subnets"})  # fmt: skip
        estate.made[f"subnet:{name}"] = f"{network}/subnets/{name}"
    space = {"addressSpace": {"addressPrefixes": ["10.20.0.0/16"]}, "enableDdosProtection": False}
    shop.resource(kind, "shop-network", space | {"subnets": subnets, "provisioningState": "Succeeded"})


def private_endpoint(estate: Infrastructure, name: str, status: str = "Approved") -> list[dict[str, Any]]:
    """The connections of a resource with one private endpoint."""
    return [endpoint(estate.production.resource_id("Microsoft.Network/privateEndpoints", f"{name}-endpoint"), status)]


def _stores(estate: Infrastructure) -> None:
    made, shop = estate.made, estate.production
    key = {"keyname": "storage", "keyvaulturi": "https://fhw-keys.vault.azure.net/"}
    kept_well: dict[str, Any] = {
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"bypass": "AzureServices", "virtualNetworkRules": [], "ipRules": [], "defaultAction": "Deny"},
        "allowSharedKeyAccess": False,
        "encryption": {"keySource": "Microsoft.Keyvault", "keyvaultproperties": key, "requireInfrastructureEncryption": True,
                       "services": {"blob": {"enabled": True, "keyType": "Account"}}},
        "sasPolicy": {"sasExpirationPeriod": "1.00:00:00", "expirationAction": "Log"},
        "keyPolicy": {"keyExpirationPeriodInDays": 60},
    }  # fmt: skip
    for name in ("fhwshophost", "fhwflexhost"):
        ends = private_endpoint(estate, name)
        made[f"store:{name}"] = shop.storage(
            name, recoverable=True, containers={"packages": "None"}, privateEndpointConnections=ends, **kept_well
        )
    made["store:fhwmedia"] = shop.storage(
        "fhwmedia", containers={"product-images": "Blob", "uploads": "Container"}, keys_made=days_ago(40),
        allowBlobPublicAccess=True, allowSharedKeyAccess=True, privateEndpointConnections=[],
        sasPolicy={"sasExpirationPeriod": "7.00:00:00", "expirationAction": "Log"},
    )  # fmt: skip
    made["store:fhwlegacy"] = shop.storage(
        "fhwlegacy", keys_made=days_ago(700), containers={"exports": "Container"}, minimumTlsVersion="TLS1_0",
        allowBlobPublicAccess=True, allowSharedKeyAccess=True, allowCrossTenantReplication=True,
        supportsHttpsTrafficOnly=False,
    )  # fmt: skip
    made["store:fhwlabsshared"] = estate.labs.storage("fhwlabsshared", keys_made=days_ago(400))


def _vaults(estate: Infrastructure) -> None:
    made, shop = estate.made, estate.production
    made["vault:fhw-keys"] = shop.vault("fhw-keys")
    made["vault:fhw-legacy-keys"] = shop.vault(
        "fhw-legacy-keys", publicNetworkAccess="Enabled", enablePurgeProtection=None, enableRbacAuthorization=False,
        networkAcls={"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": [], "virtualNetworkRules": []},
        accessPolicies=[{"tenantId": estate.tenant.id, "objectId": "1b0e7c52-9d4a-4f3e-8a61-2c5d7e9f0b14",
                         "permissions": {"secrets": ["get", "list", "set", "delete"], "keys": [], "certificates": []}}],
    )  # fmt: skip


def _images(estate: Infrastructure) -> None:
    kind = "Microsoft.ContainerRegistry/registries"
    for name, changes in (("fhwimages", {"adminUserEnabled": False, "publicNetworkAccess": "Disabled"}),
                          ("fhwoldimages", {"adminUserEnabled": True, "publicNetworkAccess": "Enabled"})):  # fmt: skip
        properties = {
            "loginServer": f"{name}.azurecr.io",
            "provisioningState": "Succeeded",
            "anonymousPullEnabled": False,
        }
        estate.made[f"registry:{name}"] = estate.production.resource(
            kind, name, properties | changes, sku={"name": "Premium", "tier": "Premium"}
        )
