"""What Google Cloud's inventories tell in another way where less is known."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from auditor.model.exposure import AccessGrant, AuthMode, QualifiedPolicy
from auditor.model.hosting import HostingKind
from auditor.model.inventory import Inventory
from auditor.model.role_holders import RoleHolder
from providers.gcp.operations import BY_ID
from tests.unit.providers.comparing import Comparing, known_items

_UNTOLD: dict[str, tuple[Any, ...]] = {
    "auth": (AuthMode.UNRECOGNISED,),
    "account": (None,),
    "kind": (HostingKind.UNRECOGNISED,),
}
"""Values by which a record says that it does not know."""


class _Comparing(Comparing):
    def around(self, sound: Inventory, damaged: Inventory) -> Iterator[str]:
        places = {place.id: place for place in sound.locations}
        for place in damaged.locations:
            before = places.get(place.id)
            if before is not None:
                yield from (item for item in self.compare(before, place, "place") if ".functions:" not in item)
        scopes = {scope.id: scope for scope in sound.scopes}
        for scope in damaged.scopes:
            told = self.compare(scopes[scope.id], scope, "scope")
            yield from (item for item in told if ".locations:" not in item)

    def told(self, sound: Any, damaged: Any, where: str) -> Iterable[str] | None:
        if where.endswith(".policies") and all(isinstance(part, QualifiedPolicy) for part in (*sound, *damaged)):
            return self.groups([part.statements for part in sound], [part.statements for part in damaged], where)
        if where.endswith((".reach_reason", ".state_reason")):
            return ()  # a sentence about a fact, which is compared itself
        if where.endswith(".drift") and damaged and set(damaged) < set(sound):
            return ()  # what disagrees is told as far as both sides could be read
        if where.endswith(".source") and damaged in BY_ID:
            return ()  # another answer told the same
        return () if damaged in _UNTOLD.get(where.rpartition(".")[2], ()) else None

    def groups(self, sound: Any, damaged: Any, where: str) -> Iterator[str]:
        """What is known may also be known in part, beside a group that is unknown; each item stands for one only."""
        before, after = (list(_single(known_items(groups))) for groups in (sound, damaged))
        pairs = [(item, next((old for old in before if self.same(old, item)), None)) for item in after]
        new = [item for item, old in pairs if old is None and not _untold(item)]
        kept = [old for _, old in pairs]
        lost = [item for item in before if item not in kept]
        if new or (lost and all(group.known for group in damaged)):
            yield f"{where}: {lost!r:.80} became {new!r:.80}"

    def same(self, sound: Any, damaged: Any) -> bool:
        if _untold(damaged):
            return isinstance(sound, AccessGrant) and (sound.sid, sound.principals) == (
                damaged.sid,
                damaged.principals,
            )
        return sound == damaged or not list(self.compare(sound, damaged, ""))


def _single(items: Iterable[Any]) -> Iterator[Any]:
    """Who holds several roles counts once for each: one may be unread where another is known."""
    for item in items:
        yield from (replace(item, roles=(role,)) for role in item.roles) if isinstance(item, RoleHolder) else (item,)


def _untold(item: Any) -> bool:
    """A binding of the project's own members, of whose role nothing is claimed."""
    return isinstance(item, AccessGrant) and not item.actions and "could not be told" in item.reason


bolder = _Comparing().bolder
