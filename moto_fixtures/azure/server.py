"""The emulated Azure on loopback: HTTP/1.1 with keep-alive in front, Resource Manager and the sign-in behind.

Use it as a context manager. ``environment`` points the auditor (or, with TLS, any Azure SDK) at it.
"""

import contextlib
import itertools
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import responses
from types import TracebackType
from typing import Any, Self

from moto_fixtures.azure import arm, entra, errors
from moto_fixtures.azure.faults import Denials, FaultPlan, refusal, spoiled
from moto_fixtures.azure.graph import table_of
from moto_fixtures.azure.quotas import Quotas
from moto_fixtures.azure.routes import Route, Style, route_of
from moto_fixtures.azure.tenant import Tenant
from moto_fixtures.azure.tls import ThrowAway
from moto_fixtures.azure.wire import JSON, Answer, Call

CLIENT = "3c9e5d21-6f7a-4b8c-9d0e-1f2a3b4c5d6e"
_SECRET = "not-a-secret-at-all"


@dataclass(frozen=True)
class Seen:
    """One request in the log: the operation as the route table names it (empty: none), and the status answered."""

    method: str
    path: str
    api_version: str
    operation: str
    status: int


class Server:
    """An Azure endpoint on a free loopback port, with a fault plan, denials, quotas and a request log.

    ``standing`` faults belong to what is served and outlive ``faults.clear()``. ``tls``: serve HTTPS for
    ``localhost`` under a throw-away authority. ``page_size`` is the length of ARM's pages.
    """

    def __init__(
        self,
        tenant: Tenant | None = None,
        *,
        tls: bool = False,
        latency: float = 0.0,
        quotas: Quotas | None = None,
        page_size: int = 500,
    ) -> None:
        self.tenant = tenant or Tenant()
        self.faults, self.standing, self.denials = FaultPlan(), FaultPlan(), Denials()
        self.quotas = quotas or Quotas()
        self.latency = latency
        self.page_size = page_size
        self._tls = tls
        self._authority: ThrowAway | None = None
        self._listener: _Listener | None = None
        self._requests: list[Seen] = []
        self._numbers = itertools.count(1)

    def start(self) -> Self:
        """Opens the port."""
        self._authority = ThrowAway() if self._tls else None
        self._listener = _Listener(self, self._authority.context if self._authority else None)
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), name="azure", daemon=True).start()
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
        """The base URL of Resource Manager, and of the sign-in."""
        if self._listener is None:
            message = "the emulated Azure is not running"
            raise RuntimeError(message)
        port = self._listener.server_address[1]
        return f"https://localhost:{port}" if self._tls else f"http://127.0.0.1:{port}"

    @property
    def bundle(self) -> str:
        """The certificate of the throw-away authority; empty without TLS."""
        return str(self._authority.bundle) if self._authority else ""

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that point the auditor at this server; with TLS also those the SDK's sign-in reads."""
        named = {"AUDITOR_AZURE_ENDPOINT": self.endpoint, "NO_PROXY": "127.0.0.1"}
        if not self._tls:
            return named
        return named | {
            "NO_PROXY": "127.0.0.1,localhost",
            "AZURE_AUTHORITY_HOST": self.endpoint,
            "AZURE_TENANT_ID": self.tenant.id,
            "AZURE_CLIENT_ID": CLIENT,
            "AZURE_CLIENT_SECRET": _SECRET,
            "REQUESTS_CA_BUNDLE": self.bundle,
        }

    @property
    def requests(self) -> tuple[Seen, ...]:
        """Every request to Resource Manager answered so far, in order; those for tokens are not among them."""
        return tuple(self._requests)

    def forget_requests(self) -> None:
        """Empties the request log."""
        self._requests.clear()

    def answer(self, call: Call) -> Answer:
        """The answer to one call, after its latency, with the headers every answer carries."""
        signed_in = entra.sign_in(call)
        if signed_in is not None:
            return signed_in
        route = route_of(call)
        operation = "" if route is None else route.operation
        if route is not None and route.style is Style.GRAPH:
            operation = f"graph:{table_of(call)}"
        found = self._faulted(route, operation, call)
        self._requests.append(Seen(call.method, call.sent, call.api_version, operation, found.status))
        number = f"{next(self._numbers):012d}"
        common = {"x-ms-request-id": f"00000000-0000-4000-8000-{number}",
                  "x-ms-correlation-request-id": f"00000000-0000-4000-9000-{number}"}  # fmt: skip
        return Answer(found.status, found.body, common | dict(found.headers), found.cut)

    def _faulted(self, route: Route | None, operation: str, call: Call) -> Answer:
        fault = self.faults.pick(operation, call) or self.standing.pick(operation, call)
        pause = self.latency + (fault.delay if fault else 0.0)
        if pause:
            time.sleep(pause)
        action = route.action if route else ""
        refused = refusal(fault, operation, action, call, self._challenge()) if fault else None
        if refused is not None:
            return refused
        found = self._served(route, operation, call)
        return spoiled(fault, found) if fault else found

    def _challenge(self) -> tuple[str, str]:
        return self.endpoint, self.tenant.id

    def _served(self, route: Route | None, operation: str, call: Call) -> Answer:
        headers: dict[str, str] = {}
        try:
            if not call.headers.get("authorization", "").startswith("Bearer "):
                raise errors.no_token(*self._challenge())  # noqa: TRY301 - one place words every refusal
            arm.checked(call)
            if route is None:
                raise errors.unknown_route(call)  # noqa: TRY301
            wait, headers = self.quotas.take(arm.bucket_of(route), call.subscription)
            if wait is not None:
                return _throttled(route, call, wait, headers)
            if self.denials.rules and self.denials.forbid(route.action, call.path, operation):
                raise errors.forbidden(route.action, call.sent)  # noqa: TRY301
            found = arm.answer(route, call, self.tenant, self.denials, self.page_size)
        except errors.ArmError as error:
            found = error.answer()
        except Exception as error:  # noqa: BLE001 - a crash of the emulation must reach the client, not hang it
            found = errors.ArmError(500, "EmulatorFailure", f"{type(error).__name__}: {error}").answer()
        return Answer(found.status, found.body, headers | dict(found.headers), found.cut)


