"""Plans and what stands around them."""

from typing import Any

from moto_fixtures.azure.tenant import part

_TIERS = {"Y1": "Dynamic", "FC1": "FlexConsumption", "F1": "Free", "D1": "Shared", "B1": "Basic", "S1": "Standard"}


def tier_of(sku: str) -> str:
    """The tier a plan's size belongs to, as a site's ``sku`` names it too."""
    if sku.startswith("EP"):
        return "ElasticPremium"
    return _TIERS.get(sku) or ("PremiumV3" if sku.endswith("v3") else "PremiumV2")


def plan_body(
    id: str, sku: str, location: str, *, linux: bool, capacity: int, apps: int, zones: bool, most: int, tags: Any
) -> dict[str, Any]:
    """The body of a server farm."""
    name, tier, group = id.rpartition("/")[2], tier_of(sku), part(id, "resourceGroups")
    kind = {"Dynamic": "functionapp", "FlexConsumption": "functionapp", "ElasticPremium": "elastic"}.get(tier, "app")
    kind = "linux" if linux and kind == "app" else kind
    return {
        "id": id, "name": name, "type": "Microsoft.Web/serverfarms", "kind": kind, "location": location, "tags": tags,
        "properties": {
            "serverFarmId": 42917, "name": name, "workerSize": "Default", "workerSizeId": 0, "workerTierName": None,
            "numberOfWorkers": capacity, "currentWorkerSize": "Default", "currentWorkerSizeId": 0,
            "currentNumberOfWorkers": capacity, "status": "Ready",
            "webSpace": f"{group}-{location.replace(' ', '')}webspace", "subscription": part(id, "subscriptions"),
            "adminSiteName": None, "hostingEnvironment": None, "hostingEnvironmentProfile": None,
            "maximumNumberOfWorkers": most, "planName": "VirtualDedicatedPlan", "adminRuntimeSiteName": None,
            "computeMode": "Dynamic" if tier == "Dynamic" else "Dedicated", "siteMode": None, "geoRegion": location,
            "perSiteScaling": False, "elasticScaleEnabled": tier == "ElasticPremium",
            "maximumElasticWorkerCount": most if tier == "ElasticPremium" else 1, "numberOfSites": apps,
            "hostingEnvironmentId": None, "isSpot": False, "spotExpirationTime": None,
            "freeOfferExpirationTime": None, "tags": tags, "kind": kind, "resourceGroup": group, "reserved": linux,
            "isXenon": False, "hyperV": False, "mdmId": "waws-prod-am2-669_42917", "targetWorkerCount": 0,
            "targetWorkerSizeId": 0, "provisioningState": "Succeeded", "webSiteId": None,
            "existingServerFarmIds": None, "kubeEnvironmentProfile": None, "zoneRedundant": zones,
        },
        "sku": {"name": sku, "tier": tier, "size": sku, "family": sku.rstrip("0123456789v") or sku,
                "capacity": capacity},
    }  # fmt: skip
