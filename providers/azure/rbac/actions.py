"""Actions as Azure spells them: whether one is an action on a resource or on the data in it, and what was meant.

Azure's built-in roles name some four thousand actions, and by patterns many more: an action that they do not name may
still exist, so only a word that nearly is one of the same resource provider is taken for a mistake.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import Final

from auditor.errors import UsageError, suggestion
from providers.azure.rbac.builtin_roles import spelt
from providers.azure.rbac.definitions import matches

_VERBS: Final = ("read", "write", "delete", "action")
_ALIKE: Final = 0.8
_SHORTEST: Final = 2


class Plane(StrEnum):
    """What an action is on."""

    CONTROL = "control"
    """The resource: ``actions`` of a role allow it."""
    DATA = "data"
    """What the resource holds: ``dataActions`` of a role allow it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """``names`` are single actions in lower case with their spelling, ``patterns`` those with a wildcard."""

    names: dict[str, str]
    patterns: tuple[str, ...]

    def covers(self, action: str) -> bool:
        """Whether a pattern means an action."""
        return any(matches(pattern, action) for pattern in self.patterns)


def planes(action: str) -> tuple[Plane, ...]:
    """What an action is on; both where the built-in roles do not tell."""
    wanted = action.lower()
    named = tuple(plane for plane in Plane if wanted in _known()[plane].names)
    if len(named) == 1:
        return named
    covered = tuple(plane for plane in Plane if _known()[plane].covers(wanted))
    return covered if len(covered) == 1 else tuple(Plane)


def check_action(action: str) -> None:
    """Raises UsageError for what is not one action of Azure, and for one that is nearly another."""
    words = action.split("/")
    if len(words) < _SHORTEST or "*" in action or not all(words) or words[-1].lower() not in _VERBS:
        raise UsageError(
            f"{action!r} is not one action of Azure: write it as Provider/type/verb, such as"
            f" Microsoft.Storage/storageAccounts/read{suggestion(action, _names()) if '*' not in action else '.'}"
        )
    meant = _meant(words)
    if meant != words:
        raise UsageError(f"{action!r} is not an action of Azure; did you mean {_as_spelt('/'.join(meant))}?")


def _meant(words: list[str]) -> list[str]:
    """The words with those replaced that nearly are others of the same provider."""
    provider = _nearest(words[0], _vocabulary())
    known = _vocabulary().get(provider.lower(), {})
    return [provider, *(_nearest(word, known) for word in words[1:-1]), words[-1]]


def _nearest(word: str, known: "dict[str, str] | dict[str, dict[str, str]]") -> str:
    if word.lower() in known:
        return word
    near = get_close_matches(word.lower(), known, 1, _ALIKE)
    if not near:
        return word
    found = known[near[0]]
    return found if isinstance(found, str) else near[0]


def _as_spelt(action: str) -> str:
    named = (_known()[plane].names.get(action.lower()) for plane in Plane)
    return next((name for name in named if name is not None), action)


def _names() -> Iterable[str]:
    return (name for plane in Plane for name in _known()[plane].names.values())


@cache
def _known() -> dict[Plane, _Known]:
    parts = {Plane.CONTROL: ("actions", "notActions"), Plane.DATA: ("dataActions", "notDataActions")}
    return {plane: _kinds(tuple(spelt(*of))) for plane, of in parts.items()}


def _kinds(patterns: tuple[str, ...]) -> _Known:
    wild = dict.fromkeys(each.lower() for each in patterns if "*" in each and not each.startswith("*"))
    return _Known({each.lower(): each for each in patterns if "*" not in each}, tuple(wild))


@cache
def _vocabulary() -> dict[str, dict[str, str]]:
    """By resource provider, the words of its actions with their spelling."""
    found: dict[str, dict[str, str]] = {}
    for pattern in spelt("actions", "notActions", "dataActions", "notDataActions"):
        provider, *words = pattern.split("/")
        if "*" not in provider:
            known = found.setdefault(provider.lower(), {})
            known.update({word.lower(): word for word in words if "*" not in word})
    return found
