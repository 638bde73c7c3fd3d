"""A fleet of plausible apps is made, and answered for, quickly."""

import http.client

from moto_fixtures.azure.bulk_seed import tenant_of
from moto_fixtures.azure.server import Server

_HEADERS = {"Authorization": "Bearer x"}


def test_a_fleet_is_made_quickly_and_spread_over_subscriptions() -> None:
    tenant = tenant_of(1000, subscriptions=4, slots=100)
    assert len(tenant.subscriptions) == 4
    sizes = [len(tenant.of_type(one, "Microsoft.Web/sites")) for one in tenant.subscriptions]
    assert sizes == [250, 250, 250, 250]
    assert sum(len(tenant.of_type(one, "Microsoft.Web/sites/slots")) for one in tenant.subscriptions) == 100
    runtimes = {
        body.body["properties"]["linuxFxVersion"]
        for body in tenant.in_graph("appserviceresources", ["microsoft.web/sites/config/web"])
    }
    assert {"Python|3.13", "Node|24", "Python|3.9"} <= runtimes


def test_a_call_takes_less_than_a_millisecond_of_processor_time() -> None:
    tenant = tenant_of(200)
    (subscription,) = tenant.subscriptions
    sites = f"/subscriptions/{subscription}/resourceGroups/Fleet-00/providers/Microsoft.Web/sites"
    with Server(tenant) as server:
        connection = http.client.HTTPConnection("127.0.0.1", int(server.endpoint.rpartition(":")[2]), timeout=300)
        for number in range(200):
            for below in ("functions", "config/authsettingsV2", "basicPublishingCredentialsPolicies"):
                connection.request(
                    "GET", f"{sites}/fhw-fleet-{number:05}/{below}?api-version=2025-05-01", headers=_HEADERS
                )
                answer = connection.getresponse()
                assert answer.status == 200
                answer.read()
        connection.close()
        assert {seen.operation for seen in server.requests} == {
            "web:ListFunctions",
            "web:GetAuthSettings",
            "web:ListPublishingPolicies",
        }
