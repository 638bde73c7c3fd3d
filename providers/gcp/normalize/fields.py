"""Reads members of Google's answers: ``null`` is damage, as Google leaves absent members out.

So do its protocol buffers with values that are zero, empty or false; the ``optional_*`` readers say so, and are used
only where the API documents what absence means. A Struct turns whole numbers into doubles and JSON writes 64-bit
numbers as text: both are accepted.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from auditor.model.capture import Json
from auditor.model.tags import Tags
from providers.answers.fields import Fields, UnreadableError, digits, record, string, unrecognised

__all__ = ["UnreadableError", "record", "string"]

T = TypeVar("T")

_MISSING: Any = object()
_FIELDS: Final = Fields(digits)

whole = digits
required = _FIELDS.required
text = _FIELDS.text
number = _FIELDS.number
flag = _FIELDS.flag
member = _FIELDS.member
items = _FIELDS.items
texts = _FIELDS.optional_texts
optional_items = _FIELDS.optional_items
optional_flag = _FIELDS.optional_flag


def optional_number(body: Json, key: str) -> int:
    """A whole number that the API leaves out when it is zero or not set: then 0."""
    return _FIELDS.optional_number(body, key) or 0


def optional_text(body: Json, key: str) -> str:
    """A text that the API leaves out, or leaves empty, when there is none: then ""."""
    return _FIELDS.optional_text(body, key) or ""


def optional_member(body: Json, key: str) -> dict[str, Any]:
    """An object, empty when absent."""
    return _FIELDS.optional_member(body, key) or {}


def tags(body: Json) -> Tags:
    """The labels of a resource; none when absent."""
    given = optional_member(body, "labels")
    return Tags((string(name, "labels"), string(value, "labels")) for name, value in given.items())


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
            raise unrecognised(key, name)
        return self._values[name]
