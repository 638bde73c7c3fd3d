"""Compares two inventories: may one have been read with less certainty than the other, and nothing else?"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from auditor.model.inventory import Inventory
from auditor.model.observed import Known, Unknown

_NOT_TOLD = (".account", ".insights.id", ".target", ".source")
"""Members in which None says that it could not be told."""

_NAMES = (".storage.host.id", ".vaults[0].id", ".location", ".code.package", ".code.image")
"""What a thing is called while it cannot be read; the facts about it are compared themselves."""


def bolder(sound: Inventory, damaged: Inventory) -> list[str]:
    """What the damaged inventory claims that the sound one does not: nothing, where silence is never safety."""
    found: list[str] = []
    known = {function.id: function for function in sound.functions}
    for function in damaged.functions:
        if function.id in known:
            found.extend(_bolder(known[function.id], function, function.name))
    scopes = {scope.id: scope for scope in sound.scopes}
    for scope in damaged.scopes:
        found.extend(_bolder(scopes[scope.id].guardrails, scope.guardrails, "guardrails"))
    return found


def _bolder(sound: Any, damaged: Any, where: str) -> Iterator[str]:
    if isinstance(damaged, Unknown) or (isinstance(damaged, Enum) and damaged.name == "UNRECOGNISED"):
        return
    if (damaged is None and where.endswith(_NOT_TOLD)) or where.endswith(_NAMES):
        return
    if isinstance(sound, Known) and isinstance(damaged, Known):
        yield from _bolder(sound.value, damaged.value, where)
    elif _observed(sound) and _observed(damaged):
        yield from _groups(sound, damaged, where)
    elif where.endswith((".reach_reason", ".source", ".state_reason", ".problem")):
        return  # sentences about facts that are compared themselves
    elif is_dataclass(sound) and type(sound) is type(damaged):
        for part in fields(sound):
            yield from _bolder(getattr(sound, part.name), getattr(damaged, part.name), f"{where}.{part.name}")
    elif isinstance(sound, tuple) and isinstance(damaged, tuple) and len(sound) == len(damaged):
        for index, pair in enumerate(zip(sound, damaged, strict=True)):
            yield from _bolder(*pair, f"{where}[{index}]")
    elif sound != damaged:
        yield f"{where}: {sound!r:.80} became {damaged!r:.80}"


def _observed(groups: Any) -> bool:
    return isinstance(groups, tuple) and all(isinstance(each, (Known, Unknown)) for each in groups)


def _groups(sound: Any, damaged: Any, where: str) -> Iterator[str]:
    """Observed groups: what is known may shrink, but only beside a group that is unknown."""
    before = [item for group in sound if group.known for item in group.value]
    after = [item for group in damaged if group.known for item in group.value]
    lost = [item for item in before if not any(_same(item, other) for other in after)]
    gained = [item for item in after if not any(_same(other, item) for other in before)]
    if gained or (lost and all(group.known for group in damaged)):
        yield f"{where}: lost {lost!r:.160} gained {gained!r:.160}"


def _same(sound: Any, damaged: Any) -> bool:
    return not list(_bolder(sound, damaged, "item"))
