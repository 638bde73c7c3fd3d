"""Token buckets as Azure keeps them."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from moto_fixtures.emulation.quotas import Bucket

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
            return None if wait is None else max(1, math.ceil(wait)), _headers(kind, subscription, int(bucket.level))


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
