"""What the caller may do on a whole subscription, and which answers that calls into doubt.

Lists leave out what the caller may not read, without a word. Only who may read everything is told by an empty list
that there is nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.observed import GapReason
from providers.azure.operations import AzureOperation
from providers.azure.rbac.definitions import Permission
from providers.calls.reply import Refusal

_UNREADABLE: Final = Refusal(GapReason.MALFORMED, "An entry of the caller's permissions cannot be read.")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an answer is not to be taken for all there is, and the permission that would make it so."""

    permission: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class CallerPermissions:
    """The caller's permissions on one subscription. ``refusal`` says why there may be more; None: these are all."""

    entries: tuple[Permission, ...]
    refusal: Refusal | None = None

    @classmethod
    def of(cls, pages: Iterable[Json], refusal: Refusal | None) -> "CallerPermissions":
        """From the pages that were read of the list, and what ended it early."""
        entries = [_entry(item) for page in pages for item in _items(page)]
        read = tuple(entry for entry in entries if entry is not None)
        return cls(read, refusal or (_UNREADABLE if len(read) < len(entries) else None))

    def holds(self, action: str) -> bool:
        """Whether an action is known to be allowed. What one entry takes away, another may still give."""
        return any(entry.allows(action) for entry in self.entries)

    def doubt(self, operation: AzureOperation, *, returned: bool) -> Doubt | None:
        """What is to be said against an answer to ``operation``; ``returned`` tells whether it has any row."""
        needed = (operation.permission, *operation.also)
        lacked = next((action for action in needed if not self.holds(action)), None)
        if lacked is None:
            return None
        source = "Resource Graph" if operation.graph else "Resource Manager"
        if self.refusal is None:
            rest = "there may be more than it returned" if returned else "that it returned none proves nothing"
            message = f"{lacked} is not granted on the whole subscription: {source} leaves out what may not be read, so"
            return Doubt(lacked, Refusal(GapReason.DENIED, f"{message} {rest}."))
        if returned:
            return None
        message = f"{source} returned none, and whether the caller may read them could not be told"
        return Doubt(lacked, Refusal(_reason(self.refusal), f"{message}: {self.refusal.message}"))


def _reason(refusal: Refusal) -> GapReason:
    """That permissions are not offered says nothing of what they would allow to read."""
    return GapReason.SERVICE_ERROR if refusal.reason is GapReason.NOT_OFFERED else refusal.reason


def _items(page: Json) -> list[Any]:
    items = page.get("value") if isinstance(page, Mapping) else None
    return items if isinstance(items, list) else [None]


def _entry(item: Any) -> Permission | None:
    actions, without = (_texts(item, key) for key in ("actions", "notActions"))
    return None if actions is None or without is None else Permission(actions, without, (), (), None)


def _texts(item: Any, key: str) -> tuple[str, ...] | None:
    found = item.get(key) if isinstance(item, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        return None
    return tuple(found)
