"""Refusals, faults, quotas and tokens, as they come over the wire."""

import http.client
import json
import time
from urllib.parse import urlsplit

import pytest

from moto_fixtures.emulation.faults import Spoil
from moto_fixtures.emulation.quotas import VirtualClock
from moto_fixtures.gcp.faults import Fault
from moto_fixtures.gcp.quotas import Limit, Quotas
from moto_fixtures.gcp.server import Server
from tests.unit.moto_fixtures.gcp.conftest import NUMBER, PROJECT, Ask, asking, small

_LIST = f"v2/projects/{PROJECT}/locations/-/functions"
_ASSETS = f"v1/projects/{PROJECT}/assets"
_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


def test_a_denial_names_the_permission_and_the_resource(server: Server, ask: Ask) -> None:
    server.deny("cloudasset.assets.listIamPolicy")
    assert ask(_ASSETS, contentType="RESOURCE").status == 200
    refused = ask(_ASSETS, contentType="IAM_POLICY")
    resource = f"projects/{PROJECT}/assets"
    assert (refused.status, refused.body["error"]["status"]) == (403, "PERMISSION_DENIED")
    assert refused.body["error"]["details"] == [
        {
            "@type": _INFO,
            "reason": "IAM_PERMISSION_DENIED",
            "domain": "cloudasset.googleapis.com",
            "metadata": {"resource": resource, "permission": "cloudasset.assets.listIamPolicy"},
        }
    ]


def test_a_denial_may_concern_one_project(server: Server, ask: Ask) -> None:
    server.estate.project("elsewhere", "818181818181")
    server.deny("run.*", "elsewhere")
    assert ask(f"v2/projects/{PROJECT}/locations/europe-west1/services").status == 200
    assert ask("v2/projects/elsewhere/locations/europe-west1/services").status == 403
    assert ask("v2/projects/elsewhere/locations/-/functions").status == 200


def test_storage_and_compute_word_it_the_older_way(server: Server, ask: Ask) -> None:
    server.deny("storage.*")
    server.deny("compute.*")
    bucket = ask(f"storage/v1/b/gcf-v2-sources-{NUMBER}-europe-west1/iam").body["error"]
    assert "storage.buckets.getIamPolicy" in bucket["message"]
    assert (bucket["errors"][0]["reason"], "status" in bucket, "details" in bucket) == ("forbidden", False, False)
    groups = ask(f"compute/v1/projects/{PROJECT}/aggregated/networkEndpointGroups").body["error"]
    assert groups["message"].startswith("Required 'compute.networkEndpointGroups.list' permission for")
    server.estate.projects[PROJECT].disabled.add("compute.googleapis.com")
    off = ask(f"compute/v1/projects/{PROJECT}/aggregated/networkEndpointGroups").body["error"]
    assert (off["errors"][0]["reason"], off["details"][0]["reason"]) == ("accessNotConfigured", "SERVICE_DISABLED")


def test_a_service_that_is_off_says_where_to_switch_it_on(server: Server, ask: Ask) -> None:
    server.estate.projects[PROJECT].disabled.add("cloudasset.googleapis.com")
    server.deny("*")
    off = ask(_ASSETS, contentType="RESOURCE").body["error"]
    assert off["message"].startswith(f"Cloud Asset API has not been used in project {NUMBER} before or it is disabled.")
    info, help_ = off["details"]
    assert (info["reason"], info["domain"], info["metadata"]["consumer"]) == (
        "SERVICE_DISABLED",
        "googleapis.com",
        f"projects/{NUMBER}",
    )
    assert help_["@type"] == "type.googleapis.com/google.rpc.Help"
    assert help_["links"][0]["url"].endswith(f"cloudasset.googleapis.com/overview?project={NUMBER}")


