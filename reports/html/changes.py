"""What changed since the run that a report was compared with: what is new, what is over, what is not known."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeAlias

from reports.html.summary import SEVERITIES

Row: TypeAlias = Mapping[str, Any]
_FIRST = 6


class NewFindings:
    """Counts the new findings while the rows pass by, and keeps the gravest: they come worst first."""

    def __init__(self, head: Row) -> None:
        self.marks = frozenset(head.get("new") or ())
        self.by_severity: Counter[str] = Counter()
        self.first: list[Row] = []

    def add(self, row: Row) -> bool:
        """Counts a finding where it is new and not waived; whether it is new."""
        if row["fingerprint"] not in self.marks:
            return False
        if not row.get("waived"):
            self.by_severity[row["severity"]] += 1
            if len(self.first) < _FIRST:
                self.first.append(row)
        return True


def changes(head: Row, new: NewFindings) -> dict[str, Any] | None:
    """What changed, in counts and rows; None where nothing was compared."""
    if not head.get("baseline"):
        return None
    closed = sorted(head.get("closed") or (), key=_rank)
    counts = [(name, new.by_severity[name]) for name in SEVERITIES if new.by_severity[name]]
    return {
        "started_at": head["baseline"]["started_at"],
        "new": len(new.marks),
        "open": sum(new.by_severity.values()),
        "by_severity": counts,
        "first": new.first,
        **{name: len(head.get(name) or ()) for name in ("resolved", "gone", "not_examined_again")},
        "closed": closed,
        "carried": sorted(head.get("carried") or (), key=_rank),
    }


def _rank(row: Row) -> tuple[int, str, str]:
    severity = row["severity"]
    place = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
    return (place, row["check_id"], row["fingerprint"])
