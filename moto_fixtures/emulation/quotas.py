"""Token buckets, and a clock that tests turn by hand."""

import threading
from dataclasses import dataclass


class VirtualClock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self._now = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        """The seconds that have passed."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        with self._lock:
            self._now += seconds


@dataclass
class Bucket:
    """``size`` tokens, refilled at ``rate`` a second. Whoever shares one among threads holds a lock."""

    size: float
    rate: float
    level: float
    at: float

    def take(self, now: float) -> float | None:
        """Takes a token; None when there was one, else the seconds until there is."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < 1:
            return (1 - self.level) / self.rate
        self.level -= 1
        return None
