"""Threads for the calls that wait: a few for every quota of a region, started when there is something to do."""

from collections import deque
from collections.abc import Callable
from threading import Condition, Lock, Thread
from typing import Any, Final

WIDTHS: Final = {"bulk": 4, "lambda": 4, "lambda:GetPolicy": 8, "lambda:GetFunction": 6}
"""Threads a lane has at most: enough for its quota at a latency of 250 ms (GetFunction never is the bottleneck),
and for throttled GetPolicy calls that sit out their back-off."""

Job = Callable[[], Any]


class Work:
    """Jobs of one region by lane, in order of arrival. Jobs may add jobs; ``join`` returns when none are left."""

    def __init__(self, name: str) -> None:
        self._name = name
        lock = Lock()
        self._finished = Condition(lock)
        self._ready = {lane: Condition(lock) for lane in WIDTHS}
        self._queues: dict[str, deque[Job]] = {lane: deque() for lane in WIDTHS}
        self._threads = dict.fromkeys(WIDTHS, 0)
        self._idle = dict.fromkeys(WIDTHS, 0)
        self._open = 0
        self._closed = False
        self._crash: BaseException | None = None

    def add(self, lane: str, job: Job) -> None:
        """Queues a job on a lane of :data:`WIDTHS`."""
        with self._ready[lane]:
            self._open += 1
            self._queues[lane].append(job)
            if self._idle[lane] >= len(self._queues[lane]):
                self._ready[lane].notify()
            elif self._threads[lane] < WIDTHS[lane]:
                self._threads[lane] += 1
                name = f"{self._name}-{lane}-{self._threads[lane]}"
                Thread(target=self._serve, args=(lane,), name=name, daemon=True).start()

    def join(self) -> None:
        """Waits until every job is done, then lets the threads go; raises what a job raised (a defect of ours)."""
        with self._finished:
            while self._open:
                self._finished.wait()
            self._closed = True
            for lane in self._ready.values():
                lane.notify_all()
        if self._crash is not None:
            raise self._crash

    def _serve(self, lane: str) -> None:
        while (job := self._next(lane)) is not None:
            crash: BaseException | None = None
            try:
                job()
            except BaseException as error:  # noqa: BLE001 - raised again by join, when the other jobs are done
                crash = error
            with self._finished:
                self._crash = self._crash or crash
                self._open -= 1
                if not self._open:
                    self._finished.notify_all()

    def _next(self, lane: str) -> Job | None:
        queue, ready = self._queues[lane], self._ready[lane]
        with ready:
            while not queue:
                if self._closed:
                    return None
                self._idle[lane] += 1
                ready.wait()
                self._idle[lane] -= 1
            return queue.popleft()
