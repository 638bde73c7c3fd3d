"""The token bucket, on a clock that only the test moves."""

from hypothesis import given
from hypothesis import strategies as st

from providers.aws.pacing import BURST, SHARE, Bucket

RATES = st.floats(0.5, 200)
PAUSES = st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=80)
SLACK = 1e-6


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def starts_of(bucket: Bucket, clock: Clock, pauses: list[float], callers: int) -> list[float]:
    starts = []
    for pause in pauses:
        clock.now += pause
        starts += [bucket.reserve() for _ in range(callers)]
    return starts


def assert_within(starts: list[float], rate: float, burst: int) -> None:
    for first in range(len(starts)):
        for last in range(first, len(starts)):
            span = starts[last] - starts[first]
            assert last - first + 1 <= burst + rate * span + SLACK


@given(rate=RATES, burst=st.integers(1, 40), pauses=PAUSES, callers=st.integers(1, 4))
def test_no_window_holds_more_than_burst_and_rate(rate: float, burst: int, pauses: list[float], callers: int) -> None:
    clock = Clock()
    bucket = Bucket(rate, burst, clock)
    assert_within(starts_of(bucket, clock, pauses, callers), rate, burst)


@given(rate=RATES, pauses=PAUSES, throttled=st.sets(st.integers(0, 80)))
def test_throttles_only_ever_slow(rate: float, pauses: list[float], throttled: set[int]) -> None:
    clock = Clock()
    bucket = Bucket(rate, 5, clock)
    starts = []
    for turn, pause in enumerate(pauses):
        clock.now += pause
        starts.append(bucket.reserve())
        bucket.throttled() if turn in throttled else bucket.answered()
    assert_within(starts, rate, 5)


@given(rate=RATES, pauses=PAUSES)
def test_starts_come_in_order_and_never_in_the_past(rate: float, pauses: list[float]) -> None:
    clock = Clock()
    bucket = Bucket(rate, 7, clock)
    previous = 0.0
    for pause in pauses:
        clock.now += pause
        start = bucket.reserve()
        assert start >= clock.now
        assert start >= previous
        previous = start


def test_a_published_quota_is_used_up_but_not_exceeded() -> None:
    clock = Clock()
    bucket = Bucket.for_quota(15, clock)
    starts = [bucket.reserve() for _ in range(1000)]
    assert max(starts[: int(15 * BURST)]) < 1000.0 + SLACK
    assert starts[-1] - 1000 < (1000 - 1) / 15 / SHARE
    assert_within(starts[::9], 15, 15)


def test_retry_after_holds_every_later_start() -> None:
    clock = Clock()
    bucket = Bucket(10, 5, clock)
    bucket.reserve()
    bucket.throttled(pause=12.0)
    assert bucket.reserve() >= clock.now + 12.0


def test_the_rate_falls_once_a_second_and_comes_back() -> None:
    clock = Clock()
    bucket = Bucket(10, 1, clock)
    for _ in range(5):
        clock.now += 2
        bucket.throttled()
    clock.now += 100
    first, second = bucket.reserve(), bucket.reserve()
    assert 0.1 < second - first <= 0.15 + SLACK
    for _ in range(50):
        bucket.answered()
    clock.now += 100
    first, second = bucket.reserve(), bucket.reserve()
    assert abs(second - first - 0.1) < SLACK


def test_a_quota_others_hold_is_dry_until_it_answers() -> None:
    clock = Clock()
    bucket = Bucket(10, 1, clock)
    assert not bucket.dry
    clock.now += 200
    assert bucket.dry
    bucket.give_up()
    assert bucket.given_up
    bucket.answered()
    assert not bucket.dry
    assert not bucket.given_up
