"""What AWS's inventories tell in another way where less is known."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from auditor.model.exposure import UNLISTED
from auditor.model.inventory import Inventory
from auditor.model.trigger import Trigger
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

    def same(self, sound: Any, damaged: Any) -> bool:
        """What both ends tell may be told by one of them; the function's policy names even the own account."""
        if isinstance(sound, Trigger) and isinstance(damaged, Trigger) and damaged.certainty is not sound.certainty:
            account = sound.account or damaged.account
            filters = damaged.filters or sound.filters
            sound = replace(sound, via=damaged.via, certainty=damaged.certainty, account=account, filters=filters)
            damaged = replace(damaged, filters=filters)
        return not list(self.compare(sound, damaged, "item"))


bolder = _Comparing().bolder
