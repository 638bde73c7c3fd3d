"""Jobs by lane: order, width, quotas that are not ready, jobs that add jobs, and crashes that surface."""

import threading

import pytest

from providers.calls.work_queue import WorkQueue


@pytest.fixture
def said() -> list[str]:
    return []


def test_jobs_may_add_jobs_and_settling_waits_for_all(said: list[str]) -> None:
    done: list[int] = []
    with WorkQueue("test", 8, said.append) as queue:

        def job(depth: int) -> None:
            done.append(depth)
            if depth < 5:
                queue.add("a", lambda: job(depth + 1))
                queue.add("b", lambda: job(depth + 1))

        queue.add("a", lambda: job(0))
        queue.settle()
        assert sorted(done) == [depth for depth in range(6) for _ in range(2**depth)]


def test_a_lane_is_as_wide_as_declared_and_no_wider(said: list[str]) -> None:
    gate, lock = threading.Barrier(3), threading.Lock()
    running = most = 0

    def job() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        gate.wait(20)  # no job ends before three are under way
        with lock:
            running -= 1

    with WorkQueue("test", 8, said.append, width=lambda _lane: 3) as queue:
        for _ in range(12):
            queue.add("narrow", job)
    assert most == 3


def test_as_many_jobs_run_side_by_side_as_there_are_workers(said: list[str]) -> None:
    gate = threading.Barrier(6)
    with WorkQueue("test", 6, said.append) as queue:
        queue.together(lambda: gate.wait(20) for _ in range(6))
        queue.together(lambda: gate.wait(20) for _ in range(6))


def test_a_slow_lane_does_not_hold_up_another(said: list[str]) -> None:
    waits = {"slow": 60.0, "fast": 0.0}
    done: list[str] = []
    fast = threading.Event()

    def finish() -> None:
        done.append("fast")
        fast.set()

    with WorkQueue("test", 2, said.append, wait_of=lambda lane: waits[lane]) as queue:
        for _ in range(5):
            queue.add("slow", lambda: done.append("slow"))
        queue.add("fast", finish)
        assert fast.wait(20)
        assert done == ["fast"]
        waits["slow"] = 0.0
    assert done == ["fast", *["slow"] * 5]


def test_s3_a_crash_is_said_and_the_other_jobs_are_done(said: list[str]) -> None:
    done: list[int] = []

    def crash() -> None:
        raise LookupError("sk-quoted-from-an-answer")

    with WorkQueue("eu-west-1", 4, said.append) as queue:
        queue.together([crash, *(lambda number=number: done.append(number) for number in range(20))])
        queue.together([crash])
    assert sorted(done) == list(range(20))
    assert len(said) == 2
    assert said[0].startswith("Reading eu-west-1: an answer could not be followed up because of an error of ours (Look")
    assert "test_work_queue.crash, line" in said[0]
    assert "quoted" not in said[0]


def test_no_thread_is_left(said: list[str]) -> None:
    with WorkQueue("left-over", 3, said.append) as queue:
        queue.together([threading.Event().is_set] * 5)
    for thread in threading.enumerate():
        if thread.name.startswith("left-over"):
            thread.join(20)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("left-over")]


def test_nothing_to_do_is_done(said: list[str]) -> None:
    with WorkQueue("test", 1, said.append) as queue:
        queue.together(())


def test_how_many_jobs_wait_to_begin_is_told() -> None:
    changes: list[int] = []
    with WorkQueue("test", 2, pytest.fail, waiting=changes.append) as queue:
        queue.together(lambda: None for _ in range(7))
    assert sorted(changes) == [-1] * 7 + [1] * 7
