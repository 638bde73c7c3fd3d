"""What travels between a client and an emulated cloud: one request, one answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request as it came. Header names are in lower case; ``target`` is the path with its query, still encoded.

    ``base`` is the address it was sent to (``http://127.0.0.1:8080``).
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    base: str


@dataclass(frozen=True)
class Answer:
    """One response, its whole body in it. ``cut`` sends only so many bytes of the body, then hangs up; below 0 none."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty when there is no body."""
        decoded: dict[str, Any] = json.loads(self.body) if self.body else {}
        return decoded
