"""What became of an earlier run's findings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs compared, by fingerprint. Every finding of either is in exactly one of the five.

    ``baseline`` is when and how the earlier run was made. ``new``: only this run has it. ``unchanged``: both have it,
    or the earlier one had what hid it.
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

    def alone(self, cloud: str, account: str, marks: Collection[str]) -> "Comparison":
        """The part of one account, which has the findings ``marks``."""

        def here(row: Mapping[str, Any]) -> bool:
            return (row["cloud"], row["account"]) == (cloud, account)

        closed = {mark: row for mark, row in self.closed.items() if here(row)}
        return Comparison(
            self.baseline,
            tuple(mark for mark in self.new if mark in marks),
            tuple(mark for mark in self.unchanged if mark in marks),
            tuple(mark for mark in self.resolved if mark in closed),
            tuple(mark for mark in self.gone if mark in closed),
            {mark: row for mark, row in self.not_examined.items() if here(row)},
            self.first_seen,
            closed,
        )

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
