"""The demo company stands, is told in full through Google's client, and holds what its chapters promise."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import functions_v2

from moto_fixtures.gcp import company as fernhollow
from moto_fixtures.gcp.company.blueprint import STANDALONE
from moto_fixtures.gcp.functions import GEN1, GEN2
from moto_fixtures.gcp.policies import PUBLIC
from moto_fixtures.gcp.server import Server
from moto_fixtures.gcp.services import REVISION, SERVICE
from tests.unit.moto_fixtures.gcp.conftest import Ask, asking

_SHOP, _DATA, _LEGACY = "fernhollow-shop", "fernhollow-data", "fernhollow-legacy"
_HERE = f"projects/{_SHOP}/locations/europe-west1"


@pytest.fixture(scope="module")
def company() -> Iterator[Server]:
    """The company, deployed in a moment."""
    started = fernhollow.start()
    yield started
    started.stop()
    started.stop()


@pytest.fixture(scope="module")
def ask(company: Server) -> Ask:
    """Asks the company."""
    return asking(company)


@pytest.fixture(scope="module")
def listed(ask: Ask) -> dict[str, dict[str, Any]]:
    """Every function by name, as the functions API tells."""
    found = {}
    for project in (_SHOP, _DATA, _LEGACY):
        for each in ask(f"v2/projects/{project}/locations/-/functions", pageSize=1000).body["functions"]:
            found[each["name"].rpartition("/")[2]] = each
    return found


@pytest.fixture(scope="module")
def services(company: Server) -> dict[str, dict[str, Any]]:
    """Every Cloud Run service by name."""
    return {each.short: each.body for project in company.estate.projects.values() for each in project.of(SERVICE)}


def _invokers(ask: Ask, service: str) -> list[str]:
    policy = ask(f"v2/{_HERE}/services/{service}:getIamPolicy", options__requestedPolicyVersion=3).body
    return [member for each in policy.get("bindings", ()) for member in each["members"]]


def test_a_believable_company_has_sound_functions_and_broken_ones(listed: dict[str, dict[str, Any]]) -> None:
    sound = {"catalog-search", "checkout-create-order", "storefront-api", "us-catalog-search", "order-fulfilment"}
    sound |= {"receipt-mailer", "image-resizer", "key-change-notifier", "stock-levels"}
    assert sound <= set(listed)
    assert len(listed) >= 70
    assert max(len(name) for name in listed) == 63
    assert {each["environment"] for each in listed.values()} == {"GEN_1", "GEN_2"}


def test_googles_client_reads_every_function(company: Server, listed: dict[str, dict[str, Any]]) -> None:
    client = functions_v2.FunctionServiceClient(
        transport="rest", credentials=AnonymousCredentials(), client_options={"api_endpoint": company.endpoint}
    )
    parents = [f"projects/{project}/locations/-" for project in (_SHOP, _DATA, _LEGACY)]
    found = [each for parent in parents for each in client.list_functions(parent=parent, timeout=300)]
    client.transport.close()
    assert {each.name.rpartition("/")[2] for each in found} == set(listed)
    assert all(each.environment.name != "ENVIRONMENT_UNSPECIFIED" for each in found)


def test_names_are_told_apart_and_accounts_have_legal_names(company: Server) -> None:
    plans = fernhollow.blueprints(fernhollow.deploy())
    assert len({plan.name for plan in plans}) == len(plans)
    for project in company.estate.projects.values():
        for each in project.of("iam.googleapis.com/ServiceAccount"):
            local, _, domain = each.body["email"].partition("@")
            assert not domain.endswith("iam.gserviceaccount.com") or re.fullmatch(
                r"[a-z][a-z0-9-]{4,28}[a-z0-9]", local
            )


def test_functions_that_only_cloud_run_knows(listed: dict[str, Any], services: dict[str, dict[str, Any]]) -> None:
    plans = fernhollow.blueprints(fernhollow.deploy())
    alone = {plan.name for plan in plans if plan.generation == STANDALONE}
    assert alone == {"price-engine", "gift-finder", "gift-registry", "preview-render", "product-render"}
    assert not alone & set(listed)
    built = {name for name, each in services.items() if "functionTarget" in each.get("buildConfig", {})}
    assert built == alone | {"retired-pricing"}
    assert {"storefront-web", "notebook"} <= set(services) - set(listed)


def test_who_is_let_in(ask: Ask, listed: dict[str, Any], services: dict[str, dict[str, Any]]) -> None:
    assert {name: _invokers(ask, name) for name in ("tracking-pixel", "gift-finder", "promo-banner")} == {
        "tracking-pixel": [PUBLIC],
        "gift-finder": [PUBLIC],
        "promo-banner": [],
    }
    unasked = {name: each.get("iapEnabled", False) for name, each in services.items() if each.get("invokerIamDisabled")}
    assert unasked == {"promo-banner": False, "style-quiz": True}
    function = f"v2/projects/{_LEGACY}/locations/europe-west1/functions/store-locator:getIamPolicy"
    assert ask(function).body["bindings"] == [{"role": "roles/cloudfunctions.invoker", "members": [PUBLIC]}]
    assert listed["store-locator"]["serviceConfig"]["securityLevel"] == "SECURE_OPTIONAL"
    policy = ask(f"v3/projects/{_LEGACY}:getIamPolicy", "POST", {"options": {"requestedPolicyVersion": 3}}).body
    wide = {each["role"] for each in policy["bindings"] if "domain:fernhollow.example" in each["members"]}
    assert wide == {"roles/cloudfunctions.invoker", "roles/run.invoker"}


def test_records_and_services_agree_but_where_they_should_not(
    listed: dict[str, dict[str, Any]], services: dict[str, dict[str, Any]]
) -> None:
    ingress = {
        "ALLOW_ALL": "INGRESS_TRAFFIC_ALL",
        "ALLOW_INTERNAL_ONLY": "INGRESS_TRAFFIC_INTERNAL_ONLY",
        "ALLOW_INTERNAL_AND_GCLB": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    }
    second = {name: each for name, each in listed.items() if each["environment"] == "GEN_2"}
    drifted = {
        name
        for name, each in second.items()
        if services[name]["ingress"] != ingress[each["serviceConfig"]["ingressSettings"]]
    }
    assert drifted == {"returns-portal-api"}
    moved = {
        name
        for name, each in second.items()
        if services[name]["template"]["serviceAccount"] != each["serviceConfig"]["serviceAccountEmail"]
    }
    assert moved == {"basket-api"}
    assert "retired-pricing" in services
    assert "retired-pricing" not in listed


def test_every_promise_of_the_neglected_is_kept(
    company: Server, listed: dict[str, dict[str, Any]], services: dict[str, dict[str, Any]]
) -> None:
    build = {name: each["buildConfig"] for name, each in listed.items()}
    assert {name for name, each in build.items() if "onDeployUpdatePolicy" in each} == {"tax-rates"}
    assert "automaticUpdatePolicy" not in build["tax-rates"]
    assert build["import-orders"]["dockerRegistry"] == "CONTAINER_REGISTRY"
    assert list(build["storefront-hooks"]["source"]) == ["repoSource"]
    assert {name for name, each in listed.items() if "labels" not in each} == {
        "label-tester",
        "store-locator",
        "customer-export",
    }
    assert {name for name, each in listed.items() if each["state"] != "ACTIVE"} == {"gift-wrap-options"}
    assert "maxInstanceCount" not in listed["flash-sale"]["serviceConfig"]
    assert services["flash-sale"]["template"]["scaling"] == {}
    assert "startupProbe" not in services["no-probe"]["template"]["containers"][0]
    assert services["preview-render"]["template"]["containers"][0]["image"].endswith(":latest")
    assert listed["stock-sync"]["upgradeInfo"]["upgradeState"] == "REDIRECT_FUNCTION_UPGRADE_TRAFFIC_ERROR"
    shop = company.estate.projects[_SHOP]
    assert [each.name.rpartition("/")[2][:16] for each in shop.of(REVISION)] == ["tax-export-00002", "tax-export-00003"]


def test_what_was_never_made_leaves_dangling_references(ask: Ask, listed: dict[str, dict[str, Any]]) -> None:
    gone = listed["depot-link"]["serviceConfig"]["vpcConnector"]
    assert gone not in [each["name"] for each in ask(f"v1/{_HERE}/connectors").body["connectors"]]
    email = listed["warehouse-bridge"]["serviceConfig"]["serviceAccountEmail"]
    assert ask(f"v1/projects/-/serviceAccounts/{email}").status == 404
    (deleted,) = listed["courier-quotes"]["serviceConfig"]["secretEnvironmentVariables"]
    secrets = ask(f"v1/projects/{_SHOP}/secrets").body["secrets"]
    assert deleted["secret"] not in [each["name"].rpartition("/")[2] for each in secrets]


def test_keys_networks_and_secrets_in_every_state(ask: Ask, listed: dict[str, dict[str, Any]]) -> None:
    ledger = ask(f"v1/{listed['loyalty-ledger']['kmsKeyName']}").body
    archive = ask(f"v1/{listed['order-archive']['kmsKeyName']}").body
    assert (ledger["primary"]["state"], "rotationPeriod" in ledger) == ("DISABLED", True)
    assert (archive["primary"]["state"], "rotationPeriod" in archive) == ("ENABLED", False)
    connectors = {
        each["name"].rpartition("/")[2]: (each["state"], each["network"])
        for each in ask(f"v1/{_HERE}/connectors").body["connectors"]
    }
    assert connectors == {
        "backbone": ("READY", "backbone"),
        "erp": ("ERROR", "backbone"),
        "shared": ("READY", "default"),
    }
    secrets = {
        each["name"].rpartition("/")[2]: "rotation" in each
        for each in ask(f"v1/projects/{_SHOP}/secrets").body["secrets"]
    }
    assert secrets == {"payment-api": True, "sms-gateway": False}


def test_made_up_secrets_have_the_shapes_scanners_know(listed: dict[str, dict[str, Any]]) -> None:
    def variables(name: str) -> dict[str, str]:
        found: dict[str, str] = listed[name]["serviceConfig"]["environmentVariables"]
        return found

    assert re.fullmatch("sk_" + "live_[A-Za-z0-9]{24}", variables("payments-capture")["PAYMENT_API_KEY"])
    assert re.fullmatch("AI" + "za[A-Za-z0-9_-]{35}", variables("payments-capture")["MAPS_KEY"])
    assert re.fullmatch("postgres://app_orders:[^@]+@.*", variables("orders-db-sync")["DATABASE_URL"])
    assert json.loads(variables("warehouse-login")["GOOGLE_CREDENTIALS"])["type"] == "service_account"
    assert listed["app-bundle"]["buildConfig"]["environmentVariables"]["NPM_TOKEN"].startswith("npm" + "_")


def test_each_project_is_watched_as_well_as_it_deserves(ask: Ask) -> None:
    def names(path: str, key: str) -> list[str]:
        return [each.get("displayName", each["name"]) for each in ask(path).body.get(key, ())]

    assert names(f"v2/projects/{_SHOP}/sinks", "sinks") == ["_Required", "_Default", "archive"]
    assert names(f"v2/projects/{_LEGACY}/sinks", "sinks") == ["_Required", "_Default"]
    assert names(f"v2/projects/{_LEGACY}/exclusions", "exclusions") == ["cheaper-logs"]
    assert names(f"v3/projects/{_SHOP}/alertPolicies", "alertPolicies") == ["iam-changed", "function-deployed"]
    body = {"options": {"requestedPolicyVersion": 3}}
    audited = {
        project: ask(f"v3/projects/{project}:getIamPolicy", "POST", body).body.get("auditConfigs")
        for project in (_SHOP, _DATA, _LEGACY)
    }
    assert [[each["service"] for each in found or ()] for found in audited.values()] == [
        ["allServices"],
        ["run.googleapis.com"],
        [],
    ]


def test_one_project_has_no_inventory(ask: Ask) -> None:
    assert (
        ask(f"v1/projects/{_LEGACY}/assets", contentType="RESOURCE").body["error"]["details"][0]["reason"]
        == "SERVICE_DISABLED"
    )
    assert ask(f"v1/projects/{_SHOP}/assets", contentType="RESOURCE").status == 200


def test_hostile_texts_are_told_unchanged(listed: dict[str, dict[str, Any]]) -> None:
    assert listed["label-tester"]["description"] == "<script>alert(1)</script> =cmd|' /C calc'!A0 \x1b[2J"


def test_the_request_log_starts_empty() -> None:
    started = fernhollow.start()
    assert started.requests == ()
    asking(started)("v3/projects:search")
    assert [seen.operation for seen in started.requests] == ["resourcemanager:SearchProjects"]  # type: ignore[var-annotated]
    started.stop()


def test_the_estate_is_the_same_every_time() -> None:
    one, other = fernhollow.deploy(), fernhollow.deploy(fernhollow.deploy().estate.now)
    for kind in (GEN1, GEN2, SERVICE):
        assert [each.name for each in one.shop.of(kind)] == [each.name for each in other.shop.of(kind)]


def test_it_needs_no_sdk() -> None:
    code = (
        "import sys; from moto_fixtures.gcp import bulk_seed, company, credentials; company.deploy();"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in ('google', 'requests', 'cryptography', 'grpc')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
