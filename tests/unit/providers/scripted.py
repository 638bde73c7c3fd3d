"""An HTTP server that answers as a test's script says, on the listener of every emulator."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from auditor.model.capture import Depth
from auditor.provider import CollectOptions
from moto_fixtures.emulation.listener import Listener
from moto_fixtures.emulation.wire import Answer, Request

A = TypeVar("A")


@dataclass
class Told:
    """One scripted answer."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut: int | None = None
    hang_up: bool = False

    def answer(self) -> Answer:
        body = self.raw if self.raw is not None else json.dumps(self.body).encode()
        return Answer(self.status, body, self.headers, -1 if self.hang_up else self.cut)


class Endpoint(Generic[A]):
    """Answers as the script says; ``asked`` holds every request, as ``read`` makes it of one."""

    def __init__(self, read: Callable[[Request], A], script: Callable[..., Told]) -> None:
        self.script = script
        self.asked: list[A] = []
        self._read = read
        self._listener = Listener("scripted", self._answer)
        self.url = self._listener.base

    def _answer(self, request: Request) -> Answer:
        asked = self._read(request)
        self.asked.append(asked)
        return self.told(asked).answer()

    def told(self, asked: A) -> Told:
        return self.script(asked)

    def close(self) -> None:
        self._listener.close()


def collect_options(stop: threading.Event, depth: Depth = Depth.STANDARD, **given: Any) -> CollectOptions:
    """Options of a run that narrows nothing, but for what is given."""
    facts: dict[str, Any] = {
        "regions": (),
        "exclude_regions": (),
        "functions": (),
        "tags": (),
        "max_workers": 8,
        "ca_bundle": None,
        "settings": {},
    }
    return CollectOptions(depth=depth, stop=stop, **{**facts, **given})
