"""No answer of any cloud ends a run, or is read beyond its limits: real SDKs against a server that sends anything."""

import gzip
import json
import re
import threading
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.observed import GapReason
from providers.calls import limits
from providers.calls.reply import Refusal
from tests.unit.providers.hostile import (
    ASKED,
    IN_XML,
    Asker,
    Asking,
    Hostile,
    Send,
    answer,
    asker,
    clouds,
    head,
    hostile,
    server,
)

__all__ = ["asker", "clouds", "hostile", "server"]

BUFFERS = 16 * 2**20
"""Bytes that may be on their way between a server and a client that stopped reading."""

every = pytest.mark.parametrize("asking", [*ASKED, *IN_XML], ids=str)
in_json = pytest.mark.parametrize("asking", ASKED, ids=str)


def refused(asker: Asker, asking: Asking, reason: GapReason = GapReason.MALFORMED) -> str:
    """The sentence of a call that must have no answer."""
    got = asker.ask(asking)
    assert isinstance(got, Refusal)
    assert got.reason is reason, got
    return got.message


@every
def test_a_whole_answer_is_read(asker: Asker, hostile: Hostile, asking: Asking) -> None:
    hostile.respond = lambda send: send(answer(asking.whole))
    assert not isinstance(asker.ask(asking), Refusal)
    assert not isinstance(asker.ask(asking), Refusal)


@in_json
@pytest.mark.parametrize(
    ("member", "said"),
    [
        (b'"zz": NaN', "The answer holds NaN, which is no number of JSON."),
        (b'"zz": [1e999]', "The answer holds a number beyond any range."),
        (b'"zz": -Infinity', "The answer holds -Infinity, which is no number of JSON."),
        (b'"zz": ' + b"7" * 5000, "The answer holds a number beyond any range."),
        (b'"zz": 1, "zz": 1', "The answer gives a key twice in one object."),
        (b'"zz": ' + b"[" * 900 + b"]" * 900, "The answer is nested more than 100 deep."),
        (b'"zz": ' + b'{"a":' * 900 + b"1" + b"}" * 900, "The answer is nested more than 100 deep."),
        (b'"zz": ' + b"[" * 100_000 + b"]" * 100_000, "The answer is nested more than 100 deep."),
        (b'"zz": "\xff"', "The answer is not JSON."),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_s3_json_that_is_none_is_a_gap_of_that_one_answer(
    asker: Asker, hostile: Hostile, asking: Asking, member: bytes, said: str
) -> None:
    damaged = asking.whole[:-1] + b", " + member + b"}"
    hostile.respond = lambda send: send(answer(damaged))
    assert refused(asker, asking) == said
    hostile.respond = lambda send: send(answer(asking.whole))
    assert not isinstance(asker.ask(asking), Refusal), "the next answer is read"


@in_json
@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"7", b'"ok"', b"[]", b"{}", b"<html>Sign in</html>", b'{"error": {"code": 403}}', b'{"x": []'],
    ids=repr,
)
def test_s2_a_200_that_does_not_hold_what_was_promised_is_a_gap(
    asker: Asker, hostile: Hostile, asking: Asking, body: bytes
) -> None:
    hostile.respond = lambda send: send(answer(body))
    got = asker.ask(asking)
    if not isinstance(got, Refusal):  # where the cloud's own way of saying "none" is an empty object
        assert (body, got) == (b"{}", {})
        return
    assert got.reason is GapReason.MALFORMED
    assert got.message.endswith(".")


@in_json
def test_s2_a_list_given_twice_is_a_gap(asker: Asker, hostile: Hostile, asking: Asking) -> None:
    key = re.match(rb'\{("\w+")', asking.whole)
    assert key is not None
    twice = asking.whole[:-1] + b", " + key.group(1) + b": []}"
    hostile.respond = lambda send: send(answer(twice))
    assert refused(asker, asking) == "The answer gives a key twice in one object."


@pytest.mark.parametrize("asking", IN_XML, ids=str)
@pytest.mark.parametrize(
    "body",
    [
        b"", b"<R/>", b"<R>", b"not XML", b'{"a": 1}', b"<a>" * 900 + b"</a>" * 900, b"<a>" * 100_000 + b"</a>" * 100_000,
        b'<!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>', b"<R>\xff</R>",
    ],
    ids=lambda value: repr(value)[:24],
)  # fmt: skip
def test_s3_xml_that_is_none_is_a_gap_of_that_one_answer(
    asker: Asker, hostile: Hostile, asking: Asking, body: bytes
) -> None:
    hostile.respond = lambda send: send(answer(body))
    assert refused(asker, asking)


@pytest.mark.parametrize(("asking", "element"), [(IN_XML[0], b"RoleDetailList"), (IN_XML[1], b"subnetSet")], ids=str)
def test_s2_an_element_given_twice_is_a_gap(asker: Asker, hostile: Hostile, asking: Asking, element: bytes) -> None:
    twice = asking.whole.replace(b"</" + element + b">", b"</" + element + b"><" + element + b"/>")
    hostile.respond = lambda send: send(answer(twice))
    assert refused(asker, asking) == "The answer gives an element twice where one is meant."


def endlessly(send: Send, start: bytes, piece: bytes) -> None:
    send(start)
    while True:
        send(piece)