def test_it_may_be_off_where_the_calls_are_charged(server: Server, ask: Ask) -> None:
    server.faults.add(Fault(Spoil.DISABLED, "asset:*", consumer="projects/424242"))
    off = ask(_ASSETS, contentType="RESOURCE").body["error"]
    assert off["details"][0]["metadata"]["consumer"] == "projects/424242"


@pytest.mark.parametrize("kind", [Spoil.THROTTLE, Spoil.UNAVAILABLE])
def test_retry_after_is_sent_only_where_it_is_planned(kind: Spoil, server: Server, ask: Ask) -> None:
    server.faults.add(Fault(kind, "functions:ListFunctions", times=1))
    server.faults.add(Fault(kind, "functions:ListFunctions", times=1, retry_after=7))
    first, second, third = ask(_LIST), ask(_LIST), ask(_LIST)
    status = 429 if kind is Spoil.THROTTLE else 503
    assert [each.status for each in (first, second, third)] == [status, status, 200]
    assert ("retry-after" in first.headers, second.headers["retry-after"]) == (False, "7")


def test_a_bad_gateway_speaks_html(server: Server, ask: Ask) -> None:
    server.faults.add(Fault(Spoil.BAD_GATEWAY, path="*/functions"))
    answer = ask(_LIST)
    assert (answer.status, answer.headers["content-type"]) == (502, "text/html; charset=UTF-8")
    assert "Server Error" in answer.body


def test_a_rule_speaks_of_its_project_path_and_permission_only(server: Server, ask: Ask) -> None:
    server.faults.add(Fault(Spoil.SERVER_ERROR, path="*:getIamPolicy", permission="run.*", project="willow-*"))
    service = f"v2/projects/{PROJECT}/locations/europe-west1/services/second"
    assert ask(f"{service}:getIamPolicy").status == 500
    assert ask(f"{service}/revisions").status == 200
    assert ask(f"v2/projects/{PROJECT}/locations/europe-west1/functions/first:getIamPolicy").status == 200


def test_share_bounds_what_is_spoiled(server: Server, ask: Ask) -> None:
    server.faults.add(Fault(Spoil.THROTTLE, share=0.6))
    refused = sum(ask("v3/projects:search").status == 429 for _ in range(40))
    assert 12 <= refused <= 36
    server.faults.clear()
    assert ask("v3/projects:search").status == 200


def _raw(server: Server) -> tuple[int, bytes]:
    """The list as it comes over the wire: the announced length and the bytes that arrive."""
    connection = http.client.HTTPConnection(urlsplit(server.endpoint).netloc, timeout=300)
    connection.request("GET", f"/{_LIST}")
    response = connection.getresponse()
    announced = int(response.headers["Content-Length"])
    try:
        return announced, response.read()
    except http.client.IncompleteRead as cut:
        return announced, cut.partial
    finally:
        connection.close()


def test_a_malformed_answer_is_whole_and_no_json(server: Server) -> None:
    server.faults.add(Fault(Spoil.MALFORMED, times=1))
    announced, body = _raw(server)
    assert announced == len(body)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(body)


def test_a_truncated_answer_announces_more_than_it_sends(server: Server) -> None:
    server.faults.add(Fault(Spoil.TRUNCATED, times=1))
    announced, body = _raw(server)
    assert len(body) == announced // 2
    assert json.loads(_raw(server)[1])["functions"]


def test_a_dropped_connection_is_an_error_and_the_next_one_stands(server: Server) -> None:
    server.faults.add(Fault(Spoil.DROP_CONNECTION, times=1))
    with pytest.raises(http.client.RemoteDisconnected):
        _raw(server)
    assert json.loads(_raw(server)[1])["functions"]


