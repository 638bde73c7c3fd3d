"""Reading one field of an answer: what is not as the API documents it raises, it is never replaced by a default.

``null`` counts as malformed: Google leaves absent members out. So do its protocol buffers with values that are
zero, empty or false; the ``optional_*`` readers say so, and are used only where the API documents what absence
means. A Struct turns whole numbers into doubles and JSON writes 64-bit numbers as text: both are accepted.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from auditor.model.capture import Json
from auditor.model.observed import GapReason

T = TypeVar("T")

_MISSING: Any = object()
_LARGEST = 2**63


class UnreadableError(Exception):
    """An answer is not what the API documents; ``reason`` is MALFORMED, or UNRECOGNISED for a newer enum value."""

    def __init__(self, message: str, reason: GapReason = GapReason.MALFORMED) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason


def record(value: Json, what: str = "answer") -> dict[str, Any]:
    """``value`` as an object."""
    if not isinstance(value, dict):
        raise UnreadableError(f"{what} is not an object")
    return value


def string(value: Json, what: str) -> str:
    """``value`` as well-formed text (lone surrogates cannot be written anywhere, so they are damage too)."""
    if not isinstance(value, str):
        raise UnreadableError(f"{what} is not text")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise UnreadableError(f"{what} is not well-formed text") from error
    return value


def whole(value: Json, what: str) -> int:
    """``value`` as a whole number, also where it comes as a double or as digits."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < len(str(_LARGEST)):
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnreadableError(f"{what} is not a whole number")
    return value


def required(body: Json, key: str) -> Json:
    """The member ``key``, which must be there."""
    value = record(body).get(key, _MISSING)
    if value is _MISSING:
        raise UnreadableError(f"{key} is missing")
    return value


def text(body: Json, key: str) -> str:
    """A required text member."""
    return string(required(body, key), key)


def number(body: Json, key: str) -> int:
    """A required whole number."""
    return whole(required(body, key), key)


def flag(body: Json, key: str) -> bool:
    """A required boolean."""
    value = required(body, key)
    if not isinstance(value, bool):
        raise UnreadableError(f"{key} is not a boolean")
    return value


def member(body: Json, key: str) -> dict[str, Any]:
    """A required object member."""
    return record(required(body, key), key)


def items(body: Json, key: str) -> list[Any]:
    """A required list member."""
    value = required(body, key)
    if not isinstance(value, list):
        raise UnreadableError(f"{key} is not a list")
    return value


def texts(body: Json, key: str) -> tuple[str, ...]:
    """A list of texts, empty when absent."""
    return tuple(string(item, key) for item in optional_items(body, key))


def optional_items(body: Json, key: str) -> list[Any]:
    """A list, empty when absent."""
    return items(body, key) if key in record(body) else []


def optional_flag(body: Json, key: str) -> bool:
    """A boolean that the API leaves out when it is false."""
    return flag(body, key) if key in record(body) else False


def optional_number(body: Json, key: str) -> int:
    """A whole number that the API leaves out when it is zero or not set: then 0."""
    return number(body, key) if key in record(body) else 0


def optional_text(body: Json, key: str) -> str:
    """A text that the API leaves out, or leaves empty, when there is none: then ""."""
    return text(body, key) if key in record(body) else ""


def optional_member(body: Json, key: str) -> dict[str, Any]:
    """An object, empty when absent."""
    return member(body, key) if key in record(body) else {}


def pairs(body: Json, key: str) -> tuple[tuple[str, str], ...]:
    """A mapping of texts to texts, sorted; empty when absent."""
    given = optional_member(body, key)
    return tuple(sorted((string(name, key), string(value, key)) for name, value in given.items()))


class Enumeration(Mapping[str, T]):
    """The values of an enum: by the name Google gives them, or by number.

    Names stand in the order of their numbers, from 1; 0 is "not specified", and never among them.
    """

    def __init__(self, **values: T) -> None:
        self._values = values
        self._names = ("", *values)

    def __getitem__(self, name: str) -> T:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def read(self, body: Json, key: str, unspecified: Callable[[], T] | None = None) -> T:
        """The member ``key``; ``unspecified`` gives what the API documents for an absent or unspecified value."""
        value = record(body).get(key, _MISSING)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is _MISSING or value in ("", 0) or (isinstance(value, str) and value.endswith("_UNSPECIFIED")):
            if unspecified is None or value is False:
                raise UnreadableError(f"{key} is missing")
            return unspecified()
        if isinstance(value, int) and not isinstance(value, bool):
            value = self._names[value] if 0 < value < len(self._names) else str(value)
        name = string(value, key)
        if name not in self._values:
            raise UnreadableError(f"{key} has the unknown value {name[:64]!r}", GapReason.UNRECOGNISED)
        return self._values[name]
