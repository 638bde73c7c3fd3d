"""Counts what the first screen says, while the rows pass by: the matrix, each check's verdicts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reports.html import words

RISKS = (
    "exposure", "over-privilege", "event-injection", "insecure-configuration", "third-party-dependency",
    "denial-of-wallet", "transport", "monitoring", "runtime-protection", "resilience",
)  # fmt: skip
SEVERITIES = ("critical", "high", "medium", "low", "informational")
_TINTS = (1, 5, 25, 100)


class Tally:
    """Running counts over functions and findings. Functions are known by their row number, -1 is "no function"."""

    def __init__(self) -> None:
        self.functions = 0
        self.findings = 0
        self.cells: Counter[tuple[str, str]] = Counter()
        self.by_cloud: Counter[str] = Counter()
        self._hit: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._with_findings: set[int] = set()
        self._cloud_of: list[str] = []
        self._ranges: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self._severities: dict[str, Counter[str]] = defaultdict(Counter)

    def function(self, row: Mapping[str, Any]) -> None:
        """Count a function and its score."""
        self.functions += 1
        cloud = row.get("cloud") or "cloud not read"
        self.by_cloud[cloud] += 1
        self._cloud_of.append(cloud)
        score = row.get("score") or {}
        if score.get("low") is None:
            return
        self._ranges[cloud].append((score["low"], score["high"]))

    def finding(self, row: Mapping[str, Any], position: int) -> None:
        """Count a finding."""
        self.findings += 1
        severity = row["severity"]
        cell = (row["risk"], severity)
        self.cells[cell] += 1
        self._hit[cell].add(position)
        if position >= 0:
            self._severities[self._cloud_of[position]][severity] += 1
            self._with_findings.add(position)

    @property
    def functions_with_findings(self) -> int:
        """How many functions have at least one open finding."""
        return len(self._with_findings)

    def clouds(self) -> list[dict[str, Any]]:
        """Each cloud beside the others: functions, mean score of them as a range, their findings by severity."""
        rows = []
        for cloud in sorted(self.by_cloud):
            ranges = self._ranges[cloud]
            low, high = (
                (round(sum(ends) / len(ranges), 1) for ends in zip(*ranges, strict=True)) if ranges else (None, None)
            )
            found = self._severities[cloud]
            worst = [(severity, found[severity]) for severity in SEVERITIES[:3] if found[severity]]
            rows.append({"cloud": cloud, "functions": self.by_cloud[cloud], "low": low, "high": high, "worst": worst})
        return rows

    def matrix(self, unknown: Mapping[str, int]) -> dict[str, Any]:
        """Open findings by risk (rows) and severity (columns), with totals and how many functions each cell touches.

        `unknown` is how many verdicts of each risk could not be reached: an empty row is not a sound one.
        """
        severities = [
            s for s in _ordered(SEVERITIES, (s for _, s in self.cells)) if s != SEVERITIES[-1] or self._has(s)
        ]
        rows = []
        for risk in _ordered(RISKS, (r for r, _ in self.cells)):
            cells = [self._cell(risk, severity) for severity in severities]
            total = sum(cell["count"] for cell in cells)
            rows.append({"risk": risk, "cells": cells, "total": total, "unknown": unknown.get(risk, 0)})
        totals = [sum(row["cells"][place]["count"] for row in rows) for place in range(len(severities))]
        return {
            "severities": severities,
            "rows": rows,
            "totals": totals,
            "total": self.findings,
            "unknown": sum(unknown.values()),
        }

    def _has(self, severity: str) -> bool:
        return any(cell[1] == severity for cell in self.cells)

    def _cell(self, risk: str, severity: str) -> dict[str, Any]:
        count = self.cells[risk, severity]
        functions = len(self._hit[risk, severity] - {-1}) if count else 0
        tint = sum(1 for limit in _TINTS if count >= limit)
        return {"severity": severity, "count": count, "functions": functions, "tint": tint}


def unknown_by_risk(listed: Sequence[Mapping[str, Any]], tallies: Sequence[Counter[str]]) -> Counter[str]:
    """How many verdicts of each risk were asked for and not reached."""
    counts: Counter[str] = Counter()
    for check, tally in zip(listed, tallies, strict=True):
        counts[check["risk"]] += tally["U"] + tally["E"]
    return counts


def checks(listed: Sequence[Mapping[str, Any]], tallies: Sequence[Counter[str]]) -> list[dict[str, Any]]:
    """The checks with their verdict counts, grouped by risk; those that failed most severely first."""
    rows: list[dict[str, Any]] = [
        {"check": check, "fail": tally["F"], "unknown": tally["U"] + tally["E"], "pass": tally["P"],
         "rest": tally["N"], "left_out": tally["X"] + tally["-"],
         "reached": tally["F"] + tally["P"], "asked": tally["F"] + tally["P"] + tally["U"] + tally["E"]}
        for check, tally in zip(listed, tallies, strict=True)
    ]  # fmt: skip
    rows.sort(key=lambda row: (not row["fail"], _rank(SEVERITIES, row["check"]["severity"]), row["check"]["id"]))
    return [
        {"risk": risk, "rows": [row for row in rows if row["check"]["risk"] == risk]}
        for risk in _ordered(RISKS, (check["risk"] for check in listed))
        if any(check["risk"] == risk for check in listed)
    ]


def scopes(head: Mapping[str, Any], tally: Tally) -> dict[str, Any]:
    """What was audited, in counts and names: clouds, accounts, locations, functions."""
    listed = head["scopes"]
    unreadable = [scope for scope in listed if scope["status"] == "unreadable"]
    names = sorted({scope.get("scope") or scope["id"] for scope in listed})
    locations = sorted({place for scope in listed for place in _locations(scope)})
    return {
        "clouds": sorted({scope["cloud"] for scope in listed}),
        "names": names,
        "locations": locations,
        "unreadable": len(unreadable),
        "partial": sum(1 for scope in listed if scope["status"] == "partial"),
        "count": len(listed),
        "functions": words.plural(tally.functions, "function"),
    }


def _locations(scope: Mapping[str, Any]) -> Iterable[str]:
    for location in scope.get("locations") or ():
        yield location if isinstance(location, str) else str(location.get("id") or location.get("name") or location)


def _rank(order: Sequence[str], value: str) -> int:
    return order.index(value) if value in order else len(order)


def _ordered(order: Sequence[str], present: Iterable[str]) -> list[str]:
    """The known values in their order, then any others that are present."""
    return [*order, *sorted(set(present) - set(order))]
