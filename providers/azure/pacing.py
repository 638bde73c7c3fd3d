"""Token buckets with a burst, corrected by what the answers say is left. No SDK, no sleeping."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

SHARE: Final = 0.96
"""How much of a published quota is used: the clocks of two machines and the order of arrival are never exact."""

_PATIENCE: Final = 180.0


class Bucket:
    """One quota. It holds ``burst`` calls and gains ``rate`` a second; calls beyond that are given a later start."""

    def __init__(self, burst: float, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.burst = max(1.0, burst)
        self.rate = rate
        self._clock = clock
        self._lock = Lock()
        self._level = self.burst
        self._at = clock()
        self._paused = 0.0
        self._open = 0
        self._given_up = False
        self._answered = clock()

    @classmethod
    def for_quota(cls, burst: int, rate: float, clock: Callable[[], float] = time.monotonic) -> "Bucket":
        """A bucket that stays just under a published quota."""
        return cls(int(burst * SHARE), rate * SHARE, clock)

    def reserve(self) -> float:
        """Takes one call out, and returns the seconds until it may start (0: now)."""
        with self._lock:
            now = self._fill()
            self._level -= 1
            self._open += 1
            return max(0.0, self._at - now - self._level / self.rate)

    def wait(self) -> float:
        """The seconds until a call could start, without taking one."""
        with self._lock:
            now = self._fill()
            return max(0.0, self._at - now + (1 - self._level) / self.rate)

    def release(self) -> None:
        """A reserved call was not made after all, or is made again with a reservation of its own."""
        with self._lock:
            self._open -= 1

    @property
    def pause(self) -> float:
        """The seconds for which the cloud asked to be left alone (0: it did not)."""
        return max(0.0, self._paused - self._clock())

    def answered(self, left: int | None = None) -> None:
        """A reserved call was answered; ``left`` is how many more the answer allows (None: it did not say)."""
        with self._lock:
            now = self._fill()
            self._open -= 1
            self._answered = now
            self._given_up = False
            if left is not None:
                self._level = min(self.burst, left - self._open)

    def throttled(self, pause: float = 0.0) -> None:
        """A reserved call was throttled: the bucket is empty, and fills again after ``pause`` seconds."""
        with self._lock:
            now = self._fill()
            self._open -= 1
            self._level = min(self._level, 0.0)
            if pause > 0:
                self._paused = max(self._paused, now + pause)
                self._at = self._paused

    def held(self) -> None:
        """A reserved call was throttled for a reason of its own: the bucket goes on as it was."""
        with self._lock:
            self._open -= 1

    def give_up(self) -> None:
        """A call was given up: until something is answered again, one try each is enough."""
        self._given_up = True

    @property
    def given_up(self) -> bool:
        """Whether a call was given up since the last answer."""
        return self._given_up

    @property
    def dry(self) -> bool:
        """Nothing but throttles for three minutes: others hold this quota, and waiting longer helps nobody."""
        return self._clock() - self._answered > _PATIENCE

    def _fill(self) -> float:
        """Lets the bucket fill up to now, or leaves it at the end of the pause."""
        now = self._clock()
        if now > self._at:
            self._level = min(self.burst, self._level + (now - self._at) * self.rate)
            self._at = now
        return now
