"""The emulated AWS on loopback: HTTP/1.1 with keep-alive in front, extensions of moto and moto behind.

Use it as a context manager; ``endpoint`` is what ``AWS_ENDPOINT_URL`` should say. Every start is a fresh account.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

from moto_fixtures.aws import moto_extensions  # noqa: F401 - loads every extension
from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError, error_answer
from moto_fixtures.aws.faults import FaultPlan, Spoil, refusal, spoiled
from moto_fixtures.aws.moto_extensions.environment import environment_withheld
from moto_fixtures.aws.moto_extensions.registry import handler_of
from moto_fixtures.aws.wire import Answer, Call, identify

CALLER = "user/auditor"
_READS = ("Get", "List", "Describe", "BatchGet", "Head")


@dataclass(frozen=True)
class Seen:
    """One request in the log: what was asked, of which resource, and the status of the answer."""

    service: str
    operation: str
    region: str
    resource: str
    status: int


class Server:
    """An AWS endpoint on a free loopback port, with a fault plan and a request log."""

    def __init__(self, latency: float = 0.0) -> None:
        self.faults = FaultPlan()
        self.latency = latency
        self._requests: list[Seen] = []
        self._log_lock = threading.Lock()
        self._http: _Listener | None = None
        self._account: Account | None = None

    def start(self) -> Self:
        """Opens the port and a fresh account; raises RuntimeError while another account is open here."""
        self._account = Account()
        self._http = _Listener(self)
        threading.Thread(target=self._http.serve_forever, args=(0.05,), name="aws", daemon=True).start()
        return self

    def stop(self) -> None:
        """Closes the port and every open connection, and forgets the account."""
        if self._http is not None:
            self._http.close()
        if self._account is not None:
            self._account.close()
        self._http = self._account = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def account(self) -> Account:
        """The account behind the port; RuntimeError before start and after stop."""
        if self._account is None:
            message = "the emulated AWS is not running"
            raise RuntimeError(message)
        return self._account

    @property
    def endpoint(self) -> str:
        """The base URL clients use."""
        if self._http is None:
            message = "the emulated AWS is not running"
            raise RuntimeError(message)
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that point any AWS SDK at this server, with credentials that are none."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_SESSION_TOKEN": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }

    @property
    def requests(self) -> tuple[Seen, ...]:
        """Every request answered so far, in order."""
        with self._log_lock:
            return tuple(self._requests)

    def forget_requests(self) -> None:
        """Empties the request log, as after a deployment."""
        with self._log_lock:
            self._requests.clear()

    def answer(self, call: Call) -> Answer:
        """The answer to one call: what the fault plan says, else the extension's, else moto's."""
        fault = self.faults.pick(call)
        time.sleep(self.latency + (fault.delay if fault else 0.0))
        refused = refusal(fault, call, self._caller()) if fault else None
        answer = refused or self._served(call)
        if fault and refused is None:
            kms = fault.kind is Spoil.KMS_DENIED
            answer = environment_withheld(answer) if kms else spoiled(fault, answer)
        with self._log_lock:
            self._requests.append(Seen(call.service, call.operation, call.region, call.resource, answer.status))
        return answer

    def _caller(self) -> str:
        return f"arn:aws:iam::{self.account.id}:{CALLER}"

    def _served(self, call: Call) -> Answer:
        handler = handler_of(call)
        try:
            if handler is None:
                return self.account.moto(call)
            with self.account.lock:
                return handler(call, self.account)
        except ServiceError as error:
            return error_answer(call.protocol, error.code, error.message, error.status)
        except Exception as error:  # noqa: BLE001 - a crash of the emulation must reach the client, not hang it
            detail = f"{call.service}:{call.operation}: {type(error).__name__}: {error}"
            return error_answer(call.protocol, "InternalFailure", detail, 500)
        finally:
            if not call.operation.startswith(_READS):
                self.account.generation += 1


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, served: Server) -> None:
        self.served = served
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):  # the client may have hung up first
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; a crash is answered as InternalFailure before it gets here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Listener
    _verbs: ClassVar[frozenset[str]] = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"})
    _silent: ClassVar[frozenset[int]] = frozenset({204, 304})

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def __getattr__(self, name: str) -> Callable[[], None]:
        """The base class looks a handler up by verb (``do_GET``…); one serves them all."""
        if name.removeprefix("do_") in self._verbs:
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = (
            self._chunks()
            if "chunked" in headers.get("transfer-encoding", "")
            else self.rfile.read(int(headers.get("content-length") or 0))
        )
        self._send(self.server.served.answer(identify(self.command, self.path, headers, body)))

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def _send(self, answer: Answer) -> None:
        body = b"" if self.command == "HEAD" or answer.status in self._silent else answer.body
        if answer.cut is not None and answer.cut < 0:
            self.close_connection = True
            return
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items() if name.lower() != "content-length"]
        if answer.status not in self._silent:
            lines.append(f"Content-Length: {len(answer.body)}")
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace"))
        self.wfile.write(body if answer.cut is None else body[: answer.cut])
        self.wfile.flush()
        if answer.cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """The request log is kept by the server, not printed."""
