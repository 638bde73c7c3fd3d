"""Of how many published versions of a function the policies are read: the newest, within what a run may cost.

GetPolicy answers 15 times a second (Lambda quotas), once for each version, and AWS keeps every version until it is
deleted. Those that an alias, a URL, a mapping or a setting names are read whatever their number.
"""

from collections.abc import Iterable
from typing import Final

AT_LEAST: Final = 10
"""Versions of each function whose policies are read at least, the newest first."""

_OF_A_REGION: Final = 3000
"""Versions that the functions of a region share: in small regions all are read."""


def asked_for(versions: Iterable[str], functions: int) -> tuple[str, ...]:
    """Those versions of one function whose policies are read, newest first; ``functions`` are read in the region."""
    most = max(AT_LEAST, _OF_A_REGION // max(1, functions))
    return newest_first(versions)[:most]


def newest_first(versions: Iterable[str]) -> tuple[str, ...]:
    """Versions by number, the highest first; what has no number (``$LATEST.PUBLISHED``) before them all."""
    return tuple(
        sorted(versions, key=lambda name: (not name.isdecimal(), int(name) if name.isdecimal() else 0), reverse=True)
    )
