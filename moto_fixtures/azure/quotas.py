"""Token buckets as Azure keeps them, and a clock that tests may turn by hand."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


class VirtualClock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self._now = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        with self._lock:
            self._now += seconds


@dataclass
class Bucket:
    """``size`` tokens, refilled at ``rate`` a second."""

    size: float
    rate: float
    level: float
    at: float

    def take(self, now: float) -> int | None:
        """Takes a token; None when there was one, else the whole seconds until there is."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return None
        return max(1, math.ceil((1 - self.level) / self.rate))


READS, RESOURCE_REQUESTS, GRAPH = "reads", "resource-requests", "graph"
_SIZES = {READS: (250.0, 25.0), RESOURCE_REQUESTS: (12_000.0, 12_000 / 3600), GRAPH: (15.0, 3.0)}


@dataclass
class Quotas:
    """The buckets of one principal. Off, every call is let through and full buckets are reported.

    ``sizes`` maps a kind of bucket to its size and refill a second: reads (of a subscription, or of the tenant),
    resource-requests (POST ``config/…/list``), graph (queries of the principal).
    """

    on: bool = False
    clock: Callable[[], float] = time.monotonic
    sizes: dict[str, tuple[float, float]] = field(default_factory=lambda: dict(_SIZES))

    def __post_init__(self) -> None:
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._lock = threading.Lock()

    def take(self, kind: str, subscription: str) -> tuple[int | None, dict[str, str]]:
        """Takes a token: the seconds to wait (None: let through) and the headers to report."""
        if not self.on:
            return None, _headers(kind, subscription, int(self.sizes[kind][0]) - 1)
        with self._lock:
            key = (kind, "" if kind == GRAPH else subscription)
            size, rate = self.sizes[kind]
            bucket = self._buckets.setdefault(key, Bucket(size, rate, size, self.clock()))
            wait = bucket.take(self.clock())
            return wait, _headers(kind, subscription, int(bucket.level))


def _headers(kind: str, subscription: str, remaining: int) -> dict[str, str]:
    left = str(remaining)
    if kind == GRAPH:
        return {
            "x-ms-user-quota-remaining": left,
            "x-ms-user-quota-resets-after": "00:00:05",
            "x-ms-ratelimit-remaining-tenant-resource-requests": left,
        }
    whose = "subscription" if subscription else "tenant"
    if kind == RESOURCE_REQUESTS:
        return {f"x-ms-ratelimit-remaining-{whose}-resource-requests": left}
    return {
        f"x-ms-ratelimit-remaining-{whose}-reads": left,
        f"x-ms-ratelimit-remaining-{whose}-global-reads": "3749",
    }
