"""What is asked once: answers that several readers share, and things already asked about."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any


class Once:
    """Answers by what was asked. The first to ask makes the call, everybody else waits for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[Hashable, Future[Any]] = {}

    def answer(self, key: Hashable, make: Callable[[], Any]) -> Any:
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


class Asked:
    """What was asked about already. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: set[Hashable] = set()

    def first(self, *what: Hashable) -> bool:
        """True the first time this is asked about."""
        with self._lock:
            new = what not in self._known
            self._known.add(what)
            return new
