"""Fernhollow on Azure stands, is believable, and has what the checks look for."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from moto_fixtures.azure.company import start
from moto_fixtures.azure.company.infrastructure import LABS, PRODUCTION
from moto_fixtures.azure.server import Server
from tests.unit.moto_fixtures.azure.small import GRAPH

_SITES = f"/subscriptions/{PRODUCTION}/resourceGroups/Fernhollow-Shop/providers/Microsoft.Web/sites/fhw-"
_QUIRKS = {"fhw-gone-by-noon", "fhw-batch-cleanup"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The company, up in a moment."""
    started = start()
    assert started.requests == ()
    yield started
    started.stop()
    started.stop()


def _get(server: Server, path: str, method: str = "GET", version: str = "2025-05-01", **more: Any) -> requests.Response:
    url = f"{server.environment['AUDITOR_AZURE_ENDPOINT']}{path}{'' if 'api-version' in path else f'?api-version={version}'}"
    return requests.request(method, url, headers={"Authorization": "Bearer x"}, timeout=300, **more)


def _graph(server: Server, table: str, *types: str) -> list[dict[str, Any]]:
    query = f"{table} | where type in~ ({','.join(repr(one) for one in types)}) | order by id asc"
    rows: list[dict[str, Any]] = _get(server, GRAPH, "POST", json={"query": query}).json()["data"]
    return rows


@pytest.fixture(scope="module")
def sites(server: Server) -> dict[str, dict[str, Any]]:
    """Every site and slot of Resource Graph by name."""
    return {row["name"]: row for row in _graph(server, "resources", "microsoft.web/sites", "microsoft.web/sites/slots")}


@pytest.fixture(scope="module")
def configurations(server: Server) -> dict[str, dict[str, Any]]:
    """The configuration of every app and slot, by the name of its site."""
    rows = _graph(
        server, "appserviceresources", "microsoft.web/sites/config/web", "microsoft.web/sites/slots/config/web"
    )
    return {
        row["id"].split("/sites/")[1].removesuffix("/config/web").replace("/slots", ""): row["properties"]
        for row in rows
    }


def test_the_environment_points_at_loopback_and_nowhere_else(server: Server) -> None:
    assert server.environment == {"AUDITOR_AZURE_ENDPOINT": server.endpoint, "NO_PROXY": "127.0.0.1"}
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.endpoint)


def test_both_subscriptions_have_functions_slots_and_apps_that_are_none(sites: dict[str, dict[str, Any]]) -> None:
    functions = {
        name: row
        for name, row in sites.items()
        if row["kind"].startswith("functionapp") and "workflowapp" not in row["kind"]
    }
    assert len(functions) >= 20
    assert {row["subscriptionId"] for row in functions.values()} == {PRODUCTION, LABS}
    assert {"fhw-checkout/staging", "fhw-pos-sync/blue", "fhw-crm-connector/staging"} <= set(functions)
    kinds = {row["kind"] for row in functions.values()}
    assert {"functionapp", "functionapp,linux", "functionapp,linux,container", "functionapp,linux,kubernetes"} <= kinds
    assert "functionapp,linux,container,azurecontainerapps" in kinds
    assert {sites[name]["kind"] for name in set(sites) - set(functions)} == {
        "functionapp,workflowapp",
        "app",
        "app,linux",
    }
    assert {row["properties"]["sku"] for row in functions.values()} >= {
        "Dynamic",
        "FlexConsumption",
        "ElasticPremium",
        "PremiumV3",
        "Free",
    }


def test_defects_of_transport_and_exposure_stand(
    sites: dict[str, dict[str, Any]], configurations: dict[str, dict[str, Any]]
) -> None:
    plain = {
        name for name, row in sites.items() if row["properties"]["httpsOnly"] is False and "functionapp" in row["kind"]
    }
    assert {"fhw-pos-sync", "fhw-pos-sync/blue", "fhw-returns-portal", "fhw-hello-world-test"} <= plain
    assert "fhw-checkout" not in plain
    tls = {name: values["minTlsVersion"] for name, values in configurations.items()}
    assert (tls["fhw-pos-sync"], tls["fhw-label-service"], tls["fhw-checkout"]) == ("1.0", "1.1", "1.2")
    assert configurations["fhw-pos-sync/blue"]["ftpsState"] == "AllAllowed"
    assert configurations["fhw-store-locator"]["cors"]["allowedOrigins"] == ["*"]
    assert configurations["fhw-wishlist"]["cors"]["supportCredentials"] is True
    assert configurations["fhw-kiosk-api"]["ipSecurityRestrictions"][0]["ipAddress"] == "0.0.0.0/0"
    front = configurations["fhw-catalog-search"]["ipSecurityRestrictions"][0]
    assert (front["tag"], list(front["headers"])) == ("ServiceTag", ["x-azure-fdid"])


