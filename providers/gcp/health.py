"""What a run has learnt about its credentials and hosts, so that nothing hopeless is asked again and again."""

from threading import Lock
from typing import Final

from auditor.model.observed import GapReason
from providers.gcp.classify import Refusal

_DEAD_AFTER: Final = 3


class Health:
    """Expired credentials end the run's calls; a silent host or a service that is switched off its own.

    Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._expired: Refusal | None = None
        self._failures: dict[str, int] = {}
        self._silent: dict[str, Refusal] = {}
        self._off: dict[tuple[str, str], Refusal] = {}

    def answered(self, host: str) -> None:
        """A host answered, if only with a refusal."""
        with self._lock:
            self._failures.pop(host, None)
            self._silent.pop(host, None)

    def failed(self, scope: str, host: str, refusal: Refusal) -> None:
        """A call was given up."""
        with self._lock:
            if refusal.reason is GapReason.EXPIRED:
                self._expired = refusal
            elif refusal.reason is GapReason.UNREACHABLE:
                self._failures[host] = self._failures.get(host, 0) + 1
                self._silent[host] = refusal
            elif refusal.off:
                self._off[scope, host] = refusal

    def verdict(self, scope: str, host: str) -> Refusal | None:
        """Why a call there is hopeless; None where it is worth trying."""
        with self._lock:
            if self._expired is not None:
                return self._expired
            if self._failures.get(host, 0) >= _DEAD_AFTER:
                return self._silent[host]
            return self._off.get((scope, host))
