"""Paging, letter case, api-version and the envelopes of lists, on the wire."""

from urllib.parse import parse_qs, urlsplit

import pytest

from moto_fixtures.azure.bulk_seed import tenant_of
from moto_fixtures.azure.server import Server
from tests.unit.moto_fixtures.azure.small import SITES, SUBSCRIPTION, Ask, client_of

_LIST = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Web/sites"


def test_app_service_lists_carry_null_envelope_members(ask: Ask) -> None:
    body = ask(_LIST).json()
    assert set(body) == {"value", "nextLink", "id"}
    assert body["nextLink"] is None
    assert body["id"] is None


def test_other_providers_leave_the_next_link_out(ask: Ask) -> None:
    body = ask(f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/locks", version="2016-09-01").json()
    assert body == {"value": []}


def test_the_next_link_is_absolute_and_repeats_the_call(ask: Ask, server: Server) -> None:
    server.page_size = 1
    try:
        first = ask(_LIST).json()
        link = urlsplit(first["nextLink"])
        assert f"{link.scheme}://{link.netloc}" == server.endpoint
        assert set(parse_qs(link.query)) == {"api-version", "$skipToken"}
        second = ask(first["nextLink"].removeprefix(server.endpoint)).json()
    finally:
        server.page_size = 500
    assert [app["name"] for page in (first, second) for app in page["value"]] == ["orders", "returns"]
    assert second["nextLink"] is None


def test_a_next_link_nobody_gave_is_refused(ask: Ask) -> None:
    answer = ask(f"{_LIST}?api-version=2025-05-01&$skipToken=never")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidSkipToken")


def test_the_sdk_follows_every_page() -> None:
    tenant = tenant_of(23)
    with Server(tenant, page_size=5) as server, client_of(server) as client:
        client._config.subscription_id = next(iter(tenant.subscriptions))
        names = [app.name for app in client.web_apps.list()]
        assert names == [f"fhw-fleet-{number:05}" for number in range(23)]
        assert len(server.requests) == 5


def test_paths_are_compared_without_regard_to_case(ask: Ask) -> None:
    site = f"{SITES}/orders"
    written = ask(f"{site}/config/web").json()
    for path in (site.lower(), site.upper(), site.replace("sites", "Sites")):
        assert ask(f"{path}/config/web").json() == written
    assert written["id"] == f"{site}/config/web"
    assert ask(f"{site}/config/AUTHSETTINGSV2").json()["name"] == "authsettingsV2"


@pytest.mark.parametrize(
    ("version", "code"), [(None, "MissingApiVersionParameter"), ("newest", "InvalidApiVersionParameter")]
)
def test_an_api_version_is_required(version: str | None, code: str, ask: Ask) -> None:
    answer = ask(_LIST, version=version)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert answer.headers["x-ms-failure-cause"] == "gateway"


def test_subscriptions_are_listed_and_a_strange_one_is_not_found(ask: Ask) -> None:
    body = ask("/subscriptions", version="2022-12-01").json()
    assert {row["displayName"]: row["state"] for row in body["value"]} == {"shop": "Enabled", "labs": "Enabled"}
    answer = ask("/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Web/sites")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "SubscriptionNotFound")


def test_an_app_deleted_between_two_calls_is_not_found(ask: Ask, server: Server) -> None:
    resource = server.tenant.resources[f"{SITES}/orders/slots/staging".lower()]
    server.tenant.remove(resource.id)
    try:
        answer = ask(f"{resource.id}/functions")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "ResourceNotFound")
    finally:
        server.tenant.put(resource)


def test_storage_containers_tell_their_public_access(ask: Ask) -> None:
    account = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/Shop-Group/providers/Microsoft.Storage/storageAccounts/shopstore"
    )
    body = ask(f"{account}/blobServices/default/containers", version="2023-05-01").json()
    told = {row["name"]: row["properties"]["publicAccess"] for row in body["value"]}
    assert told == {"azure-webjobs-hosts": "None", "azure-webjobs-secrets": "None", "open": "Blob"}
    service = ask(f"{account}/blobServices/default", version="2023-05-01").json()
    assert service["properties"]["deleteRetentionPolicy"]["enabled"] is False


def test_metrics_tell_a_total_a_day(ask: Ask) -> None:
    query = "metricnames=FunctionExecutionCount,Http5xx&interval=P1D&aggregation=Total"
    path = f"{SITES}/orders/providers/Microsoft.Insights/metrics?api-version=2023-10-01&{query}"
    body = ask(f"{path}&timespan=2026-08-01T00:00:00Z/2026-08-11T00:00:00Z").json()
    counted, failed = body["value"]
    assert (counted["name"]["value"], failed["name"]["value"]) == ("FunctionExecutionCount", "Http5xx")
    days = counted["timeseries"][0]["data"]
    assert [days[0]["timeStamp"], days[-1]["timeStamp"], len(days)] == [
        "2026-08-01T00:00:00Z",
        "2026-08-10T00:00:00Z",
        10,
    ]
    assert all(90 <= day["total"] <= 110 for day in days)
    assert sum(day["total"] for day in failed["timeseries"][0]["data"]) > 0
    assert ask(f"{path}&timespan=yesterday").status_code == 400


def test_a_connection_serves_many_requests_and_a_new_name_is_a_new_answer(ask: Ask) -> None:
    assert len({ask("/subscriptions").headers["x-ms-request-id"] for _ in range(3)}) == 3


def test_a_child_that_is_not_there_is_told_in_its_provider_s_shape(ask: Ask) -> None:
    site = ask(f"{SITES}/orders/sourcecontrols/web").json()
    assert (site["Code"], site["Message"]) == ("NotFound", "Cannot find SourceControl with name orders.")
    account = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/Shop-Group/providers/Microsoft.Storage/storageAccounts/none"
    )
    error = ask(account, version="2023-05-01").json()["error"]
    assert error["code"] == "ResourceNotFound"
    assert "'Microsoft.Storage/storageAccounts/none' under resource group 'Shop-Group'" in error["message"]