def _throttled(route: Route, call: Call, wait: int, headers: dict[str, str]) -> Answer:
    if route.style is Style.GRAPH:
        found = errors.graph_throttled(wait)
    elif route.style is Style.POSTED:
        found = errors.action_throttled(route.action, wait).answer()
    else:
        found = errors.throttled(call, wait).answer()
    return Answer(found.status, found.body, headers | dict(found.headers))


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, served: Server, context: ssl.SSLContext | None) -> None:
        self.served = served
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):  # the client may have hung up first
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; a crash is answered as an error before it gets here."""


class _Handler(socketserver.StreamRequestHandler):
    """Reads requests by hand: the standard library's parser takes longer than everything else together."""

    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Listener

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def handle(self) -> None:
        while self._one():
            pass

    def _one(self) -> bool:
        words = self.rfile.readline(65537).split()
        if len(words) != 3:
            return False
        headers: dict[str, str] = {}
        while (line := self.rfile.readline(65537)) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = self._chunks() if "chunked" in headers.get("transfer-encoding", "") else self._body(headers)
        served = self.server.served
        base = f"{served.endpoint.partition(':')[0]}://{headers.get('host', '')}"
        call = Call(words[0].decode(), words[1].decode(), headers, body, base)
        return self._send(served.answer(call)) and headers.get("connection", "").lower() != "close"

    def _body(self, headers: Mapping[str, str]) -> bytes:
        length = int(headers.get("content-length") or 0)
        return self.rfile.read(length) if length else b""

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def _send(self, answer: Answer) -> bool:
        """Writes an answer; False when the connection is to be closed after it."""
        if answer.cut is not None and answer.cut < 0:
            return False
        headers = {"Content-Type": JSON, "Cache-Control": "no-cache"} | dict(answer.headers)
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines.append(f"Content-Length: {len(answer.body)}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        self.wfile.write(head + body)
        self.wfile.flush()
        return answer.cut is None
