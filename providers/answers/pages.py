"""The recorded pages of one answer, and whether they are all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from auditor.model.capture import Json
from auditor.model.observed import Gap
from auditor.provider import Operation

T = TypeVar("T")

_NONE: Final[Mapping[int, Gap]] = MappingProxyType({})
"""Of most subjects: shared, as there are many."""


@dataclass(slots=True)
class Pages(Generic[T]):
    """The pages about one subject, by number: what was read of them, or why not.

    ``more`` is the last page that says that the list goes on. ``doubts`` are about pages that were read, but were
    recorded a second time with other content. ``absent``: the cloud says that there is none.
    """

    answers: dict[int, T] = field(default_factory=dict)
    gaps: Mapping[int, Gap] = field(default_factory=lambda: _NONE)
    doubts: Mapping[int, Gap] = field(default_factory=lambda: _NONE)
    more: int = -1
    absent: bool = False

    def add(self, number: int, answer: T) -> bool:
        """Adds a page; False where the same page was added before with other content, which stays."""
        return self.answers.setdefault(number, answer) == answer

    def miss(self, number: int, gap: Gap) -> None:
        """Notes why a page is missing: the first reason counts."""
        self.gaps = {number: gap, **self.gaps}

    def doubt(self, number: int, gap: Gap) -> None:
        """Notes that a page was recorded a second time, and differently."""
        self.doubts = {number: gap, **self.doubts}

    def missing(self) -> list[Gap]:
        """Why pages are missing or in doubt, in their order. An answer to the same question outweighs a gap."""
        gaps = {number: gap for number, gap in self.gaps.items() if number not in self.answers} | {**self.doubts}
        return [gaps[number] for number in sorted(gaps)]

    def complete(self) -> bool:
        """Whether every page from the first to the last is there, and the last says that it is the last."""
        last = max(self.answers, default=-1)
        return last >= 0 and len(self.answers) == last + 1 and self.more < last and not self.missing()


def goes_on(operation: Operation | None, body: Json) -> bool:
    """Whether a page says that its list goes on."""
    if operation is None or not isinstance(body, Mapping):
        return False
    return any(str(body.get(member) or "false").lower() != "false" for member in operation.continuation)
