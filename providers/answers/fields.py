"""Reading one member of an answer: what is not as the API documents it raises, it is never replaced by a default.

The clouds differ in how they leave a member out and in how they write a number; :class:`Fields` is told how. Its
``optional_*`` readers give None (or something empty) for an *absent* member, and are used only where the API documents
what absence means.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from auditor.model.capture import Json
from auditor.model.observed import GapReason

T = TypeVar("T")

_MISSING: Final[Any] = object()
_LARGEST: Final = 2**63


class UnreadableError(Exception):
    """An answer is not what the API documents; ``reason`` is MALFORMED, or UNRECOGNISED for a newer enum value."""

    def __init__(self, message: str, reason: GapReason = GapReason.MALFORMED) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason


def unrecognised(what: str, value: str) -> UnreadableError:
    """A value newer than our tables."""
    return UnreadableError(f"{what} has the unknown value {value[:64]!r}", GapReason.UNRECOGNISED)


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


def integer(value: Json, what: str) -> int:
    """``value`` as a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnreadableError(f"{what} is not a whole number")
    return value


def day(moment: str, what: str) -> str:
    """The date (``YYYY-MM-DD``) that a timestamp of ISO 8601 begins with; anything else is damage."""
    try:
        return date.fromisoformat(moment[:10]).isoformat()
    except ValueError as error:
        raise UnreadableError(f"{what} is not a date: {moment[:32]!r}") from error


def integral(value: Json, what: str) -> int:
    """``value`` as a whole number, also where it was written as a double."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        return int(value)
    return integer(value, what)


def digits(value: Json, what: str) -> int:
    """``value`` as a whole number, also where it was written as a double or, as JSON writes 64 bits, as digits."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < len(str(_LARGEST)):
        return int(value)
    return integral(value, what)


class Fields:
    """Readers of members. ``nulls``: a null is an absent member, else damage; ``whole`` reads a whole number."""

    def __init__(self, whole: Callable[[Json, str], int] = integer, *, nulls: bool = False) -> None:
        self._whole = whole
        self._nulls = nulls

    def given(self, body: Json, key: str) -> bool:
        """Whether the member is there."""
        found = record(body)
        return key in found and not (self._nulls and found[key] is None)

    def required(self, body: Json, key: str) -> Json:
        """The member ``key``, which must be there."""
        value = record(body).get(key, _MISSING)
        if value is _MISSING or (value is None and self._nulls):
            raise UnreadableError(f"{key} is missing")
        return value

    def text(self, body: Json, key: str) -> str:
        """A required text member."""
        return string(self.required(body, key), key)

    def number(self, body: Json, key: str) -> int:
        """A required whole number."""
        return self._whole(self.required(body, key), key)

    def flag(self, body: Json, key: str) -> bool:
        """A required boolean."""
        value = self.required(body, key)
        if not isinstance(value, bool):
            raise UnreadableError(f"{key} is not a boolean")
        return value

    def member(self, body: Json, key: str) -> dict[str, Any]:
        """A required object member."""
        return record(self.required(body, key), key)

    def items(self, body: Json, key: str) -> list[Any]:
        """A required list member."""
        value = self.required(body, key)
        if not isinstance(value, list):
            raise UnreadableError(f"{key} is not a list")
        return value

    def texts(self, body: Json, key: str) -> tuple[str, ...]:
        """A required list of texts."""
        return tuple(string(item, key) for item in self.items(body, key))

    def choice(self, body: Json, key: str, table: Mapping[str, T]) -> T:
        """A required text member looked up in ``table``; a value newer than the table is UNRECOGNISED."""
        value = self.text(body, key)
        if value not in table:
            raise unrecognised(key, value)
        return table[value]

    def optional_text(self, body: Json, key: str) -> str | None:
        """A text; None when absent."""
        return self.text(body, key) if self.given(body, key) else None

    def filled_text(self, body: Json, key: str) -> str | None:
        """A text that the API leaves out, or leaves empty, when there is none; then None."""
        return self.optional_text(body, key) or None

    def optional_number(self, body: Json, key: str) -> int | None:
        """A whole number; None when absent."""
        return self.number(body, key) if self.given(body, key) else None

    def optional_flag(self, body: Json, key: str) -> bool:
        """A boolean that the API leaves out when it is false."""
        return self.flag(body, key) if self.given(body, key) else False

    def optional_member(self, body: Json, key: str) -> dict[str, Any] | None:
        """An object; None when absent."""
        return self.member(body, key) if self.given(body, key) else None

    def optional_items(self, body: Json, key: str) -> list[Any]:
        """A list; empty when absent."""
        return self.items(body, key) if self.given(body, key) else []

    def optional_texts(self, body: Json, key: str) -> tuple[str, ...]:
        """A list of texts; empty when absent."""
        return self.texts(body, key) if self.given(body, key) else ()
