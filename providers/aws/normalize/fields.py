"""Reads members of AWS's answers. Its SDK leaves absent members out, so a null is damage."""

from typing import Final

from providers.answers.fields import Fields, UnreadableError, record, string

__all__ = ["UnreadableError", "record", "string"]

_FIELDS: Final = Fields()

required = _FIELDS.required
text = _FIELDS.text
number = _FIELDS.number
flag = _FIELDS.flag
member = _FIELDS.member
items = _FIELDS.items
texts = _FIELDS.texts
choice = _FIELDS.choice
filled_text = _FIELDS.filled_text
optional_text = _FIELDS.optional_text
optional_number = _FIELDS.optional_number
optional_flag = _FIELDS.optional_flag
optional_member = _FIELDS.optional_member
optional_items = _FIELDS.optional_items
optional_texts = _FIELDS.optional_texts
