"""A call of the emulated Azure, and answers that are JSON."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

from moto_fixtures.emulation.wire import Answer, Request

JSON = "application/json; charset=utf-8"


def encoded(body: Any) -> bytes:
    """JSON as the wire carries it."""
    return json.dumps(body, separators=(",", ":")).encode()


def said(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer that is JSON."""
    return Answer(status, encoded(body), headers or {})


class Call:
    """One request. ``path`` is compared case-insensitively by ARM, so it is kept in lower case; ``sent`` as sent."""

    def __init__(self, request: Request) -> None:
        self.method = request.method
        self.headers = request.headers
        self.body = request.body
        self.base = request.base
        sent, _, self._tail = request.target.partition("?")
        self.sent = unquote(sent)
        self.path = self.sent.lower().rstrip("/")

    @cached_property
    def query(self) -> dict[str, str]:
        """Query-string members, their names in lower case (ARM does not mind), decoded."""
        return {name.lower(): value for name, value in parse_qsl(self._tail, keep_blank_values=True)}

    @property
    def api_version(self) -> str:
        """The api-version asked for; empty when none was."""
        return self.query.get("api-version", "")

    @cached_property
    def subscription(self) -> str:
        """The subscription in the path; empty for what belongs to the whole tenant."""
        head, _, rest = self.path.removeprefix("/").partition("/")
        return rest.partition("/")[0] if head == "subscriptions" else ""

    def json(self) -> Any:
        """The body as JSON; an empty object when there is none."""
        return json.loads(self.body) if self.body else {}
