"""Threads for the calls that wait. Each takes the job whose quota is ready first, so no slow lane holds up another."""

import traceback
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from threading import Condition, Lock, Thread
from types import TracebackType
from typing import Any, Final, Self

Job = Callable[[], Any]

_LOOK: Final = 0.5
"""Seconds after which a wait looks around again: an answer may have told that a lane is ready earlier."""


@dataclass
class _Lane:
    width: int
    jobs: deque[Job] = field(default_factory=deque)
    active: int = 0


class WorkQueue:
    """Jobs by lane, in order of arrival. Jobs may add jobs; :meth:`settle` returns when none are left.

    ``workers`` threads at most, started when there is something to do, named ``name-1`` and so on. ``report`` is given
    a sentence for each job that raised: a defect of ours, met in one answer, which must not end the run. ``width`` is
    how many jobs of a lane may be under way at once; ``wait_of`` tells the seconds until a lane's quota could start
    another call. ``waiting`` is told how many more jobs wait to begin, and how many fewer. As a context manager it
    closes itself.
    """

    def __init__(
        self,
        name: str,
        workers: int,
        report: Callable[[str], None],
        *,
        width: Callable[[Hashable], int] | None = None,
        wait_of: Callable[[Any], float] | None = None,
        waiting: Callable[[int], None] = lambda _jobs: None,
    ) -> None:
        self._name = name
        self._workers = max(workers, 1)
        self._report = report
        self._width = width or (lambda _lane: self._workers)
        self._wait_of = wait_of or (lambda _lane: 0.0)
        self._waiting = waiting
        lock = Lock()
        self._changed = Condition(lock)
        self._finished = Condition(lock)
        self._lanes: dict[Hashable, _Lane] = {}
        self._turns: deque[Hashable] = deque()
        self._threads = 0
        self._idle = 0
        self._queued = 0
        self._open = 0
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, lane: Hashable, job: Job) -> None:
        """Queues a job on a lane."""
        self._waiting(1)
        with self._changed:
            if lane not in self._lanes:
                self._lanes[lane] = _Lane(self._width(lane))
                self._turns.append(lane)
            self._lanes[lane].jobs.append(job)
            self._open += 1
            self._queued += 1
            if self._idle >= self._queued or self._threads >= self._workers:
                self._changed.notify()
            else:
                self._threads += 1
                Thread(target=self._serve, name=f"{self._name}-{self._threads}", daemon=True).start()

    def together(self, jobs: Iterable[Job]) -> None:
        """Does jobs side by side, and returns when every one is done. Not to be called by a job."""
        for job in jobs:
            self.add(None, job)
        self.settle()

    def settle(self) -> None:
        """Waits until every job is done."""
        with self._finished:
            while self._open:
                self._finished.wait()

    def close(self) -> None:
        """Waits until every job is done and lets the threads go."""
        with self._finished:
            while self._open:
                self._finished.wait()
            self._closed = True
            self._changed.notify_all()

    def _serve(self) -> None:
        while (taken := self._next()) is not None:
            lane, job = taken
            self._waiting(-1)
            try:
                job()
            except BaseException as error:  # noqa: BLE001 - what is odd in one answer is said, and the others go on
                self._report(_crashed(self._name, error))
            with self._changed:
                lane.active -= 1
                self._open -= 1
                if not self._open:
                    self._finished.notify_all()

    def _next(self) -> tuple[_Lane, Job] | None:
        with self._changed:
            while True:
                lane, pause = self._ready()
                if lane is not None:
                    lane.active += 1
                    self._queued -= 1
                    return lane, lane.jobs.popleft()
                if self._closed:
                    return None
                self._idle += 1
                self._changed.wait(pause)
                self._idle -= 1

    def _ready(self) -> tuple[_Lane | None, float | None]:
        """The first lane, in turns, whose quota is ready; else how long to wait (None: for the next job)."""
        soonest: float | None = None
        for _ in range(len(self._turns)):
            key = self._turns[0]
            self._turns.rotate(-1)
            lane = self._lanes[key]
            if not lane.jobs or lane.active >= lane.width:
                continue
            pause = self._wait_of(key)
            if pause <= 0:
                return lane, None
            soonest = min(pause, _LOOK) if soonest is None else min(soonest, pause)
        return None, soonest


def _crashed(name: str, crash: BaseException) -> str:
    """The sentence for a crash: its type and place, never its text, which could quote what was read."""
    where = traceback.extract_tb(crash.__traceback__)[-1]
    place = f"{PurePath(where.filename).stem}.{where.name}, line {where.lineno}"
    return (
        f"Reading {name}: an answer could not be followed up because of an error of ours "
        f"({type(crash).__name__} in {place}): what would have been asked next is missing."
    )
