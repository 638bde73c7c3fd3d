"""The groups of facts that not every cloud tells (hosting, transport, ingress…) as rows of ``report.json``."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Final

from auditor.model.function import Function
from auditor.model.observed import Gap, GapReason, Known, Unknown

GROUPS: Final = ("hosting", "transport", "ingress", "login", "deployment", "keeping", "monitoring", "support")
_NOT_OF_THIS_CLOUD: Final = frozenset({GapReason.NOT_COLLECTED, GapReason.NOT_OFFERED})

Note = Callable[[str, Gap], None]


def settings(function: Function, note: Note) -> dict[str, Any]:
    """Each group the cloud tells; a fact this hosting does not have is left out, an unread one is null and noted."""
    rows = {}
    for name in GROUPS:
        fact = getattr(function, name)
        if not _left_out(fact):
            rows[name] = plain(name, fact, note)
    return {name: row for name, row in rows.items() if row not in (None, {})}


def plain(path: str, value: Any, note: Note) -> Any:
    """A noun, or what it is made of, as JSON."""
    if isinstance(value, Unknown):
        if not _left_out(value):
            note(path, value.gap)
        return None
    if isinstance(value, Known):
        return plain(path, value.value, note)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(path, item, note) for item in value]
    if is_dataclass(value):
        return dict(_members(path, value, note))
    return value


def _members(path: str, noun: Any, note: Note) -> Iterator[tuple[str, Any]]:
    for field in fields(noun):
        value = getattr(noun, field.name)
        if not _left_out(value):
            shown = plain(f"{path}.{field.name}", value, note)
            if shown != {}:
                yield field.name, shown


def _left_out(value: Any) -> bool:
    return isinstance(value, Unknown) and value.gap.reason in _NOT_OF_THIS_CLOUD
