"""Token buckets of ARM and Resource Graph, by a clock that is turned by hand."""

from collections.abc import Iterator

import pytest
import requests

from moto_fixtures.azure.quotas import GRAPH, READS, RESOURCE_REQUESTS, Quotas
from moto_fixtures.azure.server import Server
from moto_fixtures.emulation.quotas import VirtualClock
from tests.unit.moto_fixtures.azure.small import GRAPH as GRAPH_PATH
from tests.unit.moto_fixtures.azure.small import OTHER, SITES, small_tenant

_SITE = f"{SITES}/orders"


@pytest.fixture
def clock() -> VirtualClock:
    """Stands still until told."""
    return VirtualClock()


@pytest.fixture
def server(clock: VirtualClock) -> Iterator[Server]:
    """Small buckets, so that few calls empty them."""
    sizes = {READS: (3.0, 1.0), RESOURCE_REQUESTS: (2.0, 0.1), GRAPH: (2.0, 0.4)}
    with Server(small_tenant(), quotas=Quotas(on=True, clock=clock, sizes=sizes)) as started:
        yield started


def _ask(server: Server, path: str, method: str = "GET") -> requests.Response:
    version = "" if "api-version" in path else "?api-version=2025-05-01"
    body = {"query": "resources | where type =~ 'microsoft.web/sites'"}
    return requests.request(
        method, server.endpoint + path + version, headers={"Authorization": "Bearer x"}, timeout=300, json=body
    )


def test_reads_are_counted_down_refused_and_refilled(server: Server, clock: VirtualClock) -> None:
    name = "x-ms-ratelimit-remaining-subscription-reads"
    assert [_ask(server, f"{_SITE}/functions").headers[name] for _ in range(3)] == ["2", "1", "0"]
    refused = _ask(server, f"{_SITE}/functions")
    assert (refused.status_code, refused.headers["Retry-After"], refused.headers[name]) == (429, "1", "0")
    assert refused.json()["error"]["code"] == "SubscriptionRequestsThrottled"
    clock.advance(2)
    assert [_ask(server, f"{_SITE}/functions").status_code for _ in range(3)] == [200, 200, 429]


def test_each_subscription_and_the_tenant_have_their_own_reads(server: Server) -> None:
    for _ in range(4):
        _ask(server, f"{_SITE}/functions")
    other = _ask(server, f"/subscriptions/{OTHER}/providers/Microsoft.Web/sites")
    assert (other.status_code, other.headers["x-ms-ratelimit-remaining-subscription-reads"]) == (200, "2")
    tenant = _ask(server, "/subscriptions")
    assert tenant.headers["x-ms-ratelimit-remaining-tenant-reads"] == "2"


def test_settings_draw_on_the_provider_s_bucket(server: Server, clock: VirtualClock) -> None:
    path, name = f"{_SITE}/config/appsettings/list", "x-ms-ratelimit-remaining-subscription-resource-requests"
    assert [_ask(server, path, "POST").headers[name] for _ in range(2)] == ["1", "0"]
    refused = _ask(server, path, "POST")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert refused.json()["error"]["code"] == "ResourceRequestsThrottled"
    assert _ask(server, f"{_SITE}/functions").status_code == 200
    clock.advance(10)
    assert _ask(server, path, "POST").status_code == 200


def test_queries_draw_on_the_principal_s_bucket(server: Server, clock: VirtualClock) -> None:
    left = [_ask(server, GRAPH_PATH, "POST").headers["x-ms-user-quota-remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    refused = _ask(server, GRAPH_PATH, "POST")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3")
    assert refused.headers["x-ms-user-quota-resets-after"] == "00:00:05"
    clock.advance(3)
    assert _ask(server, GRAPH_PATH, "POST").status_code == 200


def test_the_documented_sizes_are_the_default_and_off() -> None:
    quotas = Quotas()
    assert quotas.sizes == {READS: (250.0, 25.0), RESOURCE_REQUESTS: (12_000.0, 12_000 / 3600), GRAPH: (15.0, 3.0)}
    assert [quotas.take(READS, "s")[0] for _ in range(400)] == [None] * 400
