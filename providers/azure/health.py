"""What a run has learnt about its credentials and the endpoint, so that nothing hopeless is asked again and again."""

from threading import Lock
from typing import Final

from auditor.model.observed import GapReason
from providers.azure.classify import Refusal

_DEAD_AFTER: Final = 5


class Health:
    """Credentials that cannot be renewed end the run's calls, and so does an endpoint that is silent. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._final: Refusal | None = None
        self._alive = False
        self._failures = 0

    def answered(self) -> None:
        """The endpoint answered, if only with a refusal."""
        self._alive = True
        self._failures = 0

    def failed(self, refusal: Refusal) -> None:
        """A call was given up."""
        with self._lock:
            if refusal.reason is GapReason.EXPIRED:
                self._final = refusal
            elif refusal.reason is GapReason.UNREACHABLE:
                self._failures += 1
                if not self._alive or self._failures >= _DEAD_AFTER:
                    self._final = refusal

    def verdict(self) -> Refusal | None:
        """Why another call is hopeless; None where it is worth trying."""
        return self._final
