"""Simulated time, and an organization of AWS accounts in it, for the collection as it is.

The collection's own threads, queues, quotas and SDK run; what they wait for does not: when every thread of a unit waits,
the clock is set to the moment at which the first of them goes on. Requests are answered in process, after the latency
and within the quotas that a real account would have.
"""

import heapq
import io
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

from botocore.awsrequest import AWSResponse, HeadersDict

from providers.aws import http_transport
from providers.calls import caller, once, work_queue
from tests.bench.account import LATENCY, Account, Server

KEY = "AS" + "IA"
"""How the id of a temporary access key begins; that of an account follows, so that a request tells whose it is."""
HOME = "999999999999"
_SCOPE = re.compile(rf"Credential=(?:{KEY})?([^/]+)/\d{{8}}/([^/]+)/([^/]+)/")


class SimulatedTime:
    """The clock of one unit. ``running`` counts its threads that do not wait: at first the one that reads it."""

    def __init__(self) -> None:
        self.running = 1
        self._now = 0.0
        self._lock = threading.Lock()
        self._order = count()
        self._sleeping: list[tuple[float, int, _Waiter]] = []

    def now(self) -> float:
        """Seconds since the unit began."""
        return self._now

    def wait(self, stop: threading.Event, seconds: float) -> None:
        """Implements :class:`providers.calls.clock.Clock`; nothing here is stopped early."""
        self.sleep(seconds)

    def sleep(self, seconds: float) -> None:
        """Waits; a thread that was lent to another sleeps for that one."""
        self.block(_Waiter(), seconds)

    def block(self, waiter: "_Waiter", seconds: float | None) -> None:
        """Waits until the waiter is woken, or for so long."""
        with self._lock:
            if not waiter.woken:
                self.running -= 1
                if seconds is not None:
                    heapq.heappush(self._sleeping, (self._now + max(seconds, 0.0), next(self._order), waiter))
                self._advance()
        waiter.event.wait()

    def wake(self, waiter: "_Waiter") -> None:
        """Lets a waiter go on."""
        with self._lock:
            self._go_on(waiter)

    def began(self) -> None:
        """Another thread runs."""
        with self._lock:
            self.running += 1

    def ended(self) -> None:
        """A thread ended."""
        with self._lock:
            self.running -= 1
            self._advance()

    def _go_on(self, waiter: "_Waiter") -> None:
        if not waiter.woken:
            waiter.woken = True
            self.running += 1
            waiter.event.set()

    def _advance(self) -> None:
        while self.running == 0 and self._sleeping:
            moment, _, waiter = heapq.heappop(self._sleeping)
            if not waiter.woken:
                self._now = max(self._now, moment)
                self._go_on(waiter)


class _Waiter:
    def __init__(self) -> None:
        self.event = threading.Event()
        self.woken = False


class _Condition:
    """A condition in simulated time."""

    def __init__(self, time: SimulatedTime, lock: Any) -> None:
        self._time, self._lock = time, lock
        self._waiting: list[_Waiter] = []

    def __enter__(self) -> Any:
        return self._lock.__enter__()

    def __exit__(self, *told: object) -> None:
        self._lock.__exit__(*told)

    def wait(self, timeout: float | None = None) -> None:
        waiter = _Waiter()
        self._waiting.append(waiter)
        self._lock.release()
        self._time.block(waiter, timeout)
        self._lock.acquire()
        if waiter in self._waiting:
            self._waiting.remove(waiter)

    def notify(self, number: int = 1) -> None:
        woken, self._waiting = self._waiting[:number], self._waiting[number:]
        for waiter in woken:
            self._time.wake(waiter)

    def notify_all(self) -> None:
        self.notify(len(self._waiting))


class _Slots:
    """A semaphore in simulated time."""

    def __init__(self, time: SimulatedTime, free: int) -> None:
        self._free = free
        self._changed = _Condition(time, threading.Lock())

    def __enter__(self) -> None:
        with self._changed:
            while self._free == 0:
                self._changed.wait()
            self._free -= 1

    def __exit__(self, *told: object) -> None:
        with self._changed:
            self._free += 1
            self._changed.notify()


