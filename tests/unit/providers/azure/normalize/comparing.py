"""What Azure's inventories tell in another way where less is known."""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from auditor.model.inventory import Inventory
from tests.unit.providers.comparing import Comparing

_NOT_TOLD = (".account", ".insights.id", ".target", ".source", ".resource")
"""Members in which None says that it could not be told."""

_NAMES = (".storage.host.id", ".vaults[0].id", ".location", ".code.package", ".code.image")
"""What a thing is called while it cannot be read; the facts about it are compared themselves."""

_SENTENCES = (".reach_reason", ".source", ".state_reason", ".problem")
"""About facts that are compared themselves."""


class _Comparing(Comparing):
    def around(self, sound: Inventory, damaged: Inventory) -> Iterator[str]:
        scopes = {scope.id: scope for scope in sound.scopes}
        for scope in damaged.scopes:
            yield from self.compare(scopes[scope.id].guardrails, scope.guardrails, "guardrails")

    def told(self, sound: Any, damaged: Any, where: str) -> Iterable[str] | None:
        if isinstance(damaged, Enum) and damaged.name == "UNRECOGNISED":
            return ()
        if (damaged is None and where.endswith(_NOT_TOLD)) or where.endswith(_NAMES):
            return ()
        return () if where.endswith(_SENTENCES) else None

    def same(self, sound: Any, damaged: Any) -> bool:
        return not list(self.compare(sound, damaged, "item"))


bolder = _Comparing().bolder
