"""One call through the machinery that all clouds share, whatever the cloud answers."""

import random
import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.capture import Outcome
from auditor.model.observed import GapReason
from providers.calls import limits
from providers.calls.caller import AnswerKey
from providers.calls.failure import bounded, refusal_of, retry_after, text_of
from providers.calls.paging import pages
from providers.calls.reply import AnswerError, DeadlineError, Refusal
from tests.unit.providers.calls.conftest import OPERATION, ToyCloud, sequence, throttle
from tests.unit.providers.fake_clock import FakeClock
from tests.unit.providers.kept import Kept

KEY = AnswerKey("scope", "global")


def error(reason: GapReason, status: int = 0, **more: Any) -> Refusal:
    return Refusal(reason, "no", "CODE", status, **more)


@pytest.mark.parametrize(
    ("answer", "reason", "tries"),
    [
        (error(GapReason.DENIED, 403), "DENIED", 1),
        (error(GapReason.NOT_OFFERED, 501), "NOT_OFFERED", 1),
        (error(GapReason.NOT_FOUND, 404), "NOT_FOUND", 1),
        (error(GapReason.SERVICE_ERROR, 500), "SERVICE_ERROR", 4),
        (error(GapReason.SERVICE_ERROR, 400, final=True), "SERVICE_ERROR", 1),
        (error(GapReason.MALFORMED, 200), "MALFORMED", 2),
        (AnswerError("The answer is not JSON."), "MALFORMED", 2),
        (AnswerError("The answer is longer than 64 MiB.", final=True), "MALFORMED", 1),
        (ConnectionRefusedError(111, "Connection refused"), "UNREACHABLE", 3),
        (TimeoutError("timed out"), "UNREACHABLE", 2),
        (DeadlineError("no whole answer"), "UNREACHABLE", 2),
        (RecursionError(), "MALFORMED", 2),
        (MemoryError(), "MALFORMED", 2),
        (KeyError("Result"), "MALFORMED", 2),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "MALFORMED", 2),
        (ZeroDivisionError(), "MALFORMED", 2),
        (RuntimeError("cannot start a thread"), "SERVICE_ERROR", 4),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value)[:40],
)
def test_s3_whatever_a_call_raises_or_is_refused_is_a_gap_of_that_call(
    toy: ToyCloud, kept: Kept, answer: Any, reason: str, tries: int
) -> None:
    toy.answer = sequence(answer)
    assert toy.reply().outcome is Outcome.GAP
    assert kept.outcomes() == [reason]
    assert toy.sent == tries
    assert kept.envelopes[0].message
    assert kept.envelopes[0].permission == "toy.things.get"
    toy.answer = sequence({"a": 1})
    assert toy.reply(host="another").body == {"a": 1}, "the run goes on"


def test_there_is_none_is_an_answer(toy: ToyCloud, kept: Kept) -> None:
    toy.answer = sequence(Refusal(GapReason.SERVICE_ERROR, "no", "NONE", 500))
    assert toy.reply().outcome is Outcome.ABSENT
    assert (kept.outcomes(), toy.sent) == (["absent"], 1)


class Brittle(Kept):
    """A recorder that cannot record."""

    def answer(self, *_: Any) -> Any:
        raise RecursionError


def test_s3_an_answer_that_cannot_be_recorded_is_a_gap(clock: FakeClock, stop: threading.Event) -> None:
    kept = Brittle()
    assert ToyCloud(kept, clock, stop).reply().outcome is Outcome.GAP
    assert [(gap.reason, gap.message) for gap in kept.envelopes] == [
        (GapReason.MALFORMED, "The answer could not be recorded (RecursionError).")
    ]


def test_s3_an_answer_that_cannot_be_brought_into_shape_is_a_gap(toy: ToyCloud, kept: Kept) -> None:
    def shaped(body: Any) -> Any:
        return body["no such key"]

    assert toy.caller.record(OPERATION, KEY, {}, none=False, shaped=shaped).outcome is Outcome.GAP
    assert kept.outcomes() == ["MALFORMED"]


