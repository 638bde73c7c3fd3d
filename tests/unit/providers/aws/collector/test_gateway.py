"""Calls, pages, retries and gaps, against an endpoint that answers as the test says."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from auditor.model.capture import Outcome
from auditor.provider import CollectOptions
from auditor.snapshot.redact import Redactor
from providers.aws.collect.account import regions_to_read
from providers.aws.collect.region_context import Account
from providers.aws.gateway import Gateway
from tests.unit.providers.aws.collector.conftest import ACCOUNT, REGION, Endpoint, Kept, Told, refused
from tests.unit.providers.fake_clock import FakeClock

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders"


def answers(*told: Told) -> Any:
    queue: Iterator[Told] = iter(told)
    last = told[-1]
    return lambda _method, _path: next(queue, last)


def policy(gateway: Gateway) -> str:
    reply = gateway.call("lambda:GetPolicy", REGION, FUNCTION, FunctionName="orders")
    return str(reply.refusal.reason if reply.outcome is Outcome.GAP and reply.refusal else reply.outcome)


def test_an_answer_is_recorded_as_json(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    endpoint.script = answers(Told({"Configuration": {"FunctionName": "orders"}, "Concurrency": {}}))
    gateway.call("lambda:GetFunction", REGION, FUNCTION, FunctionName="orders")
    (envelope,) = kept.of("lambda:GetFunction")
    assert (envelope.scope, envelope.location, envelope.subject) == (ACCOUNT, REGION, FUNCTION)
    assert envelope.body == {"Configuration": {"FunctionName": "orders"}, "Concurrency": {}}
    assert (kept.expected, kept.finished) == (1, 1)


def test_an_undeclared_call_cannot_be_made(gateway: Gateway) -> None:
    with pytest.raises(KeyError):
        gateway.call("lambda:DeleteFunction", REGION, FUNCTION, FunctionName="orders")
    client = gateway.session.client("lambda", REGION)
    assert not [name for name in dir(client) if name.startswith(("create", "delete", "put", "update", "invoke"))]
    assert callable(client.get_policy)


def test_times_become_rfc_3339(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    endpoint.script = answers(Told({"KeyMetadata": {"KeyId": "k", "CreationDate": 1700000000.5}}))
    gateway.call("kms:DescribeKey", REGION, "k", KeyId="k")
    assert kept.of("kms:DescribeKey")[0].body["KeyMetadata"]["CreationDate"] == "2023-11-14T22:13:20Z"


def test_no_policy_is_absent_but_no_function_has_vanished(gateway: Gateway, endpoint: Endpoint) -> None:
    endpoint.script = answers(refused("ResourceNotFoundException", "The resource you requested does not exist.", 404))
    assert policy(gateway) == "absent"
    endpoint.script = answers(refused("ResourceNotFoundException", f"Function not found: {FUNCTION}", 404))
    assert policy(gateway) == "NOT_FOUND"


def test_a_page_of_some_server_on_the_way_is_not_the_services_word(gateway: Gateway, endpoint: Endpoint) -> None:
    endpoint.script = answers(Told(status=404, raw=b"<!doctype html><title>404 Not Found</title>URL not found"))
    assert policy(gateway) == "SERVICE_ERROR"


def test_a_damaged_member_is_null_and_the_rest_of_the_page_is_read(
    gateway: Gateway, endpoint: Endpoint, kept: Kept
) -> None:
    broken = {"FunctionName": "broken", "Timeout": "abc", "Environment": {"Variables": ["pass" + "word"]}}
    sound = {"FunctionName": "sound", "Timeout": 3}
    endpoint.script = answers(Told({"Functions": [broken, "no function", sound]}))
    gateway.listing("lambda:ListFunctions", REGION)
    (page,) = kept.of("lambda:ListFunctions")
    damaged = {"FunctionName": "broken", "Timeout": None, "Environment": {"Variables": None}}
    assert page.body == {"Functions": [damaged, None, sound]}


def test_a_region_that_cannot_be_named_is_asked_for_in_another_way(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, options: Callable[..., CollectOptions]
) -> None:
    listed = Told({"Regions": [{"RegionName": "eu-west-1"}, "damaged"]})
    described = "".join(f"<item><regionName>{name}</regionName></item>" for name in ("eu-west-1", "eu-west-2"))
    answer = f"<DescribeRegionsResponse><regionInfo>{described}</regionInfo></DescribeRegionsResponse>"
    endpoint.script = lambda _method, path: listed if "istRegions" in path else Told(raw=answer.encode())
    account = Account(ACCOUNT, "aws")
    found = regions_to_read(gateway, gateway.session, options(regions=()), account, kept)
    assert found == ("eu-west-1", "eu-west-2")


@pytest.mark.parametrize("body", [{"Functions": 7}, [1], "text"])
def test_an_answer_damaged_as_a_whole_is_still_malformed(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, body: Any
) -> None:
    endpoint.script = answers(Told(body))
    gateway.listing("lambda:ListFunctions", REGION)
    assert kept.pages("lambda:ListFunctions") == ["MALFORMED"]


@pytest.mark.parametrize(
    ("told", "reason", "requests"),
    [
        (refused("AccessDeniedException", status=403), "DENIED", 1),
        (refused("ServiceException", status=500), "SERVICE_ERROR", 4),
        (refused("InvalidParameterValueException"), "SERVICE_ERROR", 1),
        (Told(raw=b"<html>not json</html>"), "MALFORMED", 2),
        (Told(raw=b""), "MALFORMED", 2),
        (Told({"Policy": "{}"}, cut=5), "MALFORMED", 2),
        (Told({"Policy": {"Statement": []}}), "MALFORMED", 2),
        (Told([]), "MALFORMED", 2),
        (Told({}), "MALFORMED", 2),
        (Told(hang_up=True), "UNREACHABLE", 3),
        (refused("OptInRequired", status=403), "NOT_OFFERED", 1),
        (refused("UnrecognizedClientException", status=403), "DENIED", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_way_to_fail_is_a_gap(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, told: Told, reason: str, requests: int
) -> None:
    endpoint.script = answers(told)
    assert policy(gateway) == reason
    assert len(endpoint.asked) == requests
    (envelope,) = kept.of("lambda:GetPolicy")
    assert envelope.permission == "lambda:GetPolicy"
    assert envelope.message


def test_a_passing_fault_loses_nothing(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    endpoint.script = answers(
        Told(hang_up=True), refused("InternalFailure", status=500), refused("Throttling"), Told({"Policy": "{}"})
    )
    assert policy(gateway) == "ok"
    assert kept.throttles == {"lambda:GetPolicy": 1}


def test_twenty_throttles_in_a_row_lose_nothing(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    throttle = refused("TooManyRequestsException", "Rate exceeded", 429)
    endpoint.script = answers(*[throttle] * 20, Told({"Policy": "{}"}))
    assert policy(gateway) == "ok"
    assert kept.throttles == {"lambda:GetPolicy": 20}


def test_a_quota_that_never_opens_is_given_up_and_later_calls_try_once(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.calls.retry.TRIES", 15)
    endpoint.script = answers(refused("TooManyRequestsException", status=429))
    assert policy(gateway) == "THROTTLED"
    assert len(endpoint.asked) == 15
    assert policy(gateway) == "THROTTLED"
    assert len(endpoint.asked) == 16
    assert kept.throttles == {"lambda:GetPolicy": 16}


def test_retry_after_is_honoured(gateway: Gateway, endpoint: Endpoint, clock: FakeClock) -> None:
    endpoint.script = answers(refused("TooManyRequestsException", status=429, retry_after="7"), Told({"Policy": "{}"}))
    began = clock.now()
    assert policy(gateway) == "ok"
    assert clock.now() - began >= 7


def test_pages_are_recorded_one_by_one(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    endpoint.script = answers(
        Told({"Functions": [{"FunctionName": "a"}], "NextMarker": "2"}), Told({"Functions": [{"FunctionName": "b"}]})
    )
    seen: list[str] = []
    complete, following = gateway.listing(
        "lambda:ListFunctions", REGION, each=lambda page: seen.extend(row["FunctionName"] for row in page["Functions"])
    )
    assert (complete, following, seen) == (True, 2, ["a", "b"])
    assert kept.pages("lambda:ListFunctions") == ["ok", "ok"]
    assert "Marker=2" in endpoint.asked[1]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (Told({"Functions": [], "NextMarker": "2"}), "MALFORMED"),
        (Told({"Functions": {"not": "a list"}}), "MALFORMED"),
        (Told({"Functions": "text"}), "MALFORMED"),
        (Told({"NextMarker": "3"}), "MALFORMED"),
        (refused("AccessDeniedException", status=403), "DENIED"),
        (Told({"Functions": []}, cut=4), "MALFORMED"),
    ],
    ids=["repeats", "mapping", "text", "missing", "denied", "truncated"],
)
def test_a_list_that_breaks_off_keeps_its_pages_and_ends_in_a_gap(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, second: Told, reason: str
) -> None:
    endpoint.script = answers(Told({"Functions": [], "NextMarker": "2"}), second)
    complete, _ = gateway.listing("lambda:ListFunctions", REGION)
    assert not complete
    told = kept.pages("lambda:ListFunctions")
    assert told[0] == "ok"
    assert told[-1] == reason
    assert set(told[1:-1]) <= {"ok"}


def test_pages_without_end_end(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.calls.limits.MAX_PAGES", 5)
    endpoint.script = lambda _m, _p: Told({"Functions": [], "NextMarker": str(len(endpoint.asked))})
    complete, _ = gateway.listing("lambda:ListFunctions", REGION)
    assert not complete
    assert kept.pages("lambda:ListFunctions")[-1] == "MALFORMED"
    assert len(endpoint.asked) == 6


def test_an_expired_token_ends_the_accounts_calls_at_once(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    endpoint.script = answers(refused("ExpiredTokenException", status=403))
    assert policy(gateway) == "EXPIRED"
    gateway.call("lambda:GetAccountSettings", "us-east-1")
    gateway.listing("lambda:ListFunctions", "ap-south-1")
    assert len(endpoint.asked) == 1
    assert kept.gaps() == {
        "lambda:GetPolicy": {"EXPIRED"},
        "lambda:GetAccountSettings": {"EXPIRED"},
        "lambda:ListFunctions": {"EXPIRED"},
    }


def test_a_silent_region_is_given_up_and_another_is_not(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    endpoint.script = answers(Told(hang_up=True))
    assert policy(gateway) == "UNREACHABLE"
    asked = len(endpoint.asked)
    gateway.call("xray:GetEncryptionConfig", REGION)
    assert len(endpoint.asked) == asked
    assert kept.told("xray:GetEncryptionConfig") == {"": "UNREACHABLE"}
    endpoint.script = answers(Told({"EncryptionConfig": {"Type": "NONE"}}))
    gateway.call("xray:GetEncryptionConfig", "us-east-1", "elsewhere")
    assert kept.told("xray:GetEncryptionConfig")["elsewhere"] == "ok"


def test_a_stop_turns_what_is_left_into_gaps(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, clock: FakeClock, stop: threading.Event
) -> None:
    def throttle_and_stop(_method: str, _path: str) -> Told:
        stop.set()
        return refused("TooManyRequestsException", status=429, retry_after="60")

    endpoint.script = throttle_and_stop
    assert policy(gateway) in ("THROTTLED", "INTERRUPTED")
    for number in range(200):
        gateway.call("lambda:GetPolicy", REGION, f"{FUNCTION}-{number}", FunctionName="f")
    assert clock.waits == []
    assert len(endpoint.asked) == 1
    assert kept.told("lambda:GetPolicy")[f"{FUNCTION}-199"] == "INTERRUPTED"


def test_a_name_that_is_marked_in_answers_is_asked_for_by_its_own(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    redactor, name = Redactor(b"k" * 32), "gh" + "p_" + "aB3dE6gH9" * 4
    monkeypatch.setattr(kept, "restore", redactor.restore)
    mark = redactor.subject(name)
    gateway.call("lambda:GetPolicy", REGION, mark, FunctionName=mark)
    assert [path for path in endpoint.asked if f"/functions/{name}/policy" in path] == endpoint.asked
    assert [envelope.subject for envelope in kept.of("lambda:GetPolicy")] == [mark]
