"""A recorder that keeps what it is told, a scripted Google, and gateways and runs that talk to it."""

import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from auditor.answer_shape import AnswerShape
from auditor.model.capture import Depth, Envelope
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions
from moto_fixtures.emulation import wire as emulation
from moto_fixtures.emulation.listener import Listener
from moto_fixtures.emulation.wire import Request
from providers.gcp.gateway import Gateway
from providers.gcp.operations import OPERATIONS
from providers.gcp.provider import GcpProvider
from providers.gcp.session import Session, Settings
from tests.answers import least
from tests.unit.providers.fake_clock import FakeClock
from tests.unit.providers.kept import Kept as Recorded
from tests.unit.providers.scripted import collect_options

PROJECT = "shop-prod"
NUMBER = "415104041262"
REGION = "europe-west1"


class Kept(Recorded):
    """What is recorded of Google Cloud."""

    cloud = Cloud.GCP

    def of(self, operation: str, scope: str | None = None) -> list[Envelope]:
        """What was recorded of an operation, sorted."""
        return sorted(super().of(operation, scope), key=lambda one: (one.scope, one.location, one.subject, one.page))

    def subjects(self, operation: str) -> list[str]:
        return [one.subject for one in self.of(operation)]


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: Any


Answer = tuple[int, Any, Mapping[str, str]]
Script = Any


_PATHS = [
    (re.compile(re.sub(r"\{\w+\}", ".+", unquote(operation.path))), operation.answer)
    for operation in sorted(OPERATIONS, key=lambda operation: -len(re.sub(r"\{\w+\}", "", operation.path)))
]
"""The one that says most of its path comes first."""


def whole(path: str) -> Any:
    """The least whole answer of the operation that a path belongs to."""
    return least(next((shape for known, shape in _PATHS if known.fullmatch(path)), AnswerShape()))


@dataclass
class Google:
    """Answers by path. A script is a body, an :func:`Answer`, a function of the request, or a list of those in turn.

    The two kinds of asset lists are told apart by ``#RESOURCE`` and ``#IAM_POLICY``. What has no script is the least
    that its operation may answer.
    """

    scripts: dict[str, Script] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: Asked) -> Answer:
        with self.lock:
            self.log.append(asked)
            kind = asked.query.get("contentType", [""])[0]
            script = self.scripts.get(f"{asked.path}#{kind}" if kind else asked.path, whole(asked.path))
            if isinstance(script, list):
                script = script.pop(0) if len(script) > 1 else script[0]
        if callable(script):
            script = script(asked)
        return script if isinstance(script, tuple) else (200, script, {})

    def paths(self) -> list[str]:
        return [asked.path for asked in self.log]

    def count(self, path: str) -> int:
        return self.paths().count(path)


def _served(google: Google, request: Request) -> emulation.Answer:
    parts = urlsplit(request.target)
    form = request.headers.get("content-type", "").startswith("application/x-www-form")
    body = request.body.decode() if form else json.loads(request.body) if request.body else None
    asked = Asked(request.method, unquote(parts.path).lstrip("/"), parse_qs(parts.query), request.headers, body)
    status, answer, headers = google.answer(asked)
    raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return emulation.Answer(status, raw, {"Content-Type": "application/json", **headers})


def serve(tls: ssl.SSLContext | None = None) -> Iterator[Google]:
    google = Google()
    listener = Listener("google", lambda request: _served(google, request), tls)
    google.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{listener.port}"
    yield google
    listener.close()


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    for one in serve():
        monkeypatch.setenv("AUDITOR_GCP_ENDPOINT", one.url)
        yield one


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def gateway(google: Google, kept: Kept, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    session = Session(Settings())
    yield (made := Gateway(session, kept, kept, threading.Event(), 8, paced=False, clock=clock))
    monkeypatch.undo()
    assert made is not None
    session.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits out a back-off."""
    monkeypatch.setattr("providers.calls.retry.random.uniform", lambda low, _high: low / 10)


def options(depth: Depth = Depth.STANDARD, **rest: Any) -> CollectOptions:
    settings = {"pacing": "off", **rest.pop("settings", {})}
    return collect_options(rest.pop("stop", threading.Event()), depth, settings=settings, **rest)


@pytest.fixture
def run(google: Google, kept: Kept) -> Callable[..., Kept]:
    def collect(depth: Depth = Depth.STANDARD, **rest: Any) -> Kept:
        GcpProvider().collect(options(depth, **rest), kept, kept)
        return kept

    return collect


def error(
    status: int,
    code: str,
    reason: str = "",
    message: str = "refused",
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Answer:
    """An error as Google words it."""
    said: dict[str, Any] = {"code": status, "message": message, "status": code, **more}
    if reason:
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": more.get("metadata", {}),
        }
        said = {**said, "details": [info]}
        said.pop("metadata", None)
    return status, {"error": said}, headers or {}


def denied(permission: str = "") -> Answer:
    message = f"Permission '{permission}' denied on resource (or it may not exist)."
    return error(403, "PERMISSION_DENIED", "IAM_PERMISSION_DENIED", message)


def off(consumer: str = f"projects/{NUMBER}") -> Answer:
    message = "The API has not been used in project before or it is disabled."
    return error(403, "PERMISSION_DENIED", "SERVICE_DISABLED", message, metadata={"consumer": consumer})


_DECLARED = {
    operation.id: (operation.method, re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(unquote(operation.path)))))
    for operation in OPERATIONS
}


def declared(asked: Asked) -> bool:
    """Whether a request is one of the table."""
    return any(asked.method == method and path.fullmatch(asked.path) for method, path in _DECLARED.values())