def test_front_doors_with_and_without_a_firewall(server: Server, configurations: dict[str, dict[str, Any]]) -> None:
    doors = {row["name"]: row["properties"] for row in _graph(server, "resources", "microsoft.network/frontdoors")}
    firewalls = {
        name: door["frontendEndpoints"][0]["properties"]["webApplicationFirewallPolicyLink"] is not None
        for name, door in doors.items()
    }
    assert firewalls == {"shop-front-door": True, "outlet-front-door": False}
    admitted = configurations["fhw-outlet-pages"]["ipSecurityRestrictions"][0]["headers"]["x-azure-fdid"]
    assert admitted == [doors["outlet-front-door"]["frontdoorId"]]


def test_what_bounds_apps_on_flex_consumption(sites: dict[str, dict[str, Any]]) -> None:
    scale = {
        name: row["properties"]["functionAppConfig"]["scaleAndConcurrency"]
        for name, row in sites.items()
        if row["properties"]["sku"] == "FlexConsumption"
    }
    assert {name: (one["maximumInstanceCount"], one["instanceMemoryMB"]) for name, one in scale.items()} == {
        "fhw-order-fulfilment": (40, 2048),
        "fhw-flash-sale": (100, 2048),
        "fhw-ticket-drop": (1000, 2048),
        "fhw-photo-books": (40, 4096),
        "fhw-gift-wrapping": (40, 2048),
    }


def test_what_resource_graph_does_not_have_arm_does(
    server: Server, sites: dict[str, dict[str, Any]], configurations: dict[str, dict[str, Any]]
) -> None:
    listed = {
        row["name"]
        for row in _get(server, f"/subscriptions/{PRODUCTION}/providers/Microsoft.Web/sites").json()["value"]
    }
    assert listed - {name for name in sites if "/" not in name} == {"fhw-brand-new"}
    assert "fhw-stock-counter" not in configurations
    assert _get(server, f"{_SITES}stock-counter/config/web").json()["properties"]["minTlsVersion"] == "1.2"


def test_what_cannot_be_read_says_why(server: Server) -> None:
    assert _get(server, f"{_SITES}batch-cleanup/functions").json()["Code"] == "BadRequest"
    assert _get(server, f"{_SITES}gone-by-noon/config/authsettingsV2").json()["error"]["code"] == "ResourceNotFound"
    refused = _get(server, f"{_SITES}price-rules/config/appsettings/list", "POST")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "AuthorizationFailed")
    assert _get(server, f"{_SITES}price-rules/functions").status_code == 200
    assert _get(server, f"{_SITES}checkout/sourcecontrols/web").status_code == 404


def test_made_up_secrets_have_the_shapes_scanners_know(server: Server) -> None:
    def settings(name: str) -> dict[str, str]:
        found: dict[str, str] = _get(server, f"{_SITES}{name}/config/appsettings/list", "POST").json()["properties"]
        return found

    assert settings("payments-capture")["PAYMENT_API_KEY"].startswith("sk" + "_live_")
    assert re.search("Account" + "Key=[A-Za-z0-9+/]{86}==;", settings("customer-export")["AzureWebJobsStorage"])
    assert "SharedAccess" + "Key=" in settings("till-events")["TillBus"]
    assert re.match("http://.*&si" + "g=", settings("release-notifier")["WEBSITE_RUN_FROM_PACKAGE"])
    assert settings("checkout")["ORDERS_DB"].startswith("@Microsoft.KeyVault(")
    connections = _get(server, f"{_SITES}payments-capture/config/connectionstrings/list", "POST").json()["properties"]
    assert "Pass" + "word=" in connections["Orders"]["value"]


def test_identities_and_what_they_may_do(server: Server, sites: dict[str, dict[str, Any]]) -> None:
    roles = {
        row["name"]: row["properties"]["roleName"]
        for row in _graph(server, "authorizationresources", "microsoft.authorization/roledefinitions")
    }
    rows = _graph(server, "authorizationresources", "microsoft.authorization/roleassignments")
    held: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        given = row["properties"]
        held.setdefault(given["principalId"], set()).add(
            (roles[given["roleDefinitionId"].rpartition("/")[2]], given["scope"])
        )
    own = {
        name: row["identity"]["principalId"]
        for name, row in sites.items()
        if (row["identity"] or {}).get("principalId")
    }
    assert ("Owner", f"/subscriptions/{PRODUCTION}") in held[own["fhw-ops-cleanup"]]
    assert ("Storage Blob Data Contributor", f"/subscriptions/{PRODUCTION}") in held[own["fhw-data-lake-loader"]]
    assert ("Catalog Patcher", f"/subscriptions/{PRODUCTION}") in held[own["fhw-catalog-patcher"]]
    assert {role for role, _ in held[own["fhw-checkout"]]} == {
        "Storage Blob Data Owner",
        "Key Vault Secrets User",
        "Monitoring Metrics Publisher",
    }
    (media,) = sites["fhw-media-transcoder"]["identity"]["userAssignedIdentities"].values()
    assert held[media["principalId"]] == {
        ("Contributor", "/providers/Microsoft.Management/managementGroups/fernhollow")
    }
    assert sites["fhw-tag-tester"]["identity"] is None
    shared = [
        set(sites[name]["identity"]["userAssignedIdentities"])
        for name in ("fhw-agency-reports", "fhw-agency-campaigns")
    ]
    assert shared[0] == shared[1]
    assert "/resourcegroups/" in next(iter(shared[0]))
    assert own["fhw-checkout"] != own["fhw-checkout/staging"]


