"""Tags (Google Cloud: labels) as a mapping that stays what it is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic_core import CoreSchema, core_schema


class Tags(Mapping[str, str]):
    """Tags by key, sorted; frozen. ``ignore_case``: the cloud compares keys without case, as Azure does."""

    __slots__ = ("_found", "_values", "ignore_case")

    def __init__(self, tags: Mapping[str, str] | Iterable[tuple[str, str]] = (), *, ignore_case: bool = False) -> None:
        self._values = dict(sorted(dict(tags).items()))
        self.ignore_case = ignore_case
        self._found = {key.lower(): value for key, value in self._values.items()} if ignore_case else self._values

    def __getitem__(self, key: str) -> str:
        return self._found[key.lower() if self.ignore_case else key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return f"Tags({self._values!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        return core_schema.is_instance_schema(cls)
