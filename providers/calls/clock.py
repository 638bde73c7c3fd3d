"""The time, as far as calls wait for it: tests bring a clock of their own."""

import time
from threading import Event
from typing import Protocol


class Clock(Protocol):
    """Seconds that pass."""

    def now(self) -> float:
        """Seconds since some moment; never fewer than before."""

    def wait(self, stop: Event, seconds: float) -> None:
        """Returns after ``seconds``, or as soon as ``stop`` is set."""


class SystemClock:
    """The machine's own."""

    def now(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def wait(self, stop: Event, seconds: float) -> None:
        """Waits on ``stop``."""
        stop.wait(seconds)
