"""Where completed operations register themselves, and how they page."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

Handler: TypeAlias = Callable[[Call, Account], Answer]
_HANDLERS: dict[tuple[str, str], Handler] = {}


def completes(service: str, *operations: str) -> Callable[[Handler], Handler]:
    """Registers the decorated function as the answer to ``operations`` of ``service``."""

    def register(handler: Handler) -> Handler:
        for operation in operations:
            if (service, operation) in _HANDLERS:
                message = f"{service}:{operation} is completed twice"
                raise ValueError(message)
            _HANDLERS[service, operation] = handler
        return handler

    return register


def handler_of(call: Call) -> Handler | None:
    """The extension that answers a call, or None where moto's own answer will do."""
    return _HANDLERS.get((call.service, call.operation))


def as_json(members: Mapping[str, Any], status: int = 200, kind: str = "application/json") -> Answer:
    """A JSON answer."""
    return Answer(status, json.dumps(members).encode(), {"Content-Type": kind})


def nothing(status: int = 204) -> Answer:
    """An answer without a body."""
    return Answer(status, b"", {"Content-Type": "application/json"})


def window(total: int, marker: str | None, size: int, invalid: str) -> tuple[int, int, str | None]:
    """Start, end and next marker of one page; a marker we never gave out raises ``invalid``."""
    start = 0
    if marker:
        try:
            start = int(base64.urlsafe_b64decode(marker.encode()).decode().removeprefix("from:"))
        except (binascii.Error, ValueError) as error:
            raise ServiceError(invalid, "The pagination token is not valid.") from error
    end = min(start + size, total)
    following = base64.urlsafe_b64encode(f"from:{end}".encode()).decode() if end < total else None
    return start, end, following


def page_of(call: Call, member: str, rows: Iterable[Mapping[str, Any]] | Sequence[str], cap: int) -> Answer:
    """A page as Lambda gives it: ``MaxItems`` is honoured up to ``cap``, ``NextMarker`` leads on."""
    everything = list(rows)
    size = min(int(call.argument("MaxItems") or cap), cap)
    marker = call.argument("Marker")
    start, end, following = window(len(everything), marker, size, "InvalidParameterValueException")
    members: dict[str, Any] = {member: everything[start:end]}
    if following:
        members["NextMarker"] = following
    return as_json(members)
