"""What became of an earlier run's findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs compared, by fingerprint. Every finding of either is in exactly one of the five.

    ``baseline`` is when and how the earlier run was made. ``new``: only this run has it. ``unchanged``: both have it.
    ``resolved``: its check was asked again, of the same subject and at least as deeply, and did not find it. ``gone``:
    its function, region or account is not there any more. ``not_examined``: nothing is known; by fingerprint the row
    that the next comparison needs. ``first_seen`` is the RFC 3339 time of the first run that had it, of each finding
    that is open. ``closed`` are the rows of the findings that are resolved or gone, by fingerprint.
    """

    baseline: Mapping[str, Any]
    new: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    not_examined: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    first_seen: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """The keys of ``report.json`` that say so."""
        return {
            "baseline": dict(self.baseline),
            "new": list(self.new),
            "resolved": list(self.resolved),
            "gone": list(self.gone),
            "not_examined_again": sorted(self.not_examined),
            "carried": [dict(self.not_examined[mark]) for mark in sorted(self.not_examined)],
            "closed": [dict(self.closed[mark]) for mark in sorted(self.closed)],
        }
