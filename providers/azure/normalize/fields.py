"""Reads members of Azure's answers, which hold null where other clouds leave a member out.

Resource Graph may write a whole number as a double. The values of enums come in any case.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from auditor.model.capture import Json
from providers.answers.fields import Fields, UnreadableError, integral, record, string, unrecognised

__all__ = ["UnreadableError", "record", "string", "unrecognised"]

T = TypeVar("T")

_FIELDS: Final = Fields(integral, nulls=True)

given = _FIELDS.given
required = _FIELDS.required
text = _FIELDS.text
number = _FIELDS.number
flag = _FIELDS.flag
member = _FIELDS.member
items = _FIELDS.items
texts = _FIELDS.texts
filled_text = _FIELDS.filled_text
optional_text = _FIELDS.optional_text
optional_number = _FIELDS.optional_number
optional_flag = _FIELDS.optional_flag
optional_items = _FIELDS.optional_items
optional_texts = _FIELDS.optional_texts


def choice(body: Json, key: str, table: Mapping[str, T]) -> T:
    """A required text member looked up in ``table`` whatever its case; a newer value is UNRECOGNISED."""
    value = text(body, key)
    if value.lower() not in table:
        raise unrecognised(key, value)
    return table[value.lower()]


def optional_member(body: Json, key: str) -> dict[str, Any]:
    """An object, empty when absent."""
    return _FIELDS.optional_member(body, key) or {}
