"""Resource Graph: rows, paging, what it understands and what it refuses."""

from typing import Any

import pytest
from azure.core.rest import HttpRequest

from moto_fixtures.azure.bulk_seed import tenant_of
from moto_fixtures.azure.graph import Misread, Query, understood
from moto_fixtures.azure.server import Server
from moto_fixtures.azure.tenant import COLUMNS
from tests.unit.moto_fixtures.azure.small import GRAPH, OTHER, SITES, SUBSCRIPTION, Ask, client_of

_COLUMNS = "id,name,type,kind,location,resourceGroup,subscriptionId,tenantId,tags,identity,sku,properties"
_SITES = f"resources | where type in~ ('Microsoft.Web/sites', 'microsoft.web/sites/slots') | project {_COLUMNS} | order by id asc"


def _asked(ask: Ask, query: str, **body: Any) -> Any:
    return ask(GRAPH, "POST", json={"subscriptions": [SUBSCRIPTION, OTHER], "query": query, **body})


def test_rows_are_lower_case_and_span_subscriptions(ask: Ask) -> None:
    body = _asked(ask, _SITES).json()
    assert (body["totalRecords"], body["count"], body["resultTruncated"], body["facets"]) == (4, 4, "false", [])
    rows = {row["name"]: row for row in body["data"]}
    assert set(rows) == {"orders", "orders/staging", "returns", "trial"}
    orders = rows["orders"]
    assert orders["id"] == f"{SITES}/orders".lower()
    assert (orders["type"], orders["location"], orders["resourceGroup"]) == (
        "microsoft.web/sites",
        "westeurope",
        "shop-group",
    )
    assert (orders["kind"], rows["trial"]["subscriptionId"]) == ("functionapp,linux", OTHER)
    assert [row["id"] for row in body["data"]] == sorted(row["id"] for row in body["data"])
    assert orders["properties"]["siteConfig"]["minTlsVersion"] is None
    assert list(orders) == _COLUMNS.split(",")


def test_the_configuration_comes_whole_and_in_bulk(ask: Ask) -> None:
    query = "appserviceresources | where type in~ ('microsoft.web/sites/config/web') | project id,properties"
    rows = {row["id"]: row["properties"] for row in _asked(ask, query).json()["data"]}
    assert rows[f"{SITES}/orders/config/web".lower()]["minTlsVersion"] == "1.1"


def test_only_the_subscriptions_asked_for_are_told(ask: Ask) -> None:
    body = ask(GRAPH, "POST", json={"subscriptions": [OTHER.upper()], "query": _SITES}).json()
    assert [row["name"] for row in body["data"]] == ["trial"]
    nobody = ask(GRAPH, "POST", json={"subscriptions": ["none"], "query": _SITES})
    assert nobody.json()["error"]["details"][0]["code"] == "NoValidSubscriptionsInQueryRequest"


def test_roles_belong_to_no_subscription(ask: Ask) -> None:
    query = "authorizationresources | where type =~ 'microsoft.authorization/roledefinitions' | project id,subscriptionId,properties"
    rows = {row["properties"]["roleName"]: row for row in _asked(ask, query).json()["data"]}
    assert {"Owner", "Contributor", "Reader", "Key Vault Secrets User"} <= set(rows)
    assert rows["Owner"]["subscriptionId"] == ""
    assert rows["Owner"]["properties"]["permissions"][0]["actions"] == ["*"]


def test_pages_are_at_most_a_thousand_rows_and_follow_a_token() -> None:
    tenant = tenant_of(1100, slots=3)
    query = "resources | where type in~ ('microsoft.web/sites') | project id | order by id asc"
    with Server(tenant) as server, client_of(server) as client:

        def page(**options: Any) -> Any:
            body = {"query": query, "options": options}
            return client.send_request(HttpRequest("POST", GRAPH, json=body)).json()

        first = page(**{"$top": 5000})
        assert (first["count"], first["totalRecords"]) == (1000, 1100)
        second = page(**{"$skipToken": first["$skipToken"]})
        assert second["count"] == 100
        assert "$skipToken" not in second
    ids = [row["id"] for row in first["data"] + second["data"]]
    assert ids == sorted(set(ids))


def test_a_caller_without_the_right_to_read_gets_fewer_rows_and_no_error(ask: Ask, server: Server) -> None:
    server.denials.deny("Microsoft.Web/sites/slots/read")
    server.denials.deny("Microsoft.Web/sites/read", f"/subscriptions/{OTHER}/*")
    answer = _asked(ask, _SITES)
    assert answer.status_code == 200
    assert {row["name"] for row in answer.json()["data"]} == {"orders", "returns"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("resources | where type =~ 'A/b'", Query("resources", ("a/b",), COLUMNS, None)),
        ("Resources|where type in~ (\"a/b\",'c/d')|order by id|project id,name", Query("resources", ("a/b", "c/d"), ("id", "name"), False)),
        ("resources | where type in~ ('a/b') | sort by id asc | project id", Query("resources", ("a/b",), ("id",), True)),
        ("resources", Misread("<EOF>", 9)),
        ("resources | where where", Misread("where", 12)),
        ("resources | where type in~ ('a/b') | project id, nonsense", Misread("nonsense", 37)),
        ("resources | where type in~ ('a/b') | limit 5", Misread("limit", 37)),
        ("securityresources | where type =~ 'a/b'", Misread("securityresources", 0)),
        ("", Misread("<EOF>", 0)),
    ],
)  # fmt: skip
def test_one_shape_of_query_is_understood(text: str, expected: Query | Misread) -> None:
    assert understood(text) == expected


def test_every_other_query_is_invalid(ask: Ask) -> None:
    answer = _asked(ask, "resources | where type == 'microsoft.web/sites' | summarize count()")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "BadRequest")
    assert [detail["code"] for detail in error["details"]] == ["InvalidQuery", "ParserFailure"]
    assert error["details"][1]["token"] == "where"


def test_quota_headers_are_always_there(ask: Ask) -> None:
    headers = _asked(ask, _SITES).headers
    assert (headers["x-ms-user-quota-remaining"], headers["x-ms-user-quota-resets-after"]) == ("14", "00:00:05")


def test_queries_are_logged_by_their_table(ask: Ask, server: Server) -> None:
    server.forget_requests()
    _asked(ask, _SITES)
    _asked(ask, "dnsresources | where type =~ 'microsoft.network/dnszones/cname'")
    assert [seen.operation for seen in server.requests] == ["graph:resources", "graph:dnsresources"]
