"""The bucket keeps to its rate, and slows down when told to."""

from providers.gcp.operations.quotas import QUOTAS
from providers.gcp.pacing import Bucket


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_starts_at_once_and_the_rest_at_the_rate() -> None:
    clock = Clock()
    bucket = Bucket(2.0, 3, clock)
    assert [round(bucket.delay(), 3) for _ in range(5)] == [0.0, 0.0, 0.0, 0.5, 1.0]


def test_a_minutes_quota_of_the_inventory_is_never_exceeded() -> None:
    clock = Clock()
    quota = QUOTAS["cloudasset"]
    bucket = Bucket(quota.rate, quota.burst, clock)
    starts = [bucket.delay() for _ in range(300)]
    assert round(starts[29], 6) == 0.0
    for first in range(len(starts)):
        assert sum(1 for start in starts if starts[first] <= start < starts[first] + 60) <= 100


def test_being_throttled_slows_down_and_pauses_and_answers_speed_up_again() -> None:
    clock = Clock()
    bucket = Bucket(10.0, 1, clock)
    bucket.delay()
    clock.now += 5
    bucket.throttled(3.0)
    assert bucket.delay() == 3.0
    slow = bucket.delay() - 3.0
    assert round(slow, 4) == round(1 / (10 * 0.8), 4)
    for _ in range(20):
        bucket.answered()
    bucket.delay()
    first, second = bucket.delay(), bucket.delay()
    assert round(second - first, 4) == 0.1


def test_a_bucket_others_hold_is_given_up() -> None:
    clock = Clock()
    bucket = Bucket(10.0, 1, clock)
    assert not bucket.dry
    clock.now += 200
    assert bucket.dry
    bucket.give_up()
    assert bucket.given_up
    bucket.answered()
    assert not bucket.given_up
    assert not bucket.dry