def test_arm_and_resource_graph_know_the_same_assignments(server: Server) -> None:
    path = "/subscriptions/{}/providers/Microsoft.Authorization/roleAssignments"
    listed = {
        row["name"]
        for one in (PRODUCTION, LABS)
        for row in _get(server, path.format(one), version="2022-04-01").json()["value"]
    }
    known = {row["name"] for row in _graph(server, "authorizationresources", "microsoft.authorization/roleassignments")}
    assert listed == known


def test_callers_events_names_and_guardrails(server: Server) -> None:
    at = f"/subscriptions/{PRODUCTION}/providers"
    events = _get(
        server, f"{at}/Microsoft.EventGrid/locations/westeurope/eventSubscriptions", version="2022-06-15"
    ).json()["value"]
    assert {row["name"] for row in events} == {"supplier-feed", "parcel-tracker"}
    names = {
        row["properties"]["fqdn"]: row["properties"]["CNAMERecord"]["cname"]
        for row in _graph(server, "dnsresources", "microsoft.network/dnszones/cname")
    }
    assert names["old-campaign.fernhollow.example."] == "fhw-old-campaign.azurewebsites.net"
    for subscription, tier in ((PRODUCTION, "Standard"), (LABS, "Free")):
        plans = _get(
            server, f"/subscriptions/{subscription}/providers/Microsoft.Security/pricings", version="2024-01-01"
        ).json()["value"]
        assert {row["properties"]["pricingTier"] for row in plans} == {tier}
    locks = _get(server, f"{at}/Microsoft.Authorization/locks", version="2016-09-01").json()["value"]
    assert [row["properties"]["level"] for row in locks] == ["CanNotDelete"]
    below = _get(
        server, "/providers/Microsoft.Management/managementGroups/fernhollow/descendants", version="2020-05-01"
    ).json()["value"]
    assert {row["name"] for row in below} == {PRODUCTION, LABS}


def test_hosted_functions_have_their_container_apps(server: Server, sites: dict[str, dict[str, Any]]) -> None:
    apps = {row["name"]: row for row in _graph(server, "resources", "microsoft.app/containerapps")}
    for name, external in (("fhw-size-guide", False), ("fhw-gift-wrap", True)):
        assert apps[name]["managedBy"].lower() == sites[name]["id"]
        assert apps[name]["properties"]["configuration"]["ingress"]["external"] is external
    current = "/authConfigs/current"
    assert _get(server, apps["fhw-size-guide"]["id"] + current, version="2024-03-01").status_code == 200
    missing = _get(server, apps["fhw-gift-wrap"]["id"] + current, version="2024-03-01")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "ResourceNotFound")
    assert "/authConfigs/current" in missing.json()["error"]["message"]


def test_every_app_answers_every_question(server: Server, sites: dict[str, dict[str, Any]]) -> None:
    reads = ("functions", "config/authsettingsV2", "basicPublishingCredentialsPolicies", "config/configreferences/appsettings",
             "config/logs", "siteextensions", "hybridConnectionRelays", "privateEndpointConnections", "backups", "config/web",
             "providers/Microsoft.Insights/diagnosticSettings")  # fmt: skip
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer x"
        strange = {
            (name, below, answer.status_code)
            for name, row in sites.items()
            for below in reads
            if name not in _QUIRKS
            and (
                answer := session.get(f"{server.endpoint}{row['id']}/{below}?api-version=2025-05-01", timeout=300)
            ).status_code
            != 200
        }
    assert strange == set()


def test_monitors_know_the_connections_that_settings_hold(server: Server) -> None:
    monitors = {row["name"]: row["properties"] for row in _graph(server, "resources", "microsoft.insights/components")}
    settings = _get(server, f"{_SITES}checkout/config/appsettings/list", "POST").json()["properties"]
    assert monitors["insights-shop"]["ConnectionString"] == settings["APPLICATIONINSIGHTS_CONNECTION_STRING"]
    old = _get(server, f"{_SITES}session-tracer/config/appsettings/list", "POST").json()["properties"]
    assert monitors["insights-open"]["InstrumentationKey"] == old["APPINSIGHTS_INSTRUMENTATIONKEY"]
    assert [monitors[name]["DisableLocalAuth"] for name in ("insights-shop", "insights-open")] == [True, False]
