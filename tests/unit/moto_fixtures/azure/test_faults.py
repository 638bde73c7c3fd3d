"""Every failure reaches the client as Azure's would, and only where its rule says."""

import http.client
import json
import time

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ServiceResponseError
from azure.mgmt.web import WebSiteManagementClient

from moto_fixtures.azure.faults import Fault
from moto_fixtures.azure.server import Server
from moto_fixtures.emulation.faults import Spoil
from tests.unit.moto_fixtures.azure.small import GRAPH, OTHER, SITES, SUBSCRIPTION, Ask

_FUNCTIONS = f"{SITES}/orders/functions"
_QUERY = {"query": "resources | where type =~ 'microsoft.web/sites'"}
_ANSWERS = {
    Spoil.DENY: (403, "AuthorizationFailed"),
    Spoil.NO_TOKEN: (401, "AuthenticationFailed"),
    Spoil.EXPIRED_TOKEN: (401, "ExpiredAuthenticationToken"),
    Spoil.VANISH: (404, "ResourceNotFound"),
    Spoil.CONFLICT: (409, "Conflict"),
    Spoil.NOT_REGISTERED: (409, "MissingSubscriptionRegistration"),
    Spoil.THROTTLE: (429, "SubscriptionRequestsThrottled"),
    Spoil.THROTTLE_SILENT: (429, "SubscriptionRequestsThrottled"),
    Spoil.SERVER_ERROR: (500, "InternalServerError"),
    Spoil.SERVER_TIMEOUT: (503, "ServerTimeout"),
    Spoil.GATEWAY_TIMEOUT: (504, "GatewayTimeout"),
}


@pytest.mark.parametrize("kind", _ANSWERS)
def test_refusals_have_azures_status_code_and_body(kind: Spoil, server: Server, ask: Ask) -> None:
    server.faults.add(Fault(kind, "web:ListFunctions", times=1))
    answer = ask(_FUNCTIONS)
    assert (answer.status_code, answer.json()["error"]["code"]) == _ANSWERS[kind]
    assert answer.headers["x-ms-failure-cause"] in ("gateway", "service")
    assert ("WWW-Authenticate" in answer.headers) is (answer.status_code == 401)
    assert ask(_FUNCTIONS).status_code == 200


def test_a_denial_names_the_action_and_the_scope(server: Server, ask: Ask) -> None:
    server.denials.deny("Microsoft.Web/sites/config/list/action")
    settings = f"{SITES}/orders/config/appsettings/list"
    answer = ask(settings, "POST")
    message = answer.json()["error"]["message"]
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "AuthorizationFailed")
    assert "'Microsoft.Web/sites/config/list/action'" in message
    assert settings in message
    assert ask(_FUNCTIONS).status_code == 200
    slot = ask(f"{SITES}/orders/slots/staging/config/appsettings/list", "POST")
    assert slot.status_code == 200


def test_a_reader_may_read_and_nothing_else(server: Server, ask: Ask) -> None:
    server.denials.deny("*/action")
    for below in ("appsettings", "connectionstrings", "azurestorageaccounts"):
        for site in (f"{SITES}/orders", f"{SITES}/orders/slots/staging"):
            assert ask(f"{site}/config/{below}/list", "POST").status_code == 403
    assert ask(f"{SITES}/orders/config/authsettingsV2").status_code == 200


def _granted(ask: Ask, subscription: str = SUBSCRIPTION) -> tuple[list[str], list[str]]:
    path = f"/subscriptions/{subscription}/providers/Microsoft.Authorization/permissions"
    (entry,) = ask(path, version="2022-04-01").json()["value"]
    assert (entry["dataActions"], entry["notDataActions"]) == ([], [])
    return entry["actions"], entry["notActions"]


def test_the_callers_permissions_are_what_no_denial_takes_from_the_whole_subscription(server: Server, ask: Ask) -> None:
    assert _granted(ask) == (["*/read", "*/action"], [])
    server.denials.deny("Microsoft.KeyVault/vaults/read")
    server.denials.deny("Microsoft.Web/sites/read", f"/subscriptions/{OTHER}/*")
    server.denials.deny("Microsoft.Web/sites/functions/read", "*/sites/orders/functions")
    server.denials.deny("web:ListPlans")
    server.denials.deny("*/action")
    assert _granted(ask) == (["*/read"], ["microsoft.keyvault/vaults/read"])
    assert _granted(ask, OTHER)[1] == ["microsoft.keyvault/vaults/read", "microsoft.web/sites/read"]
    server.denials.deny("Microsoft.Authorization/permissions/read")
    refused = ask(f"/subscriptions/{OTHER}/providers/Microsoft.Authorization/permissions", version="2022-04-01")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "AuthorizationFailed")


def test_a_denial_may_name_an_operation_and_one_app(server: Server, ask: Ask) -> None:
    server.denials.deny("web:ListFunctions", "*/sites/orders/functions")
    assert ask(_FUNCTIONS).status_code == 403
    assert ask(f"{SITES}/orders/slots/staging/functions").status_code == 200


def test_without_a_token_the_challenge_names_the_tenant(server: Server) -> None:
    answer = requests.get(f"{server.endpoint}/subscriptions?api-version=2022-12-01", timeout=300)
    assert answer.status_code == 401
    assert f'authorization_uri="{server.endpoint}/{server.tenant.id}"' in answer.headers["WWW-Authenticate"]


