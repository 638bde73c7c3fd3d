"""Reading one fact of several parts without letting a gap in one hide what the others prove."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from auditor.model.observed import Gap, Known, Observed, Unanswered, graver

P = TypeVar("P")
T = TypeVar("T")


def of_each(parts: Iterable[P], fact: Callable[[P], Observed[T]]) -> Iterator[tuple[P, T]]:
    """Each part whose fact is known, with the value; then Unanswered for the first whose fact is not."""
    gap: Gap | None = None
    for part in parts:
        observed = fact(part)
        if isinstance(observed, Known):
            yield part, observed.value
        else:
            gap = graver(gap, observed.gap)
    if gap is not None:
        raise Unanswered(gap)
