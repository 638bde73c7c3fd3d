"""A recorder that keeps what it is told, a scripted AWS endpoint, and gateways that talk to it."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions
from providers.aws.gateway import Gateway
from providers.aws.session import Session, Settings
from tests.unit.providers import scripted
from tests.unit.providers.fake_clock import FakeClock
from tests.unit.providers.kept import Kept as Recorded
from tests.unit.providers.scripted import Told, collect_options

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


class Endpoint(scripted.Endpoint[str]):
    """Answers as ``script`` says of method and path; ``asked`` lists both of every request."""

    def __init__(self) -> None:
        super().__init__(lambda request: f"{request.method} {request.target}", lambda _method, _path: Told({}))

    def told(self, asked: str) -> Told:
        return self.script(*asked.split(" ", 1))


def refused(code: str, message: str = "no", status: int = 400, **headers: str) -> Told:
    """An error as a REST-JSON service answers it."""
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return Told({"message": message}, status, {"x-amzn-errortype": code, **extra})


@pytest.fixture
def kept() -> Kept:
    return Kept()


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
        return collect_options(stop, depth, **{"regions": (REGION,), "max_workers": 16, **given})

    return make
