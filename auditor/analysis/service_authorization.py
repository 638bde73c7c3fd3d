"""The AWS Service Authorization Reference: every action, what it can be limited to, and how AWS spells it.

The data is generated (``tests.aws_actions``), with its source, version and date in the first line of the file; every
further line is one service, parsed when it is first asked for. An action that the reference does not list did not
exist on that date.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from auditor.model.wildcards import covers

DATA = "aws_actions.jsonl"
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_WILD = re.compile(r"[*?]")
_PARTS = re.compile(r"[*?]|[^*?]+")


class AccessLevel(StrEnum):
    """What an action does, as AWS classifies it."""

    LIST = "list"
    READ = "read"
    WRITE = "write"
    TAGGING = "tagging"
    PERMISSIONS = "permissions-management"


LEVELS = {
    "L": AccessLevel.LIST,
    "R": AccessLevel.READ,
    "W": AccessLevel.WRITE,
    "T": AccessLevel.TAGGING,
    "P": AccessLevel.PERMISSIONS,
}
"""The letters of the file. AWS lists tagging and permissions management as kinds of writing."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the data is from: ``source`` names project and version, ``date`` is ISO, ``notice`` its licence.

    ``dependent_actions`` names the version that those are from, which may be an older one.
    """

    source: str
    version: str
    date: str
    dependent_actions: str
    licence: str
    notice: str
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class ResourceType:
    """A kind of resource. ``arn`` is AWS's format without ``arn:partition:``, its variables as ``*``:
    ``sqs:*:*:*``, ``s3:::*/*``.
    """

    name: str
    arn: str
    condition_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """One action, made once and so compared by identity.

    ``required`` and ``optional`` are the resource types a statement can name for it; with neither it works on ``*``
    alone. ``key`` is ``service:name`` in lower case. ``condition_keys`` are those of the action and of its resource
    types in this action; ``dependent`` are actions that a caller needs besides.
    """

    service: str
    name: str
    key: str
    level: AccessLevel
    required: tuple[ResourceType, ...]
    optional: tuple[ResourceType, ...]
    condition_keys: tuple[str, ...]
    dependent: tuple[str, ...]

    @property
    def id(self) -> str:
        """As AWS spells it: ``sqs:SendMessage``."""
        return f"{self.service}:{self.name}"

    @property
    def resource_types(self) -> tuple[ResourceType, ...]:
        """Every kind of resource that can be named for it."""
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its actions by lower-case name, and the condition keys it knows with AWS's name of their type."""

    prefix: str
    title: str
    actions: dict[str, Action]
    resource_types: tuple[ResourceType, ...]
    condition_keys: dict[str, str]


@cache
def provenance() -> Provenance:
    """Source, version, date and licence of the data."""
    head = json.loads(_lines()[""])
    return Provenance(
        source=head["source"],
        version=head["version"],
        date=head["date"],
        dependent_actions=head["dependent_actions"],
        licence=head["licence"],
        notice=head["notice"],
        digest=head["sha256"],
    )


def prefixes() -> tuple[str, ...]:
    """The prefix of every service."""
    return tuple(prefix for prefix in _lines() if prefix)


@cache
def service(prefix: str) -> Service | None:
    """The service of a prefix (lower case), None where the reference has none."""
    line = _lines().get(prefix) if prefix else None
    if line is None:
        return None
    _, title, keys, resources, rows = json.loads(line)
    types = tuple(
        ResourceType(name, _VARIABLE.sub("*", arn), tuple(keys[at][0] for at in of_type))
        for name, arn, of_type in resources
    )
    actions = (_action(prefix, row, types, keys) for row in rows)
    return Service(prefix, title, {action.name.lower(): action for action in actions}, types, dict(keys))


def _action(prefix: str, row: list[Any], types: tuple[ResourceType, ...], keys: list[list[str]]) -> Action:
    filled: list[Any] = [*row, *[[]] * (5 - len(row))]
    name, level, named, of_action, dependent = filled
    return Action(
        service=prefix,
        name=name,
        key=f"{prefix}:{name}".lower(),
        level=LEVELS[level],
        required=tuple(types[at] for at in named if at >= 0),
        optional=tuple(types[-1 - at] for at in named if at < 0),
        condition_keys=tuple(keys[at][0] for at in of_action),
        dependent=tuple(dependent),
    )


@lru_cache(maxsize=4096)
def matching(pattern: str) -> tuple[Action, ...]:
    """The actions a pattern of a policy means (``states:SendTask*``, ``*``), in the reference's order; case ignored."""
    prefix, _, name = pattern.lower().partition(":")
    if not name:
        name = "*" if _WILD.search(prefix) else ""
    return tuple(action for found in _services(prefix) for action in _named(found, name))


def _services(prefix: str) -> Iterator[Service]:
    named = (prefix,) if not _WILD.search(prefix) else (each for each in prefixes() if covers(prefix, each))
    for each in named:
        found = service(each)
        if found is not None:
            yield found


def _named(found: Service, name: str) -> Iterator[Action]:
    if not _WILD.search(name):
        if name in found.actions:
            yield found.actions[name]
        return
    for low, action in found.actions.items():
        if covers(name, low):
            yield action


@lru_cache(maxsize=4096)
def spelled(pattern: str) -> str:
    """An action or a pattern of actions as AWS spells it; as it is where the reference has nothing like it.

    A pattern takes its letters from an action that it matches: ``s3:getob*`` becomes ``s3:GetOb*``.
    """
    found = matching(pattern) if ":" in pattern and not _WILD.search(pattern.partition(":")[0]) else ()
    if not found:
        return pattern
    name, at, made = found[0].name, 0, [found[0].service, ":"]
    for part in _PARTS.findall(pattern.partition(":")[2].lower()):
        if _WILD.search(part):
            made.append(part)
            continue
        at = name.lower().find(part, at) + len(part)
        made.append(name[at - len(part) : at])
    return "".join(made)


@cache
def _lines() -> dict[str, str]:
    """The lines of the file by the prefix of their service; the head under ""."""
    head, *rest = files(__package__).joinpath("data").joinpath(DATA).read_text("utf-8").splitlines()
    return {"": head, **{line[2 : line.index('"', 2)]: line for line in rest}}
