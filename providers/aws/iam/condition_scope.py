"""How much of 'everybody' is left after a condition, and how several conditions combine."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from auditor.model.exposure import AuthMode, Reach


class Width(IntEnum):
    """What is left of everybody, widest first. Alternatives keep the widest, requirements the narrowest.

    The order differs from Reach.rank where a proof of identity (one account) beats a circumstance (an address).
    """

    EVERYBODY = 0
    SIGNED = 1
    EXCEPT = 2
    SERVICES = 3
    CONDITION = 4
    SOURCE = 5
    FOREIGN = 6
    ORGANISATION = 7
    OWN = 8
    NOBODY = 9


REACHES = {
    Width.EVERYBODY: Reach.ANONYMOUS,
    Width.SIGNED: Reach.ANY_PRINCIPAL,
    Width.EXCEPT: Reach.EVERYONE_BUT,
    Width.SERVICES: Reach.SERVICE_WITHOUT_SOURCE,
    Width.CONDITION: Reach.CONDITIONAL,
    Width.SOURCE: Reach.SERVICE_WITHOUT_ACCOUNT,
    Width.FOREIGN: Reach.CROSS_ACCOUNT,
    Width.ORGANISATION: Reach.ORGANISATION,
    Width.OWN: Reach.SCOPED,
    Width.NOBODY: Reach.NONE,
}


@dataclass(frozen=True, slots=True)
class ConditionScope:
    """What one condition (or one Deny) leaves.

    ``of_source`` and ``of_caller`` say which requests can carry what it asks for: a service acting for a
    resource, a signed principal. ``unrecognised`` marks an operator or key newer than our tables.
    ``open_value`` marks a wildcard or policy variable where a fixed value should stand. ``door`` is the
    AuthType of the URL it demands, ``through_door`` whether it demands a URL at all. ``own_organization``: it demands
    the account's own organisation.
    """

    width: Width
    why: str
    of_source: bool = False
    of_caller: bool = False
    unrecognised: bool = False
    open_value: bool = False
    door: AuthMode | None = None
    through_door: bool = False
    own_organization: bool = False


def widest(parts: Iterable[ConditionScope]) -> ConditionScope:
    """Alternatives: what the widest leaves. It speaks of sources (or callers) only when every one does."""
    listed = tuple(parts)
    doors = {part.door for part in listed}
    chosen = min(listed, key=lambda part: part.width)
    return ConditionScope(
        width=chosen.width,
        why=chosen.why,
        of_source=all(part.of_source for part in listed),
        of_caller=all(part.of_caller for part in listed),
        unrecognised=any(part.unrecognised for part in listed),
        open_value=any(part.open_value for part in listed),
        door=doors.pop() if len(doors) == 1 else None,
        through_door=all(part.through_door for part in listed),
        own_organization=all(part.own_organization for part in listed),
    )
