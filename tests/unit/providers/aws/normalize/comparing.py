"""Compares two inventories: may one have been read with less certainty than the other, and nothing else?"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from auditor.model.exposure import UNLISTED
from auditor.model.inventory import Inventory
from auditor.model.observed import Known, Unknown


def bolder(sound: Inventory, damaged: Inventory) -> list[str]:
    """What the damaged inventory claims that the sound one does not: nothing, where silence is never safety."""
    found: list[str] = []
    known = {function.id: function for function in sound.functions}
    for function in damaged.functions:
        if function.id in known:
            found.extend(_bolder(known[function.id], function, function.name))
    locations = {location.id: location for location in sound.locations}
    for location in damaged.locations:
        found.extend(
            problem for problem in _bolder(locations[location.id], location, "location") if ".functions:" not in problem
        )
    return found


def _bolder(sound: Any, damaged: Any, where: str) -> Iterator[str]:
    if isinstance(damaged, Unknown):
        return
    if where.endswith(".policies") and isinstance(damaged, tuple):
        damaged = tuple(part for part in damaged if getattr(part, "qualifier", None) != UNLISTED)
    if isinstance(sound, Known) and isinstance(damaged, Known):
        yield from _bolder(sound.value, damaged.value, where)
    elif where.endswith((".triggers", ".statements")):
        yield from _groups(sound, damaged, where)
    elif where.endswith(".reach_reason"):
        return  # a sentence about the reach, which is compared itself
    elif is_dataclass(sound) and type(sound) is type(damaged):
        for part in fields(sound):
            yield from _bolder(getattr(sound, part.name), getattr(damaged, part.name), f"{where}.{part.name}")
    elif isinstance(sound, tuple) and isinstance(damaged, tuple) and len(sound) == len(damaged):
        for index, pair in enumerate(zip(sound, damaged, strict=True)):
            yield from _bolder(*pair, f"{where}[{index}]")
    elif sound != damaged:
        yield f"{where}: {sound!r:.80} became {damaged!r:.80}"


def _groups(sound: Any, damaged: Any, where: str) -> Iterator[str]:
    """Observed groups: what is known may shrink, but only beside a group that is unknown."""
    before = [item for group in sound if group.known for item in group.value]
    after = [item for group in damaged if group.known for item in group.value]
    lost = [item for item in before if item not in after]
    if any(item not in before for item in after) or (lost and all(group.known for group in damaged)):
        yield f"{where}: {lost!r:.80}"
