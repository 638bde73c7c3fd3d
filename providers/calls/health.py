"""What a run has learnt about its credentials and endpoints, so that nothing hopeless is asked again and again."""

from dataclasses import dataclass
from threading import Lock
from typing import Final

from auditor.model.observed import GapReason
from providers.calls.reply import Refusal

DEAD_AFTER: Final = 3


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a call goes.

    ``host`` is given up after several failures in a row, and all of ``network`` after the first one if nothing in it
    ever answered ("": nothing is known of other hosts from one). ``scope`` is where a service may be switched off.
    """

    host: str
    network: str = ""
    scope: str = ""


class Health:
    """Credentials that cannot be renewed end the run's calls, a silent endpoint its own. Thread-safe.

    ``dead_after`` failures in a row are taken for the silence of a host.
    """

    def __init__(self, dead_after: int = DEAD_AFTER) -> None:
        self._dead_after = dead_after
        self._lock = Lock()
        self._expired: Refusal | None = None
        self._alive: set[str] = set()
        self._dead: dict[str, Refusal] = {}
        self._failures: dict[str, int] = {}
        self._last: dict[str, Refusal] = {}
        self._off: dict[tuple[str, str], Refusal] = {}

    def answered(self, endpoint: Endpoint) -> None:
        """An endpoint answered, if only with a refusal."""
        with self._lock:
            self._alive.add(endpoint.network)
            self._failures.pop(endpoint.host, None)

    def failed(self, endpoint: Endpoint, refusal: Refusal) -> None:
        """A call was given up."""
        with self._lock:
            if refusal.reason is GapReason.EXPIRED:
                self._expired = refusal
            elif refusal.reason is GapReason.UNREACHABLE:
                self._failures[endpoint.host] = self._failures.get(endpoint.host, 0) + 1
                self._last[endpoint.host] = refusal
                if endpoint.network and endpoint.network not in self._alive:
                    self._dead[endpoint.network] = refusal
            elif refusal.off:
                self._off[endpoint.scope, endpoint.host] = refusal

    def verdict(self, endpoint: Endpoint) -> Refusal | None:
        """Why a call there is hopeless; None where it is worth trying."""
        with self._lock:
            if self._expired is not None:
                return self._expired
            if dead := self._dead.get(endpoint.network):
                return dead
            if self._failures.get(endpoint.host, 0) >= self._dead_after:
                return self._last[endpoint.host]
            return self._off.get((endpoint.scope, endpoint.host))
