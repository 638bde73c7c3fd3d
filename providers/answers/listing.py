"""Facts and lists of facts, each with the answer it was read from."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from auditor.model.observed import Gap, Known, Observed, Unknown

T = TypeVar("T")
U = TypeVar("U")

_SHARED: dict[tuple[type, Any, str], Known[Any]] = {}


def known(value: T, source: str) -> Known[T]:
    """Known, sharing one object for each small value: most functions have the same handful of settings."""
    if value is None or isinstance(value, (bool, int)) or value == ():
        key = (type(value), value, source)
        found = _SHARED.get(key)
        if found is None:
            if len(_SHARED) > 100_000:
                _SHARED.clear()
            found = _SHARED[key] = Known(value, source)
        return found
    return Known(value, source)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """What was read of a list. ``gap`` says why it is not complete; what was read stays usable."""

    items: tuple[T, ...]
    gap: Gap | None
    source: str

    def complete(self) -> Observed[tuple[T, ...]]:
        """The items, if they are all of them."""
        return known(self.items, self.source) if self.gap is None else Unknown(self.gap)

    def absence(self, value: U) -> Observed[U]:
        """What to say of something that is not listed: ``value`` if the list is complete."""
        return known(value, self.source) if self.gap is None else Unknown(self.gap)
