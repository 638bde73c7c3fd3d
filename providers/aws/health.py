"""What a run has learnt about its credentials and endpoints, so that nothing hopeless is asked again and again."""

from threading import Lock
from typing import Final

from auditor.model.observed import GapReason
from providers.aws.classify import Refusal

_DEAD_AFTER: Final = 3


class Health:
    """Expired credentials end the run's calls; a silent region or service ends its own. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._expired: Refusal | None = None
        self._alive: set[str] = set()
        self._dead: dict[str, Refusal] = {}
        self._failures: dict[tuple[str, str], int] = {}
        self._last: dict[tuple[str, str], Refusal] = {}

    def answered(self, client: str, region: str) -> None:
        """An endpoint answered, if only with a refusal."""
        with self._lock:
            self._alive.add(region)
            self._failures.pop((client, region), None)

    def failed(self, client: str, region: str, refusal: Refusal) -> None:
        """A call was given up."""
        if refusal.reason is GapReason.EXPIRED:
            self._expired = refusal
        elif refusal.reason is GapReason.UNREACHABLE:
            with self._lock:
                key = (client, region)
                self._failures[key] = self._failures.get(key, 0) + 1
                self._last[key] = refusal
                if region not in self._alive:
                    self._dead[region] = refusal

    def verdict(self, client: str, region: str) -> Refusal | None:
        """Why a call there is hopeless; None where it is worth trying."""
        if self._expired is not None:
            return self._expired
        with self._lock:
            dead = self._dead.get(region)
            if dead is None and self._failures.get((client, region), 0) >= _DEAD_AFTER:
                dead = self._last[client, region]
            return dead
