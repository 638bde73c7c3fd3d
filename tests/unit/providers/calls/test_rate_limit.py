"""The token bucket, on a clock that only the test moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.calls.rate_limit import SHARE, Bucket
from tests.unit.providers.fake_clock import FakeClock

RATES = st.floats(0.5, 200)
PAUSES = st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=80)
SLACK = 1e-6


def starts_of(bucket: Bucket, clock: FakeClock, pauses: list[float], callers: int) -> list[float]:
    starts = []
    for pause in pauses:
        clock.advance(pause)
        starts += [bucket.reserve().start for _ in range(callers)]
    return starts


def assert_within(starts: list[float], rate: float, burst: int) -> None:
    for first in range(len(starts)):
        for last in range(first, len(starts)):
            span = starts[last] - starts[first]
            assert last - first + 1 <= burst + rate * span + SLACK


@given(rate=RATES, burst=st.integers(1, 40), pauses=PAUSES, callers=st.integers(1, 4))
def test_no_window_holds_more_than_burst_and_rate(rate: float, burst: int, pauses: list[float], callers: int) -> None:
    clock = FakeClock()
    assert_within(starts_of(Bucket(rate, burst, clock), clock, pauses, callers), rate, burst)


@given(
    rate=RATES,
    burst=st.integers(1, 40),
    turns=st.lists(st.tuples(st.floats(0, 5), st.sampled_from([None, 0.0, 0.5, 7.0])), min_size=1, max_size=60),
)
def test_throttles_and_pauses_only_ever_slow(rate: float, burst: int, turns: list[tuple[float, float | None]]) -> None:
    """One caller: waits for its turn, calls, and is throttled or answered."""
    clock = FakeClock()
    bucket = Bucket(rate, burst, clock)
    starts = []
    for idle, throttle in turns:
        clock.advance(idle)
        turn = bucket.reserve()
        while (delay := bucket.delay(turn)) > 0:
            clock.advance(delay)
        starts.append(clock.now())
        bucket.answered() if throttle is None else bucket.throttled(throttle)
    assert_within(starts, rate, burst)


@given(rate=RATES, pauses=PAUSES)
def test_starts_come_in_order_and_never_in_the_past(rate: float, pauses: list[float]) -> None:
    clock = FakeClock()
    bucket = Bucket(rate, 7, clock)
    previous = 0.0
    for pause in pauses:
        clock.advance(pause)
        start = bucket.reserve().start
        assert start >= clock.now()
        assert start >= previous
        previous = start


def test_a_burst_starts_at_once_and_the_rest_at_the_rate() -> None:
    bucket = Bucket(2.0, 3, FakeClock())
    assert [round(bucket.delay(bucket.reserve()), 3) for _ in range(5)] == [0.0, 0.0, 0.0, 0.5, 1.0]


def test_a_published_quota_is_used_up_but_not_exceeded() -> None:
    bucket = Bucket(15 * SHARE, 10, FakeClock())
    starts = [bucket.reserve().start for _ in range(1000)]
    assert max(starts[:10]) < 1000.0 + SLACK
    assert starts[-1] - 1000 < (1000 - 1) / 15 / SHARE
    assert_within(starts[::9], 15, 15)


def test_nothing_starts_during_a_pause_not_even_what_was_waiting_already() -> None:
    clock = FakeClock()
    bucket = Bucket(10, 1, clock)
    bucket.reserve()
    waiting = bucket.reserve()
    assert bucket.delay(waiting) == pytest.approx(0.1)
    bucket.throttled(pause=12.0)
    assert bucket.delay(waiting) == pytest.approx(12.0)
    assert bucket.delay(bucket.reserve()) == pytest.approx(12.0 + 1 / (10 * 0.9), abs=0.02)


def test_s11_waiting_through_many_pauses_costs_no_starts() -> None:
    """Each pause gave every waiting call a new place and kept the old one taken, so that a quota ran dry for ever."""
    clock = FakeClock()
    bucket = Bucket(10, 1, clock)
    bucket.reserve()
    waiting = [bucket.reserve() for _ in range(12)]
    for _ in range(50):
        bucket.throttled(pause=1.0)
        bucket.reserve()
        delays = [bucket.delay(turn) for turn in waiting]
        clock.advance(1.0)
    assert max(delays) < 1.0 + 13 / (10 * 2 / 3) + SLACK


def test_what_a_quota_regains_during_a_pause_may_start_when_it_ends() -> None:
    clock = FakeClock()
    bucket = Bucket(10, 20, clock)
    for _ in range(20):
        bucket.reserve()
    bucket.throttled(pause=1.0)
    clock.advance(1.0)
    started = [bucket.delay(bucket.reserve()) for _ in range(20)]
    assert started.count(0.0) == 9, "one second of nine tenths of the rate"


def test_a_throttle_without_a_pause_ends_the_burst() -> None:
    bucket = Bucket(10, 20, FakeClock())
    bucket.reserve()
    bucket.throttled()
    assert bucket.delay(bucket.reserve()) > 0


def test_the_rate_falls_once_a_second_and_comes_back() -> None:
    clock = FakeClock()
    bucket = Bucket(10, 1, clock)
    for _ in range(5):
        clock.advance(2)
        bucket.reserve()
        bucket.throttled()
    clock.advance(100)
    first, second = bucket.reserve().start, bucket.reserve().start
    assert 0.1 < second - first <= 0.15 + SLACK
    for _ in range(50):
        bucket.answered()
    clock.advance(100)
    first, second = bucket.reserve().start, bucket.reserve().start
    assert abs(second - first - 0.1) < SLACK


def test_what_is_left_according_to_the_answer_counts() -> None:
    bucket = Bucket(10.0, 100, FakeClock())
    bucket.reserve()
    bucket.reserve()
    bucket.answered(left=1)
    assert bucket.wait() == pytest.approx(0.1), "one of two is still under way and takes what is left"
    bucket.answered(left=12_000)
    assert max(bucket.delay(bucket.reserve()) for _ in range(100)) < SLACK


def test_a_quota_others_hold_is_dry_until_it_answers() -> None:
    clock = FakeClock()
    bucket = Bucket(10, 1, clock)
    for _ in range(40):
        bucket.reserve()
        bucket.throttled()
        clock.advance(4)
    assert not bucket.dry, "nothing but throttles for less than three minutes"
    clock.advance(30)
    assert bucket.dry
    bucket.reserve()
    bucket.answered()
    assert not bucket.dry


def test_s11_a_quota_that_was_not_asked_for_long_is_not_dry() -> None:
    clock = FakeClock()
    bucket = Bucket(10, 1, clock)
    bucket.reserve()
    bucket.answered()
    clock.advance(1000)
    for _ in range(12):
        bucket.reserve()
        bucket.throttled()
    assert not bucket.dry


def test_s11_a_call_that_is_given_up_gives_up_the_quota_only_if_nothing_was_answered_meanwhile() -> None:
    clock = FakeClock()
    bucket = Bucket(10, 1, clock)
    began = clock.now()
    clock.advance(1)
    bucket.reserve()
    bucket.answered()
    bucket.give_up(began)
    assert not bucket.given_up
    began = clock.now()
    clock.advance(1)
    bucket.give_up(began)
    assert bucket.given_up
    bucket.reserve()
    bucket.answered()
    assert not bucket.given_up