@pytest.mark.parametrize("wait", [0.0, 1.0, 5.0, 60.0])
def test_s11_six_throttles_in_ten_lose_nothing(wait: float, kept: Kept, clock: FakeClock) -> None:
    """Whatever the cloud asks to wait: 2,000 calls of sixteen threads, six in ten of all tries refused."""
    toy = ToyCloud(kept, clock, threading.Event())
    chance = random.Random(7)
    toy.answer = lambda: throttle(wait) if chance.random() < 0.6 else {}
    share = 2000 // 16
    threads = [threading.Thread(target=lambda: [toy.reply() for _ in range(share)]) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.outcomes() == ["ok"] * (share * 16)
    assert kept.throttles["toy:GetThing"] > share * 16


def test_s11_a_quota_that_never_opens_is_given_up_and_later_calls_try_once(
    toy: ToyCloud, kept: Kept, clock: FakeClock
) -> None:
    toy.answer = sequence(throttle())
    toy.reply()
    assert toy.sent >= 20
    assert clock.now() - 1000 > 180, "three minutes of nothing but throttles"
    sent = toy.sent
    toy.reply()
    assert toy.sent == sent + 1
    toy.answer = sequence({})
    toy.reply()
    toy.answer = sequence(throttle(), throttle(), {})
    toy.reply()
    assert kept.outcomes() == ["THROTTLED", "THROTTLED", "ok", "ok"]


def test_a_limit_of_one_operation_rests_that_operation_alone(toy: ToyCloud, clock: FakeClock) -> None:
    from dataclasses import replace

    toy.answer = sequence(throttle(30.0, own_limit=True), {})
    began = clock.now()
    toy.ask()
    assert clock.now() - began >= 30
    began = clock.now()
    toy.answer = sequence({})
    toy.ask(operation=replace(OPERATION, id="toy:ListThings"))
    assert clock.now() == began
    toy.answer = sequence(throttle(0.5, own_limit=True))
    toy.ask()
    assert toy.sent < 100, "a limit that never opens is given up as well"


def test_s18_after_credentials_expired_nothing_is_waited_for(toy: ToyCloud, kept: Kept, clock: FakeClock) -> None:
    """A slow quota, a pause that was asked for: none of it matters to calls that will not be sent."""
    toy.answer = sequence(throttle(100.0), error(GapReason.EXPIRED, 401))
    toy.reply(rate=0.01, burst=1)
    sent, waited = toy.sent, len(clock.waits)
    for _ in range(50):
        toy.reply()
    assert (toy.sent, len(clock.waits)) == (sent, waited)
    assert kept.outcomes() == ["EXPIRED"] * 51
    assert toy.caller.wait_for(toy.call().bucket, toy.call().endpoint) == 0.0


def test_s18_who_waits_already_goes_on_when_credentials_expire(toy: ToyCloud, kept: Kept, clock: FakeClock) -> None:
    toy.ask(rate=0.001, burst=1)
    inner, waits = clock.wait, []

    def expire(stop: threading.Event, seconds: float) -> None:
        waits.append(seconds)
        toy.caller._health.failed(toy.call().endpoint, error(GapReason.EXPIRED, 401))
        inner(stop, seconds)

    clock.wait = expire  # type: ignore[method-assign]
    toy.reply()
    assert len(waits) == 1, "the next start was a thousand seconds away"
    assert (kept.outcomes(), toy.sent) == (["EXPIRED"], 1)


def test_s18_after_a_stop_nothing_is_sent_or_waited_for(
    toy: ToyCloud, kept: Kept, clock: FakeClock, stop: threading.Event
) -> None:
    toy.ask(rate=0.001, burst=1)
    stop.set()
    for _ in range(50):
        toy.reply()
    assert (toy.sent, clock.waits) == (1, [])
    assert kept.outcomes() == ["INTERRUPTED"] * 50
    assert kept.expected == kept.finished == 51


def test_s18_a_call_that_never_ends_is_given_up_at_its_deadline(
    toy: ToyCloud, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DEADLINE_SECONDS", 0.05)
    let_go = threading.Event()
    toy.answer = let_go.wait
    try:
        toy.reply()
        assert not let_go.is_set(), "it was given up while it was still under way"
    finally:
        let_go.set()
    assert kept.outcomes() == ["UNREACHABLE"]
    assert kept.envelopes[0].message == "There was no whole answer within 0.05 seconds."
    assert toy.sent == 2


def test_a_silent_host_is_left_alone_and_another_is_not(toy: ToyCloud, kept: Kept) -> None:
    toy.answer = sequence(ConnectionResetError(104, "Connection reset by peer"))
    for _ in range(6):
        toy.reply(host="a")
    assert toy.sent == 9, "three calls of three tries"
    toy.answer = sequence({})
    toy.reply(host="b")
    assert kept.outcomes() == ["UNREACHABLE"] * 6 + ["ok"]
    assert kept.envelopes[0].message == "Connection reset by peer"


@given(st.dictionaries(st.sampled_from(["Retry-After", "retry-after", "X"]), st.text(max_size=30)))
def test_s11_any_retry_after_is_survived(headers: dict[str, str]) -> None:
    assert 0.0 <= retry_after(headers) <= 120.0


@pytest.mark.parametrize(
    ("given_", "seconds"),
    [
        ("7", 7.0), ("0.5", 0.5), ("", 0.0), ("soon", 0.0), ("-3", 0.0), ("nan", 0.0), ("inf", 120.0), ("1e999", 120.0),
        ("99999999999999999999", 120.0), ("9" * 400, 120.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 120.0), ("Wed, 99 Oct 2015 07:28:00 GMT", 0.0),
    ],
)  # fmt: skip
def test_s11_retry_after_is_a_number_or_a_date_within_bounds(given_: str, seconds: float) -> None:
    assert retry_after({"retry-after": given_}) == seconds


@given(st.floats())
def test_seconds_to_wait_are_always_some(seconds: float) -> None:
    assert 0.0 <= bounded(seconds) <= 120.0


def test_an_error_of_several_parts_is_text_and_no_tuple() -> None:
    assert text_of(ValueError("cannot be read", KeyError("x"))) == "cannot be read: 'x'"
    assert text_of(ValueError("one")) == "one"


@pytest.mark.parametrize("depth", [0, 3])
def test_the_cause_of_a_lost_connection_is_said_without_its_wrapping(depth: int) -> None:
    def fail(left: int) -> None:
        if not left:
            raise OSError(111, "Connection refused")
        try:
            fail(left - 1)
        except OSError as cause:
            raise ConnectionError(f"HTTPSConnectionPool(host='{left}')") from cause

    with pytest.raises(OSError) as raised:  # noqa: PT011 - any of them
        fail(depth)
    assert refusal_of(raised.value, {}).message == "Connection refused"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["", "a", "b", 7, None, [], {"x": 1}]), max_size=8))
def test_lists_end_whatever_their_continuations_are(toy: ToyCloud, tokens: list[Any]) -> None:
    queue = iter(tokens)
    answers = list(pages(lambda token: {"asked": token}, lambda _body: next(queue, "a")))
    assert len(answers) <= 5
    assert [answer for answer in answers[:-1] if isinstance(answer, Refusal)] == []
