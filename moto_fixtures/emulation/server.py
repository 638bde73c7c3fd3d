"""An emulated cloud on a free loopback port: what is the same whatever the cloud.

Use it as a context manager. A cloud says how a request is read and how it is answered.
"""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import ClassVar, Generic, Self, TypeVar

from moto_fixtures.emulation.faults import Fault, FaultPlan
from moto_fixtures.emulation.listener import Listener
from moto_fixtures.emulation.tls import ThrowAway
from moto_fixtures.emulation.wire import Answer, Request

CallT = TypeVar("CallT")
SeenT = TypeVar("SeenT")
FaultT = TypeVar("FaultT", bound=Fault)  # type: ignore[type-arg]


class Emulator(ABC, Generic[CallT, FaultT, SeenT]):
    """A port with a fault plan and a request log. ``latency`` is added to every answer, in seconds.

    ``tls``: serve HTTPS for ``localhost`` under a throw-away authority.
    """

    cloud: ClassVar[str]
    """What it emulates, in words."""

    spoils_errors: ClassVar[bool] = True
    """Whether damage befalls errors too."""

    def __init__(self, latency: float = 0.0, *, tls: bool = False) -> None:
        self.faults: FaultPlan[FaultT] = FaultPlan()
        self.latency = latency
        self._tls = tls
        self._authority: ThrowAway | None = None
        self._listener: Listener | None = None
        self._requests: list[SeenT] = []
        self._log_lock = threading.Lock()

    @abstractmethod
    def read(self, request: Request) -> CallT:
        """What a request asks for."""

    @abstractmethod
    def answer(self, call: CallT) -> Answer:
        """The answer to one call. Never raises."""

    @property
    @abstractmethod
    def environment(self) -> Mapping[str, str]:
        """Variables that point the audit at this server and at nothing else."""

    def start(self) -> Self:
        """Opens the port."""
        self._authority = ThrowAway() if self._tls else None
        context = self._authority.context if self._authority else None
        self._listener = Listener(self.cloud, lambda request: self.answer(self.read(request)), context)
        return self

    def stop(self) -> None:
        """Closes the port and every open connection; again is no harm."""
        if self._listener is not None:
            self._listener.close()
        if self._authority is not None:
            self._authority.close()
        self._listener = self._authority = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def endpoint(self) -> str:
        """The base address; RuntimeError before start and after stop."""
        if self._listener is None:
            raise RuntimeError(f"the emulated {self.cloud} is not running")
        return self._listener.base

    @property
    def bundle(self) -> str:
        """The certificate of the throw-away authority; empty without TLS."""
        return str(self._authority.bundle) if self._authority else ""

    @property
    def requests(self) -> tuple[SeenT, ...]:
        """Every request answered so far, in order; those for tokens are not among them."""
        with self._log_lock:
            return tuple(self._requests)

    def forget_requests(self) -> None:
        """Empties the request log, as after a deployment."""
        with self._log_lock:
            self._requests.clear()

    @property
    def connections(self) -> frozenset[int]:
        """The connections that are open, each by a number."""
        return frozenset(map(id, tuple(self._listener.connections if self._listener else ())))

    def log(self, seen: SeenT) -> None:
        """Adds to the request log."""
        with self._log_lock:
            self._requests.append(seen)

    def faulted(
        self, fault: FaultT | None, refusal: Callable[[FaultT], Answer | None], served: Callable[[], Answer]
    ) -> Answer:
        """What ``served`` returns, after the latency; or what a fault makes of it.

        ``refusal`` words the error of a fault; None for one that spoils the real answer.
        """
        pause = self.latency + (fault.delay if fault else 0.0)
        if pause:
            time.sleep(pause)
        refused = refusal(fault) if fault else None
        if refused is not None:
            return refused
        answer = served()
        return fault.spoiled(answer) if fault and (self.spoils_errors or answer.status == 200) else answer
