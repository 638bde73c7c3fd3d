"""The decorator of the model's classes: validated on construction, frozen, slotted, keyword-only, no extra fields."""

from typing import Any, TypeVar, dataclass_transform

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

T = TypeVar("T")

_CONFIG = ConfigDict(extra="forbid", strict=True)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def frozen(cls: type[T]) -> type[T]:
    """Turns an annotated class into a frozen, slotted pydantic dataclass.

    Slots matter: ten thousand functions hold some half a million of these, and a
    ``__dict__`` for each would triple the memory of an evaluation.
    """
    made: Any = dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)(cls)
    return made  # type: ignore[no-any-return]
