"""Token buckets that hand out start times in order, and learn from what the cloud answers. No SDK, no sleeping."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

SHARE: Final = 0.985
"""How much of a published rate is used: the clocks of two machines and the order of arrival are never exact."""

_SLOWEST: Final = 2 / 3
_SLOWER: Final = 0.9
_EASE: Final = 0.02
_PATIENCE: Final = 180.0
_THROTTLES: Final = 40


@dataclass(slots=True)
class Turn:
    """A reserved start, in seconds of the bucket's clock. A pause of the bucket voids it."""

    start: float
    pauses: int


class Bucket:
    """One quota. In any span of t seconds at most ``burst + rate * t`` calls are given a start.

    ``rate`` is calls a second. Every reserved call ends in exactly one of :meth:`answered`, :meth:`throttled` and
    :meth:`release`. Thread-safe.
    """

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.burst = max(1, burst)
        self._clock = clock
        self._lock = Lock()
        self._factor = 1.0
        self._next = clock() - (self.burst - 1) / rate
        self._paused = self._next
        self._pauses = 0
        self._open = 0
        self._given_up = False
        self._slowed = self._answered = clock()
        self._throttled_since: float | None = None
        self._throttles = 0

    def reserve(self) -> Turn:
        """Reserves the next start: now or later."""
        with self._lock:
            self._open += 1
            return Turn(self._take(), self._pauses)

    def delay(self, turn: Turn) -> float:
        """The seconds until a reserved call may start (0: now).

        One that had not started when the cloud said "slow down" gets a new start behind the pause.
        """
        with self._lock:
            if turn.pauses != self._pauses:
                turn.start, turn.pauses = self._take(), self._pauses
            return max(0.0, turn.start - self._clock())

    def wait(self) -> float:
        """The seconds until a call could start, without reserving one."""
        with self._lock:
            now = self._clock()
            return max(0.0, max(self._earliest(now), self._paused) - now)

    def release(self) -> None:
        """A reserved call was not made, or has no answer, or was throttled by a limit of its own."""
        with self._lock:
            self._open -= 1

    def answered(self, left: int | None = None) -> None:
        """A reserved call was not throttled: the rate creeps back to what was published.

        ``left`` is how many more calls the answer allows (None: it does not say); calls under way count as made.
        """
        with self._lock:
            self._open -= 1
            now = self._answered = self._clock()
            self._given_up, self._throttled_since, self._throttles = False, None, 0
            self._factor = min(1.0, self._factor + _EASE)
            if left is not None:
                self._next = now + (1 - min(self.burst, left - self._open)) * self._gap

    def throttled(self, pause: float = 0.0) -> None:
        """A reserved call was throttled: what is left of the burst is gone, and the rate falls (once a second at most).

        Nothing starts for ``pause`` seconds; what the quota regains meanwhile may then start at once.
        """
        with self._lock:
            self._open -= 1
            now = self._clock()
            if self._throttled_since is None:
                self._throttled_since = now
            self._throttles += 1
            if now - self._slowed >= 1.0:
                self._slowed = now
                self._factor = max(_SLOWEST, self._factor * _SLOWER)
            self._next = max(self._next, now + self._gap)
            if now + pause > max(now, self._paused):
                self._paused = now + pause
                self._pauses += 1
                self._next = now + self._gap

    def give_up(self, began: float) -> None:
        """A call that began then was given up. If nothing was answered since, one try each is enough until it is."""
        with self._lock:
            self._given_up = self._given_up or self._answered <= began

    @property
    def given_up(self) -> bool:
        """Whether a call was given up since the last answer."""
        with self._lock:
            return self._given_up

    @property
    def dry(self) -> bool:
        """Nothing but throttles for three minutes: others hold this quota, and waiting longer does not help."""
        with self._lock:
            since = self._throttled_since
            return since is not None and self._throttles >= _THROTTLES and self._clock() - since > _PATIENCE

    @property
    def _gap(self) -> float:
        return 1 / (self.rate * self._factor)

    def _earliest(self, now: float) -> float:
        return max(self._next, max(now, self._paused) - (self.burst - 1) * self._gap)

    def _take(self) -> float:
        now = self._clock()
        start = self._earliest(now)
        self._next = start + self._gap
        return max(start, now, self._paused)
