"""The emulated Google Cloud on loopback: every service under one address, HTTP/1.1 with keep-alive.

Use it as a context manager; ``endpoint`` is what ``AUDITOR_GCP_ENDPOINT`` should say.
"""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

from moto_fixtures.gcp import (
    errors,
    routes,  # noqa: F401 - loads every route
)
from moto_fixtures.gcp.faults import About, FaultPlan, refusal, spoiled
from moto_fixtures.gcp.organization import Estate, Project
from moto_fixtures.gcp.quotas import Quotas
from moto_fixtures.gcp.routes.registry import Asked, Route, find
from moto_fixtures.gcp.tokens import TOKEN_PATH, Tokens
from moto_fixtures.gcp.wire import Answer, Call, answer, page_of_html, parse

_PROJECT = re.compile(r"/projects/([^/:]+)")
_VERB = re.compile(r":\w+$")
_NOBODY = ("-", "_")


@dataclass(frozen=True)
class Seen:
    """One request in the log. ``operation`` is the id of the declared call, "" for a path nobody declared."""

    method: str
    path: str
    operation: str
    project: str
    status: int


class Server:
    """Google Cloud on a free loopback port, with denials, quotas, a fault plan and a request log.

    ``denied`` holds (permission, project) globs. Without ``quotas`` there are none.
    """

    def __init__(self, estate: Estate | None = None, quotas: Quotas | None = None, latency: float = 0.0) -> None:
        self.estate = estate or Estate()
        self.quotas = quotas
        self.latency = latency
        self.faults = FaultPlan()
        self.tokens = Tokens()
        self.denied: set[tuple[str, str]] = set()
        self._requests: list[Seen] = []
        self._lock = threading.Lock()
        self._http: _Listener | None = None

    def start(self) -> Self:
        """Opens the port."""
        self._http = _Listener(self)
        threading.Thread(target=self._http.serve_forever, args=(0.05,), name="gcp", daemon=True).start()
        return self

    def stop(self) -> None:
        """Closes the port and every open connection; again is no harm."""
        if self._http is not None:
            self._http.close()
        self._http = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def endpoint(self) -> str:
        """The base address of every service."""
        if self._http is None:
            message = "the emulated Google Cloud is not running"
            raise RuntimeError(message)
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def token_uri(self) -> str:
        """Where google-auth gets its tokens."""
        return self.endpoint + TOKEN_PATH

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that point the audit at this server and at nothing else."""
        return {"AUDITOR_GCP_ENDPOINT": self.endpoint, "NO_GCE_CHECK": "true", "NO_PROXY": "127.0.0.1"}

    @property
    def requests(self) -> tuple[Seen, ...]:
        """Every request answered so far, in order; those for tokens are not among them."""
        with self._lock:
            return tuple(self._requests)

    def forget_requests(self) -> None:
        """Empties the request log."""
        with self._lock:
            self._requests.clear()

    def deny(self, permission: str, project: str = "*") -> None:
        """Takes a permission away from the caller; both are globs."""
        self.denied.add((permission, project))

    def answer(self, call: Call) -> Answer:
        """The answer to one call, logged."""
        if self.tokens.concerns(call):
            return self._token(call)
        found = find(call)
        if found is None:
            self._log(call, "", "", 404)
            return page_of_html(404, "Not Found")
        route, names = found
        project, about = self._about(call, route)
        fault = self.faults.pick(about)
        if self.latency or (fault and fault.delay):
            time.sleep(self.latency + (fault.delay if fault else 0.0))
        made = (refusal(fault, about) if fault else None) or self._served(call, route, names, project, about)
        if fault and made.status == 200:
            made = spoiled(fault, made)
        self._log(call, route.id, about.project, made.status)
        return made

    def _token(self, call: Call) -> Answer:
        try:
            return self.tokens.give(call)
        except errors.ServiceError as error:
            return error.answer("iamcredentials.googleapis.com")

    def _about(self, call: Call, route: Route) -> tuple[str, About]:
        """What the call is about. The project may be named by number, and there may be none of that name."""
        match = _PROJECT.search(call.path)
        named = match.group(1) if match and match.group(1) not in _NOBODY else ""
        project = self._project(named)
        first = next(iter(self.estate.projects.values()), None)
        charged = project or first
        resource = _VERB.sub("", call.path.split("/", 2)[2])
        about = About(
            route.id,
            route.host,
            route.permission,
            project.id if project else named,
            charged.number if charged else "0",
            resource,
            call.method,
            call.path,
        )
        return named, about

    def _project(self, named: str) -> Project | None:
        with contextlib.suppress(errors.ServiceError):
            return self.estate.known(named) if named else None
        return None

    def _served(self, call: Call, route: Route, names: Mapping[str, str], named: str, about: About) -> Answer:
        try:
            self.tokens.check(call, route.host)
            self._take(route, about)
            project = self.estate.known(named) if named else None
            self._permit(route, project, about)
            return answer(route.handler(Asked(call, self.estate, names, project)))
        except errors.ServiceError as error:
            return error.answer(route.host)
        except Exception as error:  # noqa: BLE001 - a crash of the emulation must reach the client, not hang it
            return errors.internal(f"{route.id}: {type(error).__name__}: {error}").answer(route.host)

    def _permit(self, route: Route, project: Project | None, about: About) -> None:
        """Whether the service is on is looked at first, the caller's permission after."""
        if project is not None and route.host in project.disabled:
            raise errors.disabled(route.host, f"projects/{project.number}")
        for permission, where in self.denied:
            if fnmatchcase(about.permission, permission) and fnmatchcase(about.project, where):
                raise errors.denied(route.host, route.permission, about.resource)

    def _take(self, route: Route, about: About) -> None:
        if self.quotas is None:
            return
        wait = self.quotas.take(route.host, about.consumer)
        if wait is not None:
            limit = self.quotas.limit(route.host)
            says = float(max(1, round(wait + 0.5))) if self.quotas.tells_when else None
            raise errors.throttled(route.host, f"projects/{about.consumer}", limit.calls, limit.window, says)

    def _log(self, call: Call, operation: str, project: str, status: int) -> None:
        with self._lock:
            self._requests.append(Seen(call.method, call.path, operation, project, status))


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
        """A client that hangs up is no news; a crash is answered as INTERNAL before it gets here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Listener
    _verbs: ClassVar[frozenset[str]] = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"})

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
        body = self.rfile.read(int(headers.get("content-length") or 0))
        self._send(self.server.served.answer(parse(self.command, self.path, headers, body)))

    def _send(self, made: Answer) -> None:
        if made.cut is not None and made.cut < 0:
            self.close_connection = True
            return
        lines = [f"HTTP/1.1 {made.status} {responses.get(made.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in made.headers.items()]
        lines.append(f"Content-Length: {len(made.body)}")
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace"))
        self.wfile.write(b"" if self.command == "HEAD" else made.body if made.cut is None else made.body[: made.cut])
        self.wfile.flush()
        if made.cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """The request log is kept by the server, not printed."""
