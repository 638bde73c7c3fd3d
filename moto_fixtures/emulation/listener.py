"""HTTP/1.1 with keep-alive on a free loopback port."""

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Mapping
from http.client import responses
from typing import Any, Final

from moto_fixtures.emulation.wire import Answer, Request

_LINE: Final = 65537
_SILENT: Final = frozenset({204, 304})
"""Statuses whose answers have no body, and no length either."""


class Listener(socketserver.ThreadingTCPServer):
    """Gives each request to ``serve`` and sends what that returns. ``context``: over TLS."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, name: str, serve: Callable[[Request], Answer], context: ssl.SSLContext | None = None) -> None:
        self.serve = serve
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.base = f"http://127.0.0.1:{self.port}" if context is None else f"https://localhost:{self.port}"
        threading.Thread(target=self.serve_forever, args=(0.05,), name=name, daemon=True).start()

    @property
    def port(self) -> int:
        """The port."""
        return int(self.server_address[1])

    def close(self) -> None:
        """Closes the port and every open connection."""
        self.shutdown()
        self.server_close()
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):  # the client may have hung up first
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; a crash of the emulation is answered as an error before it gets here."""


class _Handler(socketserver.StreamRequestHandler):
    """Reads requests by hand: the standard library's parser takes longer than everything else together."""

    disable_nagle_algorithm = True
    wbufsize = -1
    server: Listener

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
        """Serves one request; False when the connection is to be closed after it."""
        words = self.rfile.readline(_LINE).split()
        if len(words) != 3:
            return False
        method, target = words[0].decode(), words[1].decode("latin-1")
        headers: dict[str, str] = {}
        while (line := self.rfile.readline(_LINE)) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        body = self._chunks() if "chunked" in headers.get("transfer-encoding", "") else self._body(headers)
        scheme = self.server.base.partition(":")[0]
        answer = self.server.serve(Request(method, target, headers, body, f"{scheme}://{headers.get('host', '')}"))
        return self._send(answer, head=method == "HEAD") and headers.get("connection", "").lower() != "close"

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

    def _send(self, answer: Answer, *, head: bool) -> bool:
        """Writes an answer; False when the connection is to be closed after it."""
        if answer.cut is not None and answer.cut < 0:
            return False
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items() if name.lower() != "content-length"]
        if answer.status not in _SILENT:
            lines.append(f"Content-Length: {len(answer.body)}")
        body = b"" if head or answer.status in _SILENT else answer.body
        body = body if answer.cut is None else body[: answer.cut]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body)
        self.wfile.flush()
        return answer.cut is None
