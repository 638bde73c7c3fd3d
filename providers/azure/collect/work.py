"""Threads for the calls that wait. Each takes the job whose quota is ready first, so no slow lane holds up another."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any, Final

Job = Callable[[], Any]
Lane = tuple[str, str]
"""A quota's name and the scope it belongs to."""

WIDTH: Final = 12
"""Jobs of one lane under way at once: enough for 25 calls a second at a latency of 400 ms."""

_PEEK: Final = 0.5
"""Seconds after which a wait looks around again: an answer may have told that a lane is ready earlier."""


@dataclass
class _Queue:
    jobs: deque[Job] = field(default_factory=deque)
    active: int = 0


class Work:
    """Jobs by lane, in order of arrival. Jobs may add jobs; ``settle`` returns when none are left.

    ``wait_of`` tells the seconds until a lane's quota could start another call.
    """

    def __init__(self, workers: int, wait_of: Callable[[str, str], float]) -> None:
        self._workers = workers
        self._wait_of = wait_of
        self._changed = Condition()
        self._lanes: dict[Lane, _Queue] = {}
        self._turns: deque[Lane] = deque()
        self._threads = 0
        self._idle = 0
        self._open = 0
        self._closed = False
        self._crash: BaseException | None = None

    def add(self, lane: Lane, job: Job) -> None:
        """Queues a job on a lane."""
        with self._changed:
            if lane not in self._lanes:
                self._lanes[lane] = _Queue()
                self._turns.append(lane)
            self._lanes[lane].jobs.append(job)
            self._open += 1
            if self._idle:
                self._changed.notify_all()
            elif self._threads < self._workers:
                self._threads += 1
                Thread(target=self._serve, name=f"azure-{self._threads}", daemon=True).start()

    def settle(self) -> None:
        """Waits until every job is done; raises what a job raised (a defect of ours)."""
        with self._changed:
            while self._open:
                self._changed.wait()
        if self._crash is not None:
            raise self._crash

    def close(self) -> None:
        """Waits until every job is done and lets the threads go."""
        with self._changed:
            while self._open:
                self._changed.wait()
            self._closed = True
            self._changed.notify_all()

    def _serve(self) -> None:
        while (taken := self._next()) is not None:
            queue, job = taken
            crash: BaseException | None = None
            try:
                job()
            except BaseException as error:  # noqa: BLE001 - raised again by settle, when the other jobs are done
                crash = error
            with self._changed:
                self._crash = self._crash or crash
                queue.active -= 1
                self._open -= 1
                if self._idle or not self._open:
                    self._changed.notify_all()

    def _next(self) -> tuple[_Queue, Job] | None:
        with self._changed:
            while True:
                queue, pause = self._ready()
                if queue is not None:
                    queue.active += 1
                    return queue, queue.jobs.popleft()
                if self._closed:
                    return None
                self._idle += 1
                self._changed.wait(pause)
                self._idle -= 1

    def _ready(self) -> tuple[_Queue | None, float | None]:
        """The first lane, in turns, whose quota is ready; else how long to wait (None: for the next job)."""
        soonest: float | None = None
        for _ in range(len(self._turns)):
            lane = self._turns[0]
            self._turns.rotate(-1)
            queue = self._lanes[lane]
            if not queue.jobs or queue.active >= WIDTH:
                continue
            pause = self._wait_of(*lane)
            if pause <= 0:
                return queue, None
            soonest = min(pause, _PEEK) if soonest is None else min(soonest, pause)
        return None, soonest
