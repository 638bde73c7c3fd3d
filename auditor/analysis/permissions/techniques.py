"""The ways in which one AWS principal becomes another: what each needs, and what its target must be.

The table is data (``aws_techniques.json``, with source and date). An entry that cannot be read is left out by itself,
named in :func:`faults`, and hides no other.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from auditor.model.compute import ComputeKind, Trait

DATA = "aws_techniques.json"


class TechniqueKind(StrEnum):
    """What a technique is done to."""

    PASS_ROLE = "pass-role"  # noqa: S105 - a kind of technique
    """A role is handed to new compute: it has to exist and to trust the service."""
    EXISTING_COMPUTE = "existing-compute"
    """Code is put into compute that runs as the role: some has to exist."""
    FUNCTION = "function"
    """A Lambda function that exists is changed."""
    USER = "user"
    """Credentials of a user are made."""
    TRUST = "trust"
    """The trust policy of a role is rewritten."""
    ASSUME = "assume"
    """A role is assumed that trusts the principal."""
    ROLE_POLICY = "role-policy"
    USER_POLICY = "user-policy"
    GROUP_POLICY = "group-policy"
    GROUP_MEMBER = "group-member"
    MANAGED_POLICY = "managed-policy"
    """A customer-managed policy that is attached to a principal is rewritten."""
    ROLE_BOUNDARY = "role-boundary"
    USER_BOUNDARY = "user-boundary"
    ACCOUNT = "account"
    """Nothing of the account's own IAM: whether it leads anywhere is not read."""


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique. ``actions`` are all needed; ``services`` those of which the role has to trust one; ``words``
    continue the name of who does it; ``doubt`` is what has to hold besides and is not read; ``federated``: the role
    trusts the service as an identity provider. ``needs`` are the kinds of compute of which some has to exist (what runs
    as the role, where it acts on existing compute; ``doubt`` is then what holds of any that was not read, and ``still``
    what has to hold of one that was), ``traits`` what it has to offer.
    """

    id: str
    kind: TechniqueKind
    actions: tuple[str, ...]
    services: tuple[str, ...]
    words: str
    doubt: str
    federated: bool
    needs: tuple[ComputeKind, ...] = ()
    traits: tuple[Trait, ...] = ()
    still: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its actions in lower case."""
        return tuple(action.lower() for action in self.actions)


def read(rows: Iterable[Any]) -> tuple[tuple[Technique, ...], tuple[str, ...]]:
    """The techniques of a table, and a sentence for each entry that cannot be read."""
    found: list[Technique] = []
    faults: list[str] = []
    for place, row in enumerate(rows, 1):
        try:
            found.append(_technique(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            faults.append(f"entry {place} cannot be read ({type(error).__name__}: {error})")
    return tuple(found), tuple(faults)


def _technique(row: Mapping[str, Any]) -> Technique:
    actions = tuple(str(action) for action in row["actions"])
    if not actions or any(":" not in action for action in actions):
        raise ValueError("actions must name at least one service:Action")
    return Technique(
        id=row["id"],
        kind=TechniqueKind(row["kind"]),
        actions=actions,
        services=tuple(row.get("services", ())),
        words=row["words"],
        doubt=row.get("doubt", ""),
        federated=bool(row.get("federated", False)),
        needs=tuple(ComputeKind(kind) for kind in row.get("needs", ())),
        traits=tuple(Trait(trait) for trait in row.get("traits", ())),
        still=row.get("still", ""),
    )


@cache
def techniques() -> tuple[Technique, ...]:
    """Every technique: those that certainly work before those that depend on something else."""
    return tuple(sorted(read(_table()["techniques"])[0], key=lambda technique: technique.doubt != ""))


def faults() -> tuple[str, ...]:
    """What of the shipped table cannot be read."""
    return read(_table()["techniques"])[1]


@cache
def actions() -> frozenset[str]:
    """Every action that a technique needs, in lower case."""
    return frozenset(action for technique in techniques() for action in technique.keys)


@cache
def on_existing_compute() -> frozenset[str]:
    """The ids of the techniques that act on existing compute."""
    return frozenset(each.id for each in techniques() if each.kind is TechniqueKind.EXISTING_COMPUTE)


def retired() -> Mapping[str, str]:
    """Services whose techniques no longer work, and why."""
    return dict(_table()["retired"])


def provenance() -> tuple[str, str]:
    """The source of the table, and its day (ISO)."""
    return _table()["source"], _table()["date"]


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(files("auditor.analysis").joinpath("data", DATA).read_text("utf-8"))
    return table
