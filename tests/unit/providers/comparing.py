"""Compares two inventories: may one have been read with less certainty than the other, and nothing else?"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from auditor.model.inventory import Inventory
from auditor.model.observed import Known, Unknown


class Comparing:
    """What is the same on every cloud. A cloud's own says in which members less may be told in another way."""

    def bolder(self, sound: Inventory, damaged: Inventory) -> list[str]:
        """What the damaged inventory claims that the sound one does not: nothing, where silence is never safety."""
        found: list[str] = []
        known = {function.id: function for function in sound.functions}
        for function in damaged.functions:
            if function.id in known:
                found.extend(self.compare(known[function.id], function, function.name))
        found.extend(self.around(sound, damaged))
        return found

    def around(self, sound: Inventory, damaged: Inventory) -> Iterator[str]:
        """The same of what is around the functions."""
        raise NotImplementedError

    def told(self, sound: Any, damaged: Any, where: str) -> Iterable[str] | None:
        """What is bolder of a member that is compared in a way of its own; None for any other."""
        raise NotImplementedError

    def compare(self, sound: Any, damaged: Any, where: str) -> Iterator[str]:
        if isinstance(damaged, Unknown):
            return
        if isinstance(sound, Known) and isinstance(damaged, Known):
            yield from self.compare(sound.value, damaged.value, where)
        elif (own := self.told(sound, damaged, where)) is not None:
            yield from own
        elif _observed(sound) and _observed(damaged):
            yield from self.groups(sound, damaged, where)
        elif is_dataclass(sound) and type(sound) is type(damaged):
            for part in fields(sound):
                yield from self.compare(getattr(sound, part.name), getattr(damaged, part.name), f"{where}.{part.name}")
        elif isinstance(sound, tuple) and isinstance(damaged, tuple) and len(sound) == len(damaged):
            for index, pair in enumerate(zip(sound, damaged, strict=True)):
                yield from self.compare(*pair, f"{where}[{index}]")
        elif sound != damaged:
            yield f"{where}: {sound!r:.80} became {damaged!r:.80}"

    def groups(self, sound: Any, damaged: Any, where: str) -> Iterator[str]:
        """Observed groups: what is known may shrink, but only beside a group that is unknown."""
        before, after = known_items(sound), known_items(damaged)
        lost = [item for item in before if not any(self.same(item, other) for other in after)]
        gained = [item for item in after if not any(self.same(other, item) for other in before)]
        if gained or (lost and all(group.known for group in damaged)):
            yield f"{where}: lost {lost!r:.160} gained {gained!r:.160}"

    def same(self, sound: Any, damaged: Any) -> bool:
        """Whether an item of a group is another one, known in no more than before."""
        return sound == damaged


def _observed(groups: Any) -> bool:
    return isinstance(groups, tuple) and all(isinstance(each, (Known, Unknown)) for each in groups)


def known_items(groups: Iterable[Any]) -> list[Any]:
    """What is known of observed groups."""
    return [item for group in groups if group.known for item in group.value]
