"""A recorder that keeps what it is told, a scripted AWS endpoint, and gateways that talk to it."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions
from providers.aws.gateway import Gateway
from providers.aws.session import Session, Settings
from tests.unit.providers.fake_clock import FakeClock
from tests.unit.providers.kept import Kept as Recorded

ACCOUNT = "111122223333"
REGION = "eu-west-1"


class Kept(Recorded):
    """What is recorded of AWS."""

    cloud = Cloud.AWS

    def told(self, operation: str) -> dict[str, str]:
        """By subject, what came of an operation: ok, absent, or the reason of the gap."""
        return {e.subject: str(e.reason or e.outcome) for e in self.of(operation)}

    def pages(self, operation: str) -> list[str]:
        """By page, what came of a list: ok, or the reason of the gap."""
        return [str(e.reason or e.outcome) for e in sorted(self.of(operation), key=lambda e: e.page)]


@dataclass
class Told:
    """One scripted answer."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut: int | None = None
    hang_up: bool = False


Script = Callable[[str, str], Told]


class Endpoint:
    """An HTTP server that answers as the script says; ``asked`` lists method and path of every request."""

    def __init__(self) -> None:
        self.script: Script = lambda _method, _path: Told({})
        self.asked: list[str] = []
        handler = type("Handler", (_Handler,), {"endpoint": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    endpoint: ClassVar[Endpoint]
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.endpoint.asked.append(f"{self.command} {self.path}")
        told = self.endpoint.script(self.command, self.path)
        self.close_connection = told.hang_up or told.cut is not None
        if told.hang_up:
            return
        body = told.raw if told.raw is not None else json.dumps(told.body).encode()
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body if told.cut is None else body[: told.cut])

    do_GET = do_POST = do_HEAD = _serve

    def log_message(self, *_: Any) -> None:
        return


def refused(code: str, message: str = "no", status: int = 400, **headers: str) -> Told:
    """An error as a REST-JSON service answers it."""
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return Told({"message": message}, status, {"x-amzn-errortype": code, **extra})


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    opened = Endpoint()
    yield opened
    opened.close()


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")


@pytest.fixture
def gateway(
    endpoint: Endpoint,
    kept: Kept,
    stop: threading.Event,
    credentials: None,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Gateway]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    session = Session(Settings())
    opened = Gateway(session, kept, kept, stop, 16, clock=clock)
    opened.scope, opened.home = ACCOUNT, REGION
    yield opened
    session.close()


@pytest.fixture
def options(stop: threading.Event) -> Callable[..., CollectOptions]:
    def make(depth: Depth = Depth.STANDARD, **given: Any) -> CollectOptions:
        facts: dict[str, Any] = {
            "regions": (REGION,),
            "exclude_regions": (),
            "functions": (),
            "tags": (),
            "max_workers": 16,
            "ca_bundle": None,
            "settings": {},
        }
        return CollectOptions(depth=depth, stop=stop, **{**facts, **given})

    return make
