"""Four-valued logic: true, false, open (it depends on the request) and a gap (it depends on what was not read)."""

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """Ordered so that the least of several is their conjunction."""

    FALSE = 0
    GAP = 1
    OPEN = 2
    TRUE = 3


FALSE, GAP, OPEN, TRUE = Truth.FALSE, Truth.GAP, Truth.OPEN, Truth.TRUE
_NOT = {FALSE: TRUE, TRUE: FALSE, OPEN: OPEN, GAP: GAP}


def truth(value: object) -> Truth:
    """TRUE or FALSE."""
    return TRUE if value else FALSE


def negation(value: Truth) -> Truth:
    """The opposite; what is not known stays so."""
    return _NOT[value]


def either(values: Iterable[Truth]) -> Truth:
    """The disjunction: TRUE decides, then what was not read outranks what depends on the request."""
    found = FALSE
    for value in values:
        if value is TRUE:
            return TRUE
        if value is GAP or found is FALSE:
            found = value
    return found


def both(*values: Truth) -> Truth:
    """The conjunction."""
    return min(values)
