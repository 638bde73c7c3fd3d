"""What AWS's inventories tell in another way where less is known."""

from collections.abc import Iterable, Iterator
from typing import Any

from auditor.model.exposure import UNLISTED
from auditor.model.inventory import Inventory
from tests.unit.providers.comparing import Comparing


class _Comparing(Comparing):
    def around(self, sound: Inventory, damaged: Inventory) -> Iterator[str]:
        places = {place.id: place for place in sound.locations}
        for place in damaged.locations:
            told = self.compare(places[place.id], place, "place")
            yield from (problem for problem in told if ".functions:" not in problem)

    def told(self, sound: Any, damaged: Any, where: str) -> Iterable[str] | None:
        if where.endswith(".policies") and isinstance(damaged, tuple):
            kept = tuple(part for part in damaged if getattr(part, "qualifier", None) != UNLISTED)
            return None if kept == damaged else self.compare(sound, kept, where)
        return () if where.endswith(".reach_reason") else None  # a sentence about the reach, which is compared itself


bolder = _Comparing().bolder
