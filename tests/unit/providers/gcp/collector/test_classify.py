"""Every way Google can decline becomes one reason."""

import json
from typing import Any

import pytest
import requests
from google.api_core.exceptions import from_http_response
from google.auth.exceptions import RefreshError, TransportError
from google.protobuf.json_format import ParseError  # type: ignore[import-untyped]

from auditor.model.observed import GapReason
from providers.gcp.classify import classify, refused
from tests.unit.providers.gcp.collector.conftest import Answer, denied, error, off

OWN = frozenset({"shop-prod", "415104041262"})


def response(answer: Answer) -> requests.Response:
    status, body, headers = answer
    made = requests.Response()
    made.status_code = status
    made._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    made.headers.update(headers)
    made.request = requests.Request("GET", "https://run.googleapis.com/x").prepare()
    return made


CASES: list[tuple[str, Answer, GapReason]] = [
    ("denied", denied("run.services.list"), GapReason.DENIED),
    ("scope", error(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), GapReason.DENIED),
    ("perimeter", error(403, "PERMISSION_DENIED", "SECURITY_POLICY_VIOLATED"), GapReason.DENIED),
    ("expired", error(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED"), GapReason.EXPIRED),
    ("unauthenticated", error(401, "UNAUTHENTICATED"), GapReason.EXPIRED),
    ("closed account", error(401, "UNAUTHENTICATED", "ACCOUNT_STATE_INVALID"), GapReason.DENIED),
    ("rate", error(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"), GapReason.THROTTLED),
    ("bare 429", (429, b"slow down", {}), GapReason.THROTTLED),
    ("old rate", error(403, "", errors=[{"reason": "rateLimitExceeded"}]), GapReason.THROTTLED),
    ("old off", error(403, "", errors=[{"reason": "accessNotConfigured"}]), GapReason.NOT_OFFERED),
    ("off", off(), GapReason.NOT_OFFERED),
    ("internal", error(500, "INTERNAL"), GapReason.SERVICE_ERROR),
    ("unavailable", error(503, "UNAVAILABLE"), GapReason.SERVICE_ERROR),
    ("gateway", (502, b"<html>Bad gateway</html>", {}), GapReason.SERVICE_ERROR),
    ("wrong", error(400, "INVALID_ARGUMENT"), GapReason.SERVICE_ERROR),
    ("unimplemented", error(501, "UNIMPLEMENTED"), GapReason.NOT_OFFERED),
    ("redirect", (302, b"", {"Location": "https://elsewhere.example"}), GapReason.SERVICE_ERROR),
]


@pytest.mark.parametrize(("answer", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_refusal_has_one_reason_whoever_received_it(answer: Answer, reason: GapReason) -> None:
    assert refused(response(answer), about_one=False, own=OWN).reason is reason
    if answer[0] >= 400:
        raised = from_http_response(response(answer))
        assert classify(raised, about_one=False, own=OWN).reason is reason


def test_what_was_asked_about_by_name_and_is_not_found_has_vanished() -> None:
    gone = response(error(404, "NOT_FOUND"))
    assert refused(gone, about_one=True).reason is GapReason.NOT_FOUND
    assert refused(gone, about_one=False).reason is GapReason.SERVICE_ERROR


def test_a_service_that_is_off_in_the_project_is_not_offered_there() -> None:
    for consumer in ("projects/415104041262", "projects/shop-prod"):
        refusal = refused(response(off(consumer)), about_one=False, own=OWN)
        assert (refusal.reason, refusal.off) == (GapReason.NOT_OFFERED, True)


def test_a_service_that_is_off_where_calls_are_charged_says_nothing_of_the_project() -> None:
    refusal = refused(response(off("projects/999")), about_one=False, own=OWN)
    assert refusal.reason is GapReason.SERVICE_ERROR
    assert refusal.message.startswith("The service is switched off in project 999, which the calls are charged to.")
    message = "Cloud Functions API has not been used in project 999 before or it is disabled."
    plain = refused(response(error(403, "PERMISSION_DENIED", message=message)), about_one=False, own=OWN)
    assert plain.reason is GapReason.SERVICE_ERROR


@pytest.mark.parametrize(
    ("headers", "details", "seconds"),
    [
        ({"Retry-After": "7"}, None, 7.0),
        ({"Retry-After": "soon"}, None, 0.0),
        ({"Retry-After": "86400"}, None, 120.0),
        ({}, [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3.5s"}], 3.5),
        ({}, None, 0.0),
    ],
)
def test_the_time_to_wait_is_read_where_it_is_said(headers: dict[str, str], details: Any, seconds: float) -> None:
    more = {} if details is None else {"details": details}
    answer = error(429, "RESOURCE_EXHAUSTED", headers=headers, **more)
    assert refused(response(answer), about_one=False).retry_after == seconds


class WeirdError(Exception):
    """An error nobody has heard of."""


@pytest.mark.parametrize(
    ("raised", "reason", "slow"),
    [
        (RefreshError("invalid_grant: Token has been expired or revoked."), GapReason.EXPIRED, False),
        (RefreshError("later", retryable=True), GapReason.UNREACHABLE, False),
        (TransportError("no route"), GapReason.UNREACHABLE, False),
        (requests.ConnectionError("no route"), GapReason.UNREACHABLE, False),
        (requests.ReadTimeout("30 s"), GapReason.UNREACHABLE, True),
        (requests.ConnectTimeout("5 s"), GapReason.UNREACHABLE, True),
        (requests.exceptions.ChunkedEncodingError("broke off"), GapReason.MALFORMED, False),
        (ParseError("no such field"), GapReason.MALFORMED, False),
        (json.JSONDecodeError("no JSON", "", 0), GapReason.MALFORMED, False),
        (WeirdError("what"), GapReason.SERVICE_ERROR, False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_raised_before_an_answer_has_a_reason_too(raised: Exception, reason: GapReason, slow: bool) -> None:
    refusal = classify(raised, about_one=False)
    assert (refusal.reason, refusal.slow) == (reason, slow)


def test_odd_error_bodies_are_survived() -> None:
    bodies = (b"", b"[]", b'[{"error": {"code": 403}}]', b'{"error": "x"}', b'{"error": {"details": 3, "errors": [1]}}')
    for body in bodies:
        assert refused(response((403, body, {})), about_one=False).reason is GapReason.DENIED


def test_a_message_is_one_short_line() -> None:
    refusal = refused(response(error(400, "INVALID_ARGUMENT", message="a\n b" * 400)), about_one=False)
    assert "\n" not in refusal.message
    assert len(refusal.message) == 500
