"""A clock on which waiting takes no time: what is waited for has passed at once."""

from threading import Event, Lock


class FakeClock:
    """Implements :class:`providers.calls.clock.Clock`. ``waits`` are the seconds waited, in order."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._now = 1000.0
        self._lock = Lock()

    def now(self) -> float:
        with self._lock:
            return self._now

    def __call__(self) -> float:
        return self.now()

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds

    def wait(self, stop: Event, seconds: float) -> None:
        if not stop.is_set():
            self.waits.append(seconds)
            self.advance(seconds)
