"""Reading one member of an answer: what is not as the API documents it raises, it is never replaced by a default.

Azure writes ``null`` where other clouds leave a member out, so null counts as absent. The ``optional_*`` readers give
None (or an empty tuple) for an absent member, and are used only where the API documents what absence means.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from auditor.model.capture import Json
from auditor.model.observed import GapReason

T = TypeVar("T")


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


def given(body: Json, key: str) -> bool:
    """Whether the member is there and not null."""
    return record(body).get(key) is not None


def required(body: Json, key: str) -> Json:
    """The member ``key``, which must be there."""
    value = record(body).get(key)
    if value is None:
        raise UnreadableError(f"{key} is missing")
    return value


def text(body: Json, key: str) -> str:
    """A required text member."""
    return string(required(body, key), key)


def number(body: Json, key: str) -> int:
    """A required whole number. Resource Graph may write one as a float."""
    value = required(body, key)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnreadableError(f"{key} is not a whole number")
    return value


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
    """A required list of texts."""
    return tuple(string(item, key) for item in items(body, key))


def choice(body: Json, key: str, table: Mapping[str, T]) -> T:
    """A required text member looked up in ``table`` whatever its case; a newer value is UNRECOGNISED."""
    value = text(body, key)
    if value.lower() not in table:
        raise unrecognised(key, value)
    return table[value.lower()]


def unrecognised(key: str, value: str) -> UnreadableError:
    """A value newer than our tables."""
    return UnreadableError(f"{key} has the unknown value {value[:64]!r}", GapReason.UNRECOGNISED)


def _optional(read: Callable[[Json, str], T]) -> Callable[[Json, str], T | None]:
    def reader(body: Json, key: str) -> T | None:
        return read(body, key) if given(body, key) else None

    return reader


def optional_texts(body: Json, key: str) -> tuple[str, ...]:
    """A list of texts, empty when absent."""
    return texts(body, key) if given(body, key) else ()


def optional_items(body: Json, key: str) -> list[Any]:
    """A list, empty when absent."""
    return items(body, key) if given(body, key) else []


def optional_flag(body: Json, key: str) -> bool:
    """A boolean whose absence the API documents as false."""
    return flag(body, key) if given(body, key) else False


def optional_member(body: Json, key: str) -> dict[str, Any]:
    """An object, empty when absent."""
    return member(body, key) if given(body, key) else {}


def filled_text(body: Json, key: str) -> str | None:
    """A text that the API leaves out, or leaves empty, when there is none."""
    return optional_text(body, key) or None


optional_text = _optional(text)
optional_number = _optional(number)