class _Promise(Future[Any]):
    """An answer that others wait for in simulated time."""

    def __init__(self, time: SimulatedTime) -> None:
        super().__init__()
        self._time = time

    def result(self, timeout: float | None = None) -> Any:
        waiter = _Waiter()
        self.add_done_callback(lambda _: self._time.wake(waiter))
        self._time.block(waiter, None)
        return super().result()


class _Thread(threading.Thread):
    """A thread of a unit, which counts from before it starts."""

    def __init__(self, time: SimulatedTime, **told: Any) -> None:
        super().__init__(**told)
        self._time = time

    def start(self) -> None:
        self._time.began()
        super().start()

    def run(self) -> None:
        try:
            super().run()
        finally:
            self._time.ended()


class Organization:
    """Accounts with a thousand functions each, say, made when they are asked for and forgotten when they were read."""

    def __init__(self, accounts: int, functions: int) -> None:
        self.names = tuple(f"{100_000_000_000 + number}" for number in range(accounts))
        self.requests = 0
        self.throttled = 0
        self._functions = functions
        self._servers: dict[str, Server] = {}
        self._lock = threading.Lock()

    def send(self, request: Any, time: SimulatedTime) -> AWSResponse:
        """Answers a request, after the latency."""
        url = urlsplit(request.url)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        found = _SCOPE.search(headers.get("authorization", ""))
        whose, region, service = found.groups() if found else ("", "", "unsigned")
        whose = whose if whose in self.names else HOME
        time.sleep(LATENCY)
        with self._lock:
            self.requests += 1
            server = self._servers.get(whose)
            if server is None:
                made = Account(self._functions if whose != HOME else 0, 1, whose)
                server = self._servers[whose] = Server(made, quotas=True, clock=time.now)
            if service == "sts" and b"Action=AssumeRole" in body:
                status, kind, answer = 200, "text/xml", _credentials(body.decode()).encode()
            else:
                query = parse_qs(url.query)
                name, respond = server.route(request.method, url.path, query, headers, body, region, service)
                before = server.throttled.total()
                status, kind, answer = server.told(region, service, name, respond)
                self.throttled += server.throttled.total() - before
        told = HeadersDict({"content-type": kind, "content-length": str(len(answer)), "x-amzn-requestid": "0"})
        if status == 429:
            told["x-amzn-errortype"] = "TooManyRequestsException"
        return AWSResponse(request.url, status, told, _Raw(answer))

    def forget(self) -> None:
        """Lets go of what the accounts that were read held."""
        self._servers.clear()


class _Raw(io.BytesIO):
    enforce_content_length = True

    def read1(self, amt: int | None = -1, *, decode_content: bool = False) -> bytes:
        return super().read1(-1 if amt is None else amt)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _credentials(body: str) -> str:
    account = parse_qs(body)["RoleArn"][0].split(":")[4]
    given = f"<AccessKeyId>{KEY}{account}</AccessKeyId><SecretAccessKey>made-up</SecretAccessKey>"
    given += "<SessionToken>made-up</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>"
    return (
        '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>'
        f"<Credentials>{given}</Credentials></AssumeRoleResult></AssumeRoleResponse>"
    )


@contextmanager
def simulated(organization: Organization) -> Iterator[Callable[[], SimulatedTime]]:
    """Has the collection wait in simulated time and ask the organization. What it gives begins the time of a unit anew."""
    times = [SimulatedTime()]

    class Http:
        def __init__(self, _inner: Any) -> None:
            self._time = times[-1]

        def send(self, request: Any) -> AWSResponse:
            return organization.send(request, self._time)

        def close(self) -> None:
            """Nothing is open."""

    class Bounded(http_transport.BoundedHttp):
        def __init__(self, inner: Any) -> None:
            inner.close()
            super().__init__(Http(inner))

    def begun() -> SimulatedTime:
        times[:] = [SimulatedTime()]
        return times[0]

    with ExitStack() as entered:
        for module, name, made in (
            (http_transport, "BoundedHttp", Bounded),
            (caller, "SystemClock", lambda: times[-1]),
            (caller, "BoundedSemaphore", lambda free: _Slots(times[-1], free)),
            (once, "Future", lambda: _Promise(times[-1])),
            (work_queue, "Condition", lambda lock: _Condition(times[-1], lock)),
            (work_queue, "Thread", lambda **told: _Thread(times[-1], **told)),
        ):
            entered.enter_context(mock.patch.object(module, name, made))
        yield begun