@every
@pytest.mark.parametrize("framing", ["until it closes", "chunked", "a length of 10 GiB"])
def test_s4_an_endless_body_is_left_at_the_limit(
    asker: Asker, hostile: Hostile, asking: Asking, framing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 2**20)
    piece = b'"x",' * 16_384
    headers = {"chunked": ["Transfer-Encoding: chunked"], "a length of 10 GiB": [f"Content-Length: {10 * 2**30}"]}
    if framing == "chunked":
        piece = f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    hostile.respond = lambda send: endlessly(send, head(*headers.get(framing, [])), piece)
    assert refused(asker, asking) == "The answer is longer than 1 MiB."
    assert hostile.hung_up.wait(20), "the connection was dropped, not left to bring more"
    assert hostile.requests == 1, "it is not asked for again"
    assert hostile.sent < 2**20 + BUFFERS


@pytest.mark.parametrize("asking", [asking for asking in ASKED if asking.gzip], ids=str)
def test_s4_a_bomb_is_left_at_the_limit(asker: Asker, hostile: Hostile, asking: Asking) -> None:
    """Ten gigabytes in ten megabytes, at the real limit."""
    member = gzip.compress(b" " * 64 * 2**20, mtime=0)
    sent = head("Content-Encoding: gzip", f"Content-Length: {len(member) * 160}")

    def respond(send: Send) -> None:
        send(sent)
        for _ in range(160):
            send(member)

    hostile.respond = respond
    assert refused(asker, asking) == "The answer is longer than 64 MiB."
    assert hostile.requests == 1


@pytest.mark.parametrize("asking", [asking for asking in ASKED if asking.gzip], ids=str)
def test_compressed_answers_are_read(asker: Asker, hostile: Hostile, asking: Asking) -> None:
    hostile.respond = lambda send: send(answer(gzip.compress(asking.whole), "Content-Encoding: gzip"))
    assert not isinstance(asker.ask(asking), Refusal)


@every
@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, gzip", "nonsense"])
def test_s3_a_packing_that_is_none_is_a_gap(asker: Asker, hostile: Hostile, asking: Asking, encoding: str) -> None:
    hostile.respond = lambda send: send(answer(b"\x1f\x8bno", f"Content-Encoding: {encoding}"))
    assert refused(asker, asking)


@every
@pytest.mark.parametrize("what", ["body", "headers"])
def test_s18_bytes_that_drip_in_end_at_the_deadline(
    asker: Asker, hostile: Hostile, asking: Asking, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile.respond = lambda send: send(answer(asking.whole))
    asker.ask(asking)  # making a client takes its time, too
    hostile.requests = 0
    monkeypatch.setattr(limits, "DEADLINE_SECONDS", 0.3)
    start = head(f"Content-Length: {10**6}") if what == "body" else b"HTTP/1.1 200 OK\r\nX-Slow: "
    over, dripping = threading.Event(), threading.Event()

    def drip(send: Send) -> None:
        send(start)
        while not over.wait(0.02):
            send(b" ")
            dripping.set()

    hostile.respond = drip
    try:
        said = refused(asker, asking, GapReason.UNREACHABLE)
        assert dripping.is_set()
        assert not over.is_set(), "the server was still sending"
    finally:
        over.set()
    assert said == "There was no whole answer within 0.3 seconds."
    assert hostile.requests == 2


@every
@pytest.mark.parametrize(
    "raw",
    [
        b"", b"HTTP/1.1 200", b"\x00" * 40, b"HTTP/9.9 abc def\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nno", b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\nno",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"<html>\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: \xff=\xfe\r\nDate: yesterday\r\nContent-Length: 1\r\n\r\n7",
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_s3_whatever_comes_back_is_a_gap(asker: Asker, hostile: Hostile, asking: Asking, raw: bytes) -> None:
    def respond(send: Send) -> None:
        send(raw)
        raise OSError  # hangs up

    hostile.respond = respond
    got = asker.ask(asking)
    assert isinstance(got, Refusal)
    assert got.reason in (GapReason.MALFORMED, GapReason.UNREACHABLE, GapReason.SERVICE_ERROR)
    assert got.message


def damage(whole: bytes, edits: Iterable[tuple[int, bytes]]) -> bytes:
    for at, content in edits:
        place = at % (len(whole) + 1)
        whole = whole[:place] + content + whole[place + at % 3 :]
    return whole


FRAGMENTS = st.sampled_from(
    [
        b'"', b"{", b"}", b"[", b"]", b",", b":", b"null", b"NaN", b"1e999", b"-0", b"9" * 30, b'"\\ud800"', b"\\",
        b"\xff", b"\x00", b"<", b">", b"</", b"&", b"true", b'{"a":{}}', b"<member>", b"\xef\xbb\xbf", b" ", b"",
    ]
)  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, 10**6), FRAGMENTS), min_size=1, max_size=5)


@every
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(edits=EDITS, status=st.sampled_from(["200 OK", "200 OK", "403 Forbidden", "500 Oops", "429 Slow"]))
def test_s3_a_damaged_answer_is_read_or_a_gap_and_never_an_error(
    asker: Asker, hostile: Hostile, asking: Asking, edits: list[tuple[int, bytes]], status: str
) -> None:
    hostile.respond = lambda send: send(answer(damage(asking.whole, edits), status=status))
    got = asker.ask(asking)
    if isinstance(got, Refusal):
        assert got.message
        return
    assert status == "200 OK"
    json.dumps(got, allow_nan=False).encode()
