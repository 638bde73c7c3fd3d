"""Who owns a function, as its tags or labels say."""

from typing import Final

from auditor.model.function import Function
from auditor.model.observed import Known

OWNER_KEYS: Final = ("owner", "team", "contact", "maintainer")
"""Tag keys that name an owner, most telling first; `owner_tags` in the configuration replaces them."""


def owner(function: Function, keys: tuple[str, ...] = OWNER_KEYS) -> str | None:
    """The value of the first of ``keys`` that is set, case ignored; None where no tag names one or tags are unknown."""
    if not isinstance(function.tags, Known):
        return None
    tags = {name.lower(): value for name, value in function.tags.value.items() if value}
    return next((tags[key.lower()] for key in keys if key.lower() in tags), None)
