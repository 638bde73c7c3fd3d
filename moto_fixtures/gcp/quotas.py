"""Quotas: a token bucket for each service and project. Off unless a server is given them."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from moto_fixtures.emulation.quotas import Bucket


@dataclass(frozen=True)
class Limit:
    """So many calls in a window of seconds."""

    calls: int
    window: float


DOCUMENTED: Mapping[str, Limit] = {
    "cloudasset.googleapis.com": Limit(100, 60),
    "cloudfunctions.googleapis.com": Limit(5000, 100),
    "iam.googleapis.com": Limit(6000, 60),
    "run.googleapis.com": Limit(3000, 60),
}
"""Read quotas as published, but for Cloud Run, whose figure is assumed."""

ELSEWHERE = Limit(600, 60)
"""Assumed of every other service."""


@dataclass
class Quotas:
    """The buckets. ``tells_when`` sends Retry-After, which Google mostly does not."""

    limits: Mapping[str, Limit] = field(default_factory=lambda: DOCUMENTED)
    otherwise: Limit = ELSEWHERE
    clock: Callable[[], float] = time.monotonic
    tells_when: bool = False

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self.refused = 0

    def limit(self, host: str) -> Limit:
        """What is allowed of a service."""
        return self.limits.get(host, self.otherwise)

    def take(self, host: str, consumer: str) -> float | None:
        """Takes one call; None where there was one to take, else the seconds until there is."""
        limit = self.limit(host)
        size = float(limit.calls)
        with self._lock:
            now = self.clock()
            bucket = self._buckets.setdefault((host, consumer), Bucket(size, size / limit.window, size, now))
            wait = bucket.take(now)
            self.refused += wait is not None
        return wait
