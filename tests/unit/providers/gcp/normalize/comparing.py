"""Compares two inventories: may one have been read with less certainty than the other, and nothing else?"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from auditor.model.exposure import AccessGrant, AuthMode, QualifiedPolicy
from auditor.model.hosting import HostingKind
from auditor.model.inventory import Inventory
from auditor.model.observed import Known, Unknown
from providers.gcp.operations import BY_ID

_UNTOLD: dict[str, tuple[Any, ...]] = {
    "auth": (AuthMode.UNRECOGNISED,),
    "account": (None,),
    "kind": (HostingKind.UNRECOGNISED,),
}
"""Values by which a record says that it does not know."""


def bolder(sound: Inventory, damaged: Inventory) -> list[str]:
    """What the damaged inventory claims that the sound one does not: nothing, where silence is never safety."""
    found: list[str] = []
    known = {function.id: function for function in sound.functions}
    for function in damaged.functions:
        if function.id in known:
            found.extend(_bolder(known[function.id], function, function.name))
    locations = {location.id: location for location in sound.locations}
    for location in damaged.locations:
        before = locations.get(location.id)
        if before is not None:
            found.extend(item for item in _bolder(before, location, "location") if ".functions:" not in item)
    scopes = {scope.id: scope for scope in sound.scopes}
    for scope in damaged.scopes:
        found.extend(item for item in _bolder(scopes[scope.id], scope, "scope") if ".locations:" not in item)
    return found


def _bolder(sound: Any, damaged: Any, where: str) -> Iterator[str]:
    if isinstance(damaged, Unknown):
        return
    if isinstance(sound, Known) and isinstance(damaged, Known):
        yield from _bolder(sound.value, damaged.value, where)
    elif where.endswith(".policies") and all(isinstance(part, QualifiedPolicy) for part in (*sound, *damaged)):
        yield from _groups([part.statements for part in sound], [part.statements for part in damaged], where)
    elif where.endswith((".triggers", ".statements", ".role_assignments")):
        yield from _groups(sound, damaged, where)
    elif where.endswith((".reach_reason", ".state_reason")):
        return  # a sentence about a fact, which is compared itself
    elif where.endswith(".drift") and damaged and set(damaged) < set(sound):
        return  # what disagrees is told as far as both sides could be read
    elif where.endswith(".source") and damaged in BY_ID:
        return  # another answer told the same
    elif damaged in _UNTOLD.get(where.rpartition(".")[2], ()):
        return
    elif is_dataclass(sound) and type(sound) is type(damaged):
        for part in fields(sound):
            yield from _bolder(getattr(sound, part.name), getattr(damaged, part.name), f"{where}.{part.name}")
    elif isinstance(sound, tuple) and isinstance(damaged, tuple) and len(sound) == len(damaged):
        for index, pair in enumerate(zip(sound, damaged, strict=True)):
            yield from _bolder(*pair, f"{where}[{index}]")
    elif sound != damaged:
        yield f"{where}: {sound!r:.80} became {damaged!r:.80}"


def _groups(sound: Any, damaged: Any, where: str) -> Iterator[str]:
    """Observed groups: what is known may shrink, or be known in part, but only beside a group that is unknown."""
    before = [item for group in sound if group.known for item in group.value]
    after = [item for group in damaged if group.known for item in group.value]
    pairs = [(item, next((old for old in before if _weaker(old, item)), None)) for item in after]
    new = [item for item, old in pairs if old is None and not _untold(item)]
    kept = [old for _, old in pairs]
    lost = [item for item in before if item not in kept]
    if new or (lost and all(group.known for group in damaged)):
        yield f"{where}: {lost!r:.80} became {new!r:.80}"


def _weaker(before: Any, after: Any) -> bool:
    """Whether an item is another one, known in no more than before."""
    if _untold(after):
        return isinstance(before, AccessGrant) and before.sid == after.sid and before.principals == after.principals
    return before == after or not list(_bolder(before, after, ""))


def _untold(item: Any) -> bool:
    """A binding of the project's own members, of whose role nothing is claimed."""
    return isinstance(item, AccessGrant) and not item.actions and "could not be told" in item.reason
