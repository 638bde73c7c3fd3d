"""Role definitions: actions, from which the not-actions of the same permission are taken away, and of no other."""

import re
from dataclasses import dataclass
from functools import cache

_ASSIGN = "microsoft.managedidentity/userassignedidentities/*/assign/action"
"""Built-in roles spell this action with a wildcard where the operation itself has none: both mean the same."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission of a role. Patterns are in lower case; Azure ignores case."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    data_actions: tuple[str, ...]
    not_data_actions: tuple[str, ...]
    condition: str | None

    def names(self, action: str, *, data: bool) -> bool:
        """Whether it names an action, even where it takes it away again."""
        return _any(self.data_actions if data else self.actions, action)

    def allows(self, action: str) -> bool:
        """Whether it allows an action on resources themselves."""
        return _any(self.actions, action) and not _any(self.not_actions, action)

    def allows_data(self, action: str) -> bool:
        """Whether it allows an action on the data in resources."""
        return _any(self.data_actions, action) and not _any(self.not_data_actions, action)


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A role: ``id`` is the GUID that ends its ids in lower case, ``custom`` whether the customer wrote it."""

    id: str
    name: str
    custom: bool
    permissions: tuple[Permission, ...]


def _any(patterns: tuple[str, ...], action: str) -> bool:
    wanted = action.lower()
    return any(matches(pattern, wanted) for pattern in patterns)


def matches(pattern: str, action: str) -> bool:
    """Whether a pattern means an action, both in lower case."""
    if _compiled(pattern).fullmatch(action):
        return True
    return pattern == _ASSIGN and action == _ASSIGN.replace("/*/", "/")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.lower().split("*")), re.DOTALL)
