"""Lanes of threads: order, growth, jobs that add jobs, and crashes that surface."""

import threading
import time

import pytest

from providers.aws.collect.work import WIDTHS, Work


def test_jobs_may_add_jobs_and_join_waits_for_all() -> None:
    done: list[int] = []
    work = Work("test")

    def job(depth: int) -> None:
        done.append(depth)
        if depth < 5:
            work.add("lambda", lambda: job(depth + 1))
            work.add("bulk", lambda: job(depth + 1))

    work.add("bulk", lambda: job(0))
    work.join()
    assert sorted(done) == [depth for depth in range(6) for _ in range(2**depth)]


def test_a_lane_is_as_wide_as_declared_and_no_wider() -> None:
    work, running, most = Work("test"), set[int](), 0
    lock = threading.Lock()

    def job(number: int) -> None:
        nonlocal most
        with lock:
            running.add(number)
            most = max(most, len(running))
        time.sleep(0.01)
        with lock:
            running.discard(number)

    for number in range(40):
        work.add("lambda:GetPolicy", lambda number=number: job(number))
    work.join()
    assert most == WIDTHS["lambda:GetPolicy"]


def test_a_crash_surfaces_after_the_other_jobs_are_done() -> None:
    work, done = Work("test"), []

    def crash() -> None:
        raise LookupError("a defect of ours")

    work.add("bulk", crash)
    for number in range(20):
        work.add("bulk", lambda number=number: done.append(number))
    with pytest.raises(LookupError, match="a defect of ours"):
        work.join()
    assert sorted(done) == list(range(20))


def test_no_thread_is_left() -> None:
    work = Work("left-over")
    work.add("bulk", lambda: None)
    work.join()
    deadline = time.monotonic() + 5
    while any(thread.name.startswith("left-over") for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_nothing_to_do_is_done() -> None:
    Work("test").join()
