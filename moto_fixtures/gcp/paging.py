"""Pages with opaque tokens, which belong to the question they were given for."""

import base64
import binascii
import zlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from moto_fixtures.gcp.errors import invalid
from moto_fixtures.gcp.wire import Call, Json

Row = TypeVar("Row")
_PLACE = frozenset({"pageToken", "pageSize", "maxResults", "$alt"})


def page(
    rows: Sequence[Row],
    call: Call,
    key: str,
    show: Callable[[Row], Any],
    *,
    default: int = 100,
    most: int = 1000,
    size: str = "pageSize",
) -> Json:
    """One page of ``rows`` as the body of a list: no member at all where it is empty, as Google leaves it out."""
    start = _start(call)
    wanted = size_of(call, size)
    end = start + min(wanted or default, most)
    shown = [show(row) for row in rows[start:end]]
    body: Json = {key: shown} if shown else {}
    if end < len(rows):
        body["nextPageToken"] = token(end, call)
    return body


def first(call: Call) -> bool:
    """Whether this is the first page."""
    return not call.one("pageToken")


def token(start: int, call: Call) -> str:
    """The token of the page that begins at ``start``."""
    return base64.urlsafe_b64encode(f"{start}:{_question(call):08x}".encode()).decode().rstrip("=")


def _start(call: Call) -> int:
    given = call.one("pageToken")
    if not given:
        return 0
    try:
        start, _, question = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode().partition(":")
        if int(question, 16) == _question(call):
            return int(start)
    except (ValueError, binascii.Error):
        pass
    raise invalid("The page token is not valid or belongs to another request.")


def size_of(call: Call, name: str = "pageSize") -> int:
    """How many rows a page is to have; 0 where the call does not say."""
    given = call.one(name, "0")
    if not given.isdigit():
        raise invalid(f"Invalid value at '{name}': {given}")
    return int(given)


def _question(call: Call) -> int:
    asked = sorted((name, values) for name, values in call.parameters.items() if name not in _PLACE)
    return zlib.crc32(f"{call.path}{asked}".encode())