def test_a_slow_answer_is_late_and_whole(server: Server, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    server.faults.add(Fault(Spoil.SLOW, "functions:ListFunctions", delay=0.2))
    assert ask(_LIST).status == 200
    assert 0.2 in pauses


def test_a_crash_of_the_emulation_is_told(server: Server, ask: Ask) -> None:
    server.estate.projects[PROJECT].usage["second"] = None  # type: ignore[assignment] # the crash
    times = {"interval__startTime": "2026-11-20T00:00:00Z", "interval__endTime": "2026-11-25T00:00:00Z"}
    asked = {"aggregation__alignmentPeriod": "86400s", "aggregation__perSeriesAligner": "ALIGN_SUM", **times}
    said = ask(f"v3/projects/{PROJECT}/timeSeries", filter='metric.type="run.googleapis.com/request_count"', **asked)
    assert (said.status, said.body["error"]["message"].startswith("monitoring:ListTimeSeries: AttributeError")) == (
        500,
        True,
    )


# Quotas


def test_quotas_are_buckets_that_fill_as_time_passes() -> None:
    clock = VirtualClock()
    quotas = Quotas({"run.googleapis.com": Limit(3, 60)}, clock=clock)
    with Server(small(), quotas) as server:
        ask = asking(server)
        path = f"v2/projects/{PROJECT}/locations/europe-west1/services"
        assert [ask(path).status for _ in range(5)] == [200, 200, 200, 429, 429]
        refused = ask(path)
        (info, _) = refused.body["error"]["details"]
        assert (info["reason"], info["metadata"]["quota_limit_value"]) == ("RATE_LIMIT_EXCEEDED", "3")
        assert info["metadata"]["consumer"] == f"projects/{NUMBER}"
        assert "retry-after" not in refused.headers
        assert ask(_LIST).status == 200  # another service, another bucket
        clock.advance(20)
        assert [ask(path).status for _ in range(2)] == [200, 429]
        clock.advance(3600)
        assert [ask(path).status for _ in range(4)] == [200, 200, 200, 429]
        quotas.tells_when = True
        assert ask(path).headers["retry-after"] == "20"
        assert quotas.refused == 6


def test_each_project_has_buckets_of_its_own() -> None:
    estate = small()
    estate.project("elsewhere", "818181818181")
    with Server(estate, Quotas({}, Limit(1, 60), VirtualClock())) as server:
        ask = asking(server)
        assert [ask(_LIST).status for _ in range(2)] == [200, 429]
        assert ask("v2/projects/elsewhere/locations/-/functions").status == 200


def test_no_quotas_unless_given(server: Server, ask: Ask) -> None:
    assert server.quotas is None
    assert {ask("v3/projects:search").status for _ in range(150)} == {200}


# Tokens


def test_tokens_may_be_required(server: Server, ask: Ask) -> None:
    server.tokens.required = True
    refused = ask(_LIST)
    assert (refused.status, refused.body["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert refused.body["error"]["details"][0]["reason"] == "CREDENTIALS_MISSING"
    assert refused.headers["www-authenticate"].startswith("Bearer ")
    unknown = ask(_LIST, headers={"Authorization": "Bearer made-up"})
    assert unknown.body["error"]["details"][0]["reason"] == "ACCESS_TOKEN_EXPIRED"


def test_the_token_endpoint_wants_a_signed_assertion(server: Server, ask: Ask) -> None:
    grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
    refused = ask("token", "POST", f"{grant}nothing".encode())
    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    given = ask("token", "POST", f"{grant}a.b.c".encode()).body
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 3600)
    server.tokens.required = True
    bearer = {"Authorization": f"Bearer {given['access_token']}"}
    assert ask(_LIST, headers=bearer).status == 200
    acting = ask(
        "v1/projects/-/serviceAccounts/a@b.iam.gserviceaccount.com:generateAccessToken", "POST", b"{}", bearer
    ).body
    assert ask(_LIST, headers={"Authorization": f"Bearer {acting['accessToken']}"}).status == 200
    server.tokens.withdraw()
    assert ask(_LIST, headers=bearer).status == 401
    assert [seen.path for seen in server.requests] == [f"/{_LIST}"] * 3
