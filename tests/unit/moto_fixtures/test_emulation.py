"""The frame of the emulators: HTTP as clients speak it, faults, token buckets."""

import http.client
import socket
from collections.abc import Callable, Iterator

import pytest

from moto_fixtures.emulation.faults import FaultPlan, Spoil
from moto_fixtures.emulation.listener import Listener
from moto_fixtures.emulation.quotas import Bucket, VirtualClock
from moto_fixtures.emulation.wire import Answer, Request
from tests.unit.providers.toy.emulator import Call, Deployed, Fault, ToyCloud

Ask = Callable[..., http.client.HTTPResponse]


@pytest.fixture(autouse=True)
def calm() -> None:
    """Nothing here outlives its test."""


@pytest.fixture
def seen() -> list[Request]:
    return []


@pytest.fixture
def connection(seen: list[Request]) -> Iterator[http.client.HTTPConnection]:
    def serve(request: Request) -> Answer:
        seen.append(request)
        return Answer(int(request.headers.get("x-status", "200")), b'{"a": 1}', {"X-Mark": "m"})

    listener = Listener("echo", serve)
    opened = http.client.HTTPConnection("127.0.0.1", listener.port, timeout=30)
    yield opened
    opened.close()
    listener.close()


def test_a_connection_serves_several_requests(connection: http.client.HTTPConnection, seen: list[Request]) -> None:
    for path in ("/one?x=%2F", "/two"):
        connection.request("POST", path, b"body", {"X-Thing": "v"})
        response = connection.getresponse()
        assert (response.status, response.getheader("x-mark"), response.read()) == (200, "m", b'{"a": 1}')
    assert [(one.method, one.target, one.body, one.headers["x-thing"]) for one in seen] == [
        ("POST", "/one?x=%2F", b"body", "v"),
        ("POST", "/two", b"body", "v"),
    ]
    assert seen[0].base == f"http://127.0.0.1:{connection.port}"


def test_a_body_may_come_in_chunks(connection: http.client.HTTPConnection, seen: list[Request]) -> None:
    connection.request("PUT", "/", iter([b"one", b"two"]), encode_chunked=True)
    assert connection.getresponse().read() == b'{"a": 1}'
    assert seen[0].body == b"onetwo"


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_some_answers_have_no_body(connection: http.client.HTTPConnection, method: str, status: int) -> None:
    for _ in range(2):  # a body after all would be taken for the next answer
        connection.request(method, "/", headers={"X-Status": str(status)})
        response = connection.getresponse()
        assert (response.status, response.read()) == (status, b"")
        assert response.getheader("content-length") == ("8" if method == "HEAD" else None)


def test_a_client_that_waits_for_100_is_told_to_go_on(seen: list[Request]) -> None:
    listener = Listener("echo", lambda request: Answer(200, request.body))
    with socket.create_connection(("127.0.0.1", listener.port), timeout=30) as client, client.makefile("rb") as reading:
        client.sendall(b"PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert reading.readline() == b"HTTP/1.1 100 Continue\r\n"
        client.sendall(b"late")
        assert reading.readline() == b"\r\n"
        assert reading.readline() == b"HTTP/1.1 200 OK\r\n"
    listener.close()


def asked(cloud: ToyCloud) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", int(cloud.endpoint.rpartition(":")[2]), timeout=30)
    connection.request("GET", "/functions/one/policy")
    try:
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.fixture
def cloud() -> Iterator[ToyCloud]:
    with ToyCloud({"one": Deployed("python3.14", ("ada",))}) as started:
        yield started


WHOLE = b'{"callers": ["ada"]}'


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (Fault(Spoil.DENY), (403, b'{"code": "FORBIDDEN"}')),
        (Fault(Spoil.MALFORMED), (200, WHOLE[: len(WHOLE) // 2])),
        (Fault(Spoil.REWRITE, rewrite=bytes.upper), (200, WHOLE.upper())),
        (Fault(Spoil.SLOW, delay=0.01), (200, WHOLE)),
        (Fault(Spoil.DENY, function="other"), (200, WHOLE)),
        (Fault(Spoil.DENY, share=0.0), (200, WHOLE)),
        (Fault(Spoil.DENY, times=0), (200, WHOLE)),
    ],
)
def test_a_fault_changes_the_answers_it_speaks_of(cloud: ToyCloud, fault: Fault, answer: tuple[int, bytes]) -> None:
    cloud.faults.add(fault)
    assert asked(cloud) == answer


def test_an_answer_may_break_off_or_never_begin(cloud: ToyCloud) -> None:
    cloud.faults.add(Fault(Spoil.TRUNCATED, times=1))
    cloud.faults.add(Fault(Spoil.DROP_CONNECTION, times=1))
    with pytest.raises(http.client.IncompleteRead):
        asked(cloud)
    with pytest.raises(http.client.RemoteDisconnected):
        asked(cloud)
    assert asked(cloud) == (200, WHOLE)


def test_a_fault_that_nobody_emulates_is_no_answer(cloud: ToyCloud) -> None:
    """A test that asks for it must not pass on sound answers."""
    cloud.faults.add(Fault(Spoil.KMS_DENIED))
    with pytest.raises(http.client.RemoteDisconnected):
        asked(cloud)


def test_a_stopped_cloud_has_no_address(cloud: ToyCloud) -> None:
    cloud.stop()
    cloud.stop()
    with pytest.raises(RuntimeError, match="the toy cloud is not running"):
        _ = cloud.endpoint


def test_the_first_rule_with_turns_left_decides() -> None:
    plan: FaultPlan[Fault] = FaultPlan()
    for kind, times in ((Spoil.THROTTLE, 2), (Spoil.DENY, 1)):
        plan.add(Fault(kind, times=times))
    picked = [plan.pick(Call("toy:GetPolicy", "one", 0)) for _ in range(4)]
    assert [rule.kind if rule else None for rule in picked] == [Spoil.THROTTLE, Spoil.THROTTLE, Spoil.DENY, None]


def test_a_bucket_says_how_long_until_there_is_a_token() -> None:
    clock = VirtualClock()
    bucket = Bucket(2.0, 0.5, 2.0, clock())
    assert [bucket.take(clock()) for _ in range(3)] == [None, None, 2.0]
    clock.advance(1)
    assert bucket.take(clock()) == 1.0
    clock.advance(1)
    assert bucket.take(clock()) is None
