"""Quotas: a burst, then a steady rate, corrected by what the answers say. And the threads that wait for them."""

import threading

import pytest

from providers.azure.collect.work import Work
from providers.azure.pacing import Bucket


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_starts_at_once_and_the_rest_is_spaced() -> None:
    bucket = Bucket(3, 2.0, Clock())
    assert [bucket.reserve() for _ in range(5)] == [0, 0, 0, 0.5, 1.0]


def test_a_published_quota_is_never_exceeded_in_any_span() -> None:
    clock = Clock()
    bucket = Bucket.for_quota(250, 25.0, clock)
    starts = sorted(bucket.reserve() for _ in range(1000))
    for first in range(0, 1000, 50):
        for last in range(first, 1000, 50):
            assert last - first + 1 <= 250 + 25 * (starts[last] - starts[first]) + 1


def test_what_is_left_according_to_the_answer_counts() -> None:
    clock = Clock()
    bucket = Bucket(100, 10.0, clock)
    bucket.reserve()
    bucket.reserve()
    bucket.answered(left=1)
    assert bucket.wait() == pytest.approx(0.1), "one of two is still under way and takes what is left"
    bucket.answered(left=12_000)
    assert [bucket.reserve() for _ in range(100)] == [0.0] * 100


def test_nothing_starts_during_a_pause() -> None:
    clock = Clock()
    bucket = Bucket(10, 1.0, clock)
    bucket.reserve()
    bucket.throttled(pause=5)
    assert bucket.pause == 5
    assert bucket.wait() == pytest.approx(6)
    clock.now += 6
    assert bucket.pause == 0
    assert bucket.reserve() == 0
    assert bucket.reserve() == pytest.approx(1)


def test_a_bucket_given_up_is_tried_again_after_an_answer() -> None:
    clock = Clock()
    bucket = Bucket(10, 1.0, clock)
    bucket.give_up()
    clock.now += 200
    assert (bucket.given_up, bucket.dry) == (True, True)
    bucket.answered()
    assert (bucket.given_up, bucket.dry) == (False, False)


def test_a_slow_lane_does_not_hold_up_another() -> None:
    waits = {"slow": 60.0, "fast": 0.0}
    work = Work(2, lambda bucket, _scope: waits[bucket])
    done: list[str] = []
    fast = threading.Event()

    def finish() -> None:
        done.append("fast")
        fast.set()

    for _ in range(5):
        work.add(("slow", ""), lambda: done.append("slow"))
    work.add(("fast", ""), finish)
    assert fast.wait(5)
    assert done == ["fast"]
    waits["slow"] = 0.0
    work.close()
    assert done == ["fast", *["slow"] * 5]


def test_jobs_may_add_jobs_and_a_defect_of_ours_comes_out() -> None:
    work = Work(3, lambda _bucket, _scope: 0.0)
    done: list[int] = []

    def count(left: int) -> None:
        done.append(left)
        if left:
            work.add(("a", ""), lambda: count(left - 1))

    def break_down() -> None:
        raise ZeroDivisionError

    work.add(("a", ""), lambda: count(20))
    work.settle()
    assert done == list(range(20, -1, -1))
    work.add(("b", ""), break_down)
    with pytest.raises(ZeroDivisionError):
        work.settle()
    work.close()
