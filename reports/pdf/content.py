"""What of a report a document shows: the gravest causes with evidence, and counts of what there is beside them.

Rows pass by once or twice and only those that are drawn are kept, so that a report of any size fits into memory.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.reporter import Report

Row = Mapping[str, Any]

CAUSES: Final = 500
"""Causes that are drawn, the gravest first; the others are counted by check."""
FINDINGS: Final = 3
"""Findings of a cause whose evidence is drawn."""
CONTROL_FINDINGS: Final = 5
"""Findings of a control that are drawn."""
FUNCTIONS: Final = 1000
"""Rows of the list of functions."""
NAMED: Final = 8
"""Functions of a cause that are named."""
STATUSES: Final = ("PASS", "FAIL", "UNKNOWN", "NOT_APPLICABLE", "NOT_EXAMINED", "ERROR")


@dataclass(slots=True)
class Content:
    """What is drawn. ``left_out`` counts the causes that are not, by severity and title, in the report's order."""

    causes: list[dict[str, Any]] = field(default_factory=list)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: dict[str, Row] = field(default_factory=dict)
    functions: list[Row] = field(default_factory=list)
    functions_left_out: int = 0
    verdicts: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def causes_left_out(self) -> int:
        """How many causes are counted only."""
        return self.left_out.total()


def content(report: Report) -> Content:
    """Picks what is drawn."""
    made = Content()
    for row in _causes(report):
        if len(made.causes) < CAUSES:
            made.causes.append(_trimmed(row))
        else:
            made.left_out[row["severity"], row["title"]] += 1
    wanted = set(_wanted(made.causes, report.head))
    for row in report.findings():
        if row["fingerprint"] in wanted:
            made.findings[row["fingerprint"]] = _evident(row)
    _take_functions(made, report)
    _count_verdicts(made, report)
    for cause in made.causes:
        cause["shown"] = [made.findings[mark] for mark in cause["findings"] if mark in made.findings]
    return made


def _causes(report: Report) -> Iterator[Row]:
    """The causes; in a report of before there were any, each finding is its own."""
    causes = report.causes()
    first = next(causes, None)
    if first is not None:
        yield first
        yield from causes
        return
    for row in report.findings():
        subject = row.get("function_id")
        yield {
            **row,
            "id": row["fingerprint"],
            "findings": [row["fingerprint"]],
            "functions": [subject] if subject else [],
            "waived": bool(row.get("waived")),
        }


def _trimmed(row: Row) -> dict[str, Any]:
    """A cause without the long lists of what it is found on."""
    fix = row["remediation"]
    return {
        "id": row["id"],
        "check_id": row["check_id"],
        "title": row["title"],
        "message": row["message"],
        "severity": row["severity"],
        "confidence": row["confidence"],
        "risk": row["risk"],
        "cloud": row["cloud"],
        "account": row["account"],
        "region": row.get("region") or "",
        "waived": bool(row.get("waived")),
        "breaks": row.get("breaks") or "",
        "fix": {key: fix.get(key) or "" for key in ("text", "command", "terraform")},
        "findings": list(row["findings"][:FINDINGS]),
        "findings_total": len(row["findings"]),
        "functions": list(row["functions"][:NAMED]),
        "functions_total": len(row["functions"]),
    }


def _wanted(causes: Iterable[Row], head: Row) -> Iterator[str]:
    for cause in causes:
        yield from cause["findings"]
    for framework in head.get("frameworks") or ():
        for control in framework["controls"]:
            yield from control["findings"][:CONTROL_FINDINGS]


def _evident(row: Row) -> dict[str, Any]:
    """A finding with what proves it."""
    return {
        "fingerprint": row["fingerprint"],
        "check_id": row["check_id"],
        "title": row["title"],
        "message": row["message"],
        "severity": row["severity"],
        "subject": row.get("function_name") or row.get("function_id") or row["resource_id"],
        "evidence": row["evidence"],
        "controls": row["controls"],
        "waived": row.get("waived"),
        "first_seen": row.get("first_seen") or "",
    }


def _take_functions(made: Content, report: Report) -> None:
    named = {each for cause in made.causes for each in cause["functions"]}
    names: dict[str, str] = {}
    for row in report.functions():
        if row["id"] in named:
            names[row["id"]] = row["name"]
        if len(made.functions) < FUNCTIONS:
            keys = ("id", "name", "cloud", "scope", "location", "runtime", "owner", "score")
            made.functions.append({key: row.get(key) for key in keys})
        else:
            made.functions_left_out += 1
    for cause in made.causes:
        cause["names"] = [names.get(each, each) for each in cause["functions"]]


def _count_verdicts(made: Content, report: Report) -> None:
    pairs: Counter[tuple[str, str]] = Counter()
    for _subject, verdicts in report.verdicts():
        pairs.update(verdicts.items())
    for (check, status), count in pairs.items():
        made.verdicts.setdefault(check, Counter())[status] += count
