"""Token buckets that hand out start times in order, and slow down when the cloud says so. No SDK, no sleeping."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

SHARE: Final = 0.985
"""How much of a published rate is used: the clocks of two machines and the order of arrival are never exact."""

_SLOWEST: Final = 1 / 2
_EASE: Final = 0.02
_PATIENCE: Final = 180.0


class Bucket:
    """One service's quota.

    In any span of t seconds at most ``burst + rate * t`` calls are given a start. ``rate`` is calls a second.
    """

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.burst = max(1, burst)
        self._clock = clock
        self._lock = Lock()
        self._factor = 1.0
        self._given_up = False
        self._next = clock() - (self.burst - 1) / rate
        self._slowed = self._answered = clock()

    def delay(self) -> float:
        """Reserves the next start and returns the seconds until then."""
        with self._lock:
            now = self._clock()
            gap = 1 / (self.rate * self._factor)
            start = max(self._next, now - (self.burst - 1) * gap)
            self._next = start + gap
            return max(start - now, 0.0)

    def answered(self) -> None:
        """A call was not throttled: the rate creeps back to what was published."""
        with self._lock:
            self._answered = self._clock()
            self._given_up = False
            self._factor = min(1.0, self._factor + _EASE)

    def throttled(self, pause: float = 0.0) -> None:
        """A call was throttled: the rate falls (once a second at most), and nothing starts for ``pause`` seconds.

        What was left of the burst is gone: the window is used up, whoever used it.
        """
        with self._lock:
            now = self._clock()
            if now - self._slowed >= 1.0:
                self._slowed = now
                self._factor = max(_SLOWEST, self._factor * 0.8)
            self._next = max(self._next, now + pause)

    def give_up(self) -> None:
        """A call was given up: until something is answered again, one try each is enough."""
        with self._lock:
            self._given_up = True

    @property
    def given_up(self) -> bool:
        """Whether a call was given up since the last answer."""
        return self._given_up

    @property
    def dry(self) -> bool:
        """Nothing but throttles for three minutes: others hold this quota, and waiting longer helps nobody."""
        with self._lock:
            return self._clock() - self._answered > _PATIENCE
