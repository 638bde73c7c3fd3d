"""Threads for the calls that wait, and answers that several projects share."""

from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
from types import TracebackType
from typing import Any, Self

Job = Callable[[], Any]


class Crew:
    """Does jobs side by side. Only the thread that owns a crew gives it jobs, so no job waits for another."""

    def __init__(self, name: str, width: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=max(width, 1), thread_name_prefix=name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True)

    def together(self, jobs: Iterable[Job]) -> None:
        """Returns when every job is done; raises what a job raised (a defect of ours) only then."""
        futures = [self._pool.submit(job) for job in jobs]
        wait(futures)
        for future in futures:
            future.result()


class Once:
    """Answers by what was asked. The first to ask makes the call, everybody else waits for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[Hashable, Future[Any]] = {}

    def answer(self, key: Hashable, make: Job) -> Any:
        """The answer to ``key``, which ``make`` fetches."""
        with self._lock:
            known = self._answers.get(key)
            future = self._answers[key] = Future() if known is None else known
        if known is None:
            try:
                future.set_result(make())
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()
