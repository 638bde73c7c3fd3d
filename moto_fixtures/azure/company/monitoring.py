"""Who watches: workspaces, monitors, Defender plans, alerts; and what stands in front of the functions."""

from typing import Any

from moto_fixtures.azure.builder import days_ago
from moto_fixtures.azure.company.blueprint import FRONT_DOOR, OUTLET_DOOR, insights_connection
from moto_fixtures.azure.company.infrastructure import ZONE, Infrastructure
from moto_fixtures.azure.response_shapes.access import made_id

WATCHED = (
    "Microsoft.Web/sites/write",
    "Microsoft.Web/sites/config/write",
    "Microsoft.Authorization/roleAssignments/write",
)


def monitors(estate: Infrastructure) -> None:
    """Log workspaces and application monitors."""
    made, shop = estate.made, estate.production
    for name, days in (("kept", 400), ("brief", 30)):
        properties = {"retentionInDays": days, "sku": {"name": "PerGB2018"}, "provisioningState": "Succeeded",
                      "customerId": "0d5b7c1e-3f2a-4b6d-8e90-1a2b3c4d5e6f",
                      "publicNetworkAccessForIngestion": "Enabled", "publicNetworkAccessForQuery": "Enabled"}  # fmt: skip
        made[f"workspace:{name}"] = shop.resource(
            "Microsoft.OperationalInsights/workspaces", f"logs-{name}", properties
        )
    for name, closed in (("shop", True), ("open", False)):
        access = "Disabled" if closed else "Enabled"
        properties = {"Application_Type": "web", "AppId": made_id(f"insights-{name}/app"), "Name": f"insights-{name}",
                      "InstrumentationKey": made_id(f"insights-{name}"), "ConnectionString": insights_connection(name), "DisableLocalAuth": closed, "RetentionInDays": 90,
                      "publicNetworkAccessForIngestion": access, "publicNetworkAccessForQuery": access,
                      "WorkspaceResourceId": made["workspace:kept"], "provisioningState": "Succeeded",
                      "IngestionMode": "LogAnalytics"}  # fmt: skip
        made[f"insights:{name}"] = shop.resource(
            "Microsoft.Insights/components", f"insights-{name}", properties, kind="web"
        )


def detection(estate: Infrastructure) -> None:
    """Defender is on in production and off in the labs; only production has alerts. The budget of the labs tells nobody."""
    estate.production.budget("shop-monthly", "finance@fernhollow.example")
    estate.labs.budget("labs-monthly", "labs@fernhollow.example", on=False)
    for plan, extensions in (("AppServices", ()), ("StorageAccounts", ()), ("KeyVaults", ()),
                             ("CloudPosture", ("AgentlessDiscoveryForKubernetes", "ServerlessProtection"))):  # fmt: skip
        estate.production.pricing(plan, on=True, extensions=extensions)
        estate.labs.pricing(plan, on=False)
    for operation in WATCHED:
        equals = [{"field": "category", "equals": "Administrative"}, {"field": "operationName", "equals": operation}]
        properties = {"enabled": True, "scopes": [estate.production.at], "condition": {"allOf": equals},
                      "actions": {"actionGroups": []}}  # fmt: skip
        estate.production.resource("Microsoft.Insights/activityLogAlerts", operation.replace("/", "-"), properties,
                                   location="Global")  # fmt: skip


def certificates(estate: Infrastructure) -> None:
    """One certificate with years to live, one with days, one expired."""
    for name, left in (("shop", 700), ("soon", 12), ("past", -40)):
        thumbprint = name.encode().hex().upper().ljust(40, "0")
        properties = {"subjectName": f"{name}.{ZONE}", "thumbprint": thumbprint, "hostNames": [f"{name}.{ZONE}"],
                      "issueDate": days_ago(400), "expirationDate": days_ago(-left), "valid": None}  # fmt: skip
        estate.production.resource("Microsoft.Web/certificates", f"certificate-{name}", properties)
        estate.made[f"certificate:{name}"] = thumbprint


def fronts(estate: Infrastructure) -> None:
    """A Front Door with a firewall and one without, an application gateway with one, a gateway of APIs."""
    shop = estate.production

    def host(name: str) -> str:
        return f"fhw-{name}.azurewebsites.net"

    policy = shop.resource_id("Microsoft.Network/frontDoorWebApplicationFirewallPolicies", "shop-firewall")
    behind = ("catalog-search", "brand-pages", "gift-finder")
    for name, identifier, apps, link in (("shop", FRONT_DOOR, behind, {"id": policy}),
                                         ("outlet", OUTLET_DOOR, ("outlet-pages",), None)):  # fmt: skip
        backends = [{"address": host(app), "enabledState": "Enabled", "httpsPort": 443, "weight": 50, "priority": 1}
                    for app in apps]  # fmt: skip
        door: dict[str, Any] = {
            "friendlyName": name, "frontdoorId": identifier, "enabledState": "Enabled", "provisioningState": "Succeeded",
            "backendPools": [{"name": "functions", "properties": {"backends": backends}}],
            "frontendEndpoints": [{"name": name, "properties": {
                "hostName": f"{name}.{ZONE}", "webApplicationFirewallPolicyLink": link}}],
        }  # fmt: skip
        shop.resource("Microsoft.Network/frontdoors", f"{name}-front-door", door, location="Global")
    gateway: dict[str, Any] = {
        "sku": {"name": "WAF_v2", "tier": "WAF_v2"},
        "backendAddressPools": [{"name": "price", "properties": {"backendAddresses": [{"fqdn": host("price-engine")}]}}],
        "firewallPolicy": {"id": shop.resource_id("Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies",
                                                  "price-firewall")},
        "webApplicationFirewallConfiguration": {"enabled": True, "firewallMode": "Prevention"},
    }  # fmt: skip
    shop.resource("Microsoft.Network/applicationGateways", "price-gateway", gateway)
    shop.resource("Microsoft.ApiManagement/service", "fernhollow-apis",
                  {"gatewayUrl": "https://fernhollow-apis.azure-api.net", "publicNetworkAccess": "Enabled"},
                  sku={"name": "StandardV2", "capacity": 1})  # fmt: skip


def names(estate: Infrastructure) -> None:
    """DNS names: one of a living app, one of an app deleted long ago."""
    estate.production.cname(ZONE, "search", "fhw-catalog-search.azurewebsites.net")
    estate.production.cname(ZONE, "old-campaign", "fhw-old-campaign.azurewebsites.net")
    estate.production.cname(ZONE, "www", "fernhollow.example.edgekey.invalid")
