"""What one try may take: its deadline and its share of memory, kept by the thread that makes it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from providers.calls import limits
from providers.calls.reply import DeadlineError

_LARGE: Final = BoundedSemaphore(limits.LARGE_AT_ONCE)


class Attempt:
    """One try under way. ``seconds`` is how long it may take."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._began = clock()
        self._large = False

    def check(self) -> None:
        """Raises DeadlineError when the time is over."""
        if self._clock() - self._began > self._seconds:
            raise DeadlineError(took_too_long(self._seconds))

    def claim(self) -> None:
        """Waits until there is room for a large answer. Raises DeadlineError when there is none in time."""
        if not self._large:
            if not _LARGE.acquire(timeout=self._seconds):
                raise DeadlineError(took_too_long(self._seconds))
            self._large = True

    def end(self) -> None:
        """Makes room for others."""
        if self._large:
            self._large = False
            _LARGE.release()


class _Thread(threading.local):
    attempt: Attempt | None = None


_THREAD: Final = _Thread()


@contextmanager
def attempting(seconds: float, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Within it, what this thread reads belongs to one try."""
    outer, _THREAD.attempt = _THREAD.attempt, (attempt := Attempt(seconds, clock))
    try:
        yield
    finally:
        attempt.end()
        _THREAD.attempt = outer


def current() -> Attempt | None:
    """The try this thread makes; None outside of any, as when an SDK signs in by itself."""
    return _THREAD.attempt


def took_too_long(seconds: float) -> str:
    """The sentence for a call that was given up at its deadline."""
    return f"There was no whole answer within {seconds:g} seconds."