def test_retry_after_is_sent_or_kept_back(server: Server, ask: Ask) -> None:
    server.faults.add(Fault(Spoil.THROTTLE, "web:ListFunctions", times=1, retry_after=17))
    server.faults.add(Fault(Spoil.THROTTLE_SILENT, "web:ListFunctions", times=1))
    assert ask(_FUNCTIONS).headers["Retry-After"] == "17"
    assert "Retry-After" not in ask(_FUNCTIONS).headers


def test_posts_and_queries_are_throttled_in_their_own_words(server: Server, ask: Ask) -> None:
    server.faults.add(Fault(Spoil.THROTTLE, "web:ListApplicationSettings", times=1))
    server.faults.add(Fault(Spoil.THROTTLE_SILENT, "graph:resources", times=1))
    body = ask(f"{SITES}/orders/config/appsettings/list", "POST").json()
    assert body["error"]["code"] == "ResourceRequestsThrottled"
    assert "'Microsoft.Web/sites/config/list/action'" in body["error"]["message"]
    answer = ask(GRAPH, "POST", json=_QUERY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "RateLimiting")
    assert answer.headers["x-ms-user-quota-remaining"] == "0"
    assert ask(GRAPH, "POST", json=_QUERY).status_code == 200


def test_a_host_that_is_down_answers_in_pascal_case(server: Server, client: WebSiteManagementClient) -> None:
    server.faults.add(Fault(Spoil.HOST_DOWN, "web:ListFunctions"))
    with pytest.raises(HttpResponseError) as down:
        list(client.web_apps.list_functions("Shop-Group", "orders"))
    assert (down.value.status_code, down.value.error) == (400, None)
    assert down.value.response is not None
    body = json.loads(down.value.response.text())
    assert body["Message"] == "Encountered an error (ServiceUnavailable) from host runtime."
    assert "error" not in body


def test_the_sdk_raises_its_own_errors(server: Server, client: WebSiteManagementClient) -> None:
    server.faults.add(Fault(Spoil.EXPIRED_TOKEN, "web:GetConfiguration", times=1))
    with pytest.raises(ClientAuthenticationError):
        client.web_apps.get_configuration("Shop-Group", "orders")
    server.faults.add(Fault(Spoil.DROP_CONNECTION, "web:GetConfiguration", times=1))
    with pytest.raises(ServiceResponseError):
        client.web_apps.get_configuration("Shop-Group", "orders")
    assert client.web_apps.get_configuration("Shop-Group", "orders").ftps_state == "FtpsOnly"


def test_an_answer_may_be_no_json(server: Server, ask: Ask) -> None:
    server.faults.add(Fault(Spoil.HTML, "web:ListFunctions", times=1))
    server.faults.add(Fault(Spoil.MALFORMED, "web:ListFunctions", times=1))
    html = ask(_FUNCTIONS)
    assert (html.status_code, html.headers["Content-Type"]) == (502, "text/html")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(ask(_FUNCTIONS).content)


def test_a_truncated_answer_announces_more_than_it_sends(server: Server) -> None:
    server.faults.add(Fault(Spoil.TRUNCATED, "web:ListFunctions", times=1))
    connection = http.client.HTTPConnection("127.0.0.1", int(server.endpoint.rpartition(":")[2]), timeout=300)
    connection.request("GET", f"{_FUNCTIONS}?api-version=2025-05-01", headers={"Authorization": "Bearer x"})
    answer = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    connection.close()


def test_a_slow_answer_is_late_and_whole(server: Server, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    server.faults.add(Fault(Spoil.SLOW, "web:ListFunctions", delay=0.15))
    assert len(ask(_FUNCTIONS).json()["value"]) == 3
    assert 0.15 in pauses


def test_times_share_and_resource_bound_what_is_spoiled(server: Server, ask: Ask) -> None:
    server.faults.add(Fault(Spoil.SERVER_ERROR, "web:ListFunctions", "*/slots/staging/*", times=2))
    slot = f"{SITES}/orders/slots/staging/functions"
    assert [ask(path).status_code for path in (slot, _FUNCTIONS, slot, slot)] == [500, 200, 500, 200]
    server.faults.clear()
    server.faults.add(Fault(Spoil.SERVER_ERROR, "web:ListFunctions", share=0.5))
    assert 5 <= sum(ask(_FUNCTIONS).status_code == 500 for _ in range(40)) <= 35


def test_standing_faults_outlive_a_clearing(server: Server, ask: Ask) -> None:
    server.standing.add(Fault(Spoil.HOST_DOWN, "web:ListFunctions"))
    try:
        server.faults.clear()
        assert ask(_FUNCTIONS).json()["Code"] == "BadRequest"
    finally:
        server.standing.clear()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_nothing_can_be_written(method: str, ask: Ask, server: Server) -> None:
    answer = ask(f"{SITES}/orders", method, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "InvalidResourceType")
    assert server.requests[-1].operation == ""


def test_a_hidden_subscription_is_not_listed(server: Server, ask: Ask) -> None:
    server.denials.deny("Microsoft.Resources/subscriptions/read", f"/subscriptions/{SUBSCRIPTION}")
    assert [row["displayName"] for row in ask("/subscriptions").json()["value"]] == ["labs"]
