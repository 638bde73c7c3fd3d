"""Counts what the first screen says, while the rows pass by: the matrix, each check's verdicts."""

import hashlib
import re
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
    """Running counts over functions, causes and findings. Functions are known by their row number."""

    def __init__(self) -> None:
        self.functions = 0
        self.findings = 0
        self.causes = 0
        self.waived = 0
        self.on_functions: Counter[str] = Counter()
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

    def cause(self, row: Mapping[str, Any], positions: Sequence[int]) -> None:
        """Count a cause on the functions at these rows; one of an account or a region has none. Waived ones apart."""
        if row.get("waived"):
            self.waived += 1
            return
        self.causes += 1
        severity = row["severity"]
        cell = (row["risk"], severity)
        self.cells[cell] += 1
        self._hit[cell].update(positions)
        self._with_findings.update(positions)
        if positions:
            self.on_functions[severity] += 1
        cloud = self._cloud_of[positions[0]] if positions else row.get("cloud")
        if cloud:
            self._severities[cloud][severity] += 1

    @property
    def functions_with_findings(self) -> int:
        """How many functions have at least one open finding."""
        return len(self._with_findings)

    def clouds(self) -> list[dict[str, Any]]:
        """Each cloud beside the others: functions, mean score of them as a range, its causes by severity."""
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
        """Open causes by risk (rows) and severity (columns), with totals and how many functions each cell touches.

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
            "total": self.causes,
            "unknown": sum(unknown.values()),
        }

    def _has(self, severity: str) -> bool:
        return any(cell[1] == severity for cell in self.cells)

    def _cell(self, risk: str, severity: str) -> dict[str, Any]:
        count = self.cells[risk, severity]
        functions = len(self._hit[risk, severity]) if count else 0
        tint = sum(1 for limit in _TINTS if count >= limit)
        return {"severity": severity, "count": count, "functions": functions, "tint": tint}


def drivers(head: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What lowered the score most: defects of functions first, then settings of a region or an account."""
    subjects = {check["id"]: check.get("subject", "function") for check in head["checks"]}
    return sorted(
        head["score"].get("drivers") or (),
        key=lambda driver: (subjects.get(driver["check_id"], "function") != "function", -abs(driver["points"])),
    )


def sentence(counted: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """The first sentences of the report in pieces of (text, trait whose functions the piece links to or "")."""
    if not counted or not counted["functions"]:
        return []
    open_, power, both = (counted[name] for name in ("unauthenticated", "administrator", "both"))
    total = counted["functions"]
    if open_ is None or power is None:
        return _partly_asked(counted)
    pieces = [
        (words.number(open_), "unauthenticated"),
        (f" of {words.plural(total, 'function')} can be reached from the internet without authentication; ", ""),
        (words.number(power), "administrator"),
        (f" of {words.number(total)} {'runs' if power == 1 else 'run'} as an administrator; ", ""),
        (words.number(both), "both"),
        (f" {'is' if both == 1 else 'are'} both.", ""),
    ]
    return pieces + _not_known(counted)


def _partly_asked(counted: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same where checks were left out: what was not asked is no number, and links to nothing."""
    told = {
        "unauthenticated": "can be reached from the internet without authentication",
        "administrator": "run as an administrator",
    }
    pieces: list[tuple[str, str]] = []
    for name, said in told.items():
        if counted[name] is not None:
            whole = f" of {words.plural(counted['functions'], 'function')} {said}. "
            pieces += [(words.number(counted[name]), name), (whole, "")]
    missing = " or ".join(said for name, said in told.items() if counted[name] is None)
    return [*pieces, (f"Not asked: which functions {missing}. The checks that look were left out of this run.", "")]


def _not_known(counted: Mapping[str, Any]) -> list[tuple[str, str]]:
    pieces: list[tuple[str, str]] = []
    for name, what in (("unauthenticated", "the first"), ("administrator", "the second")):
        unknown = counted[f"{name}_unknown"]
        if unknown:
            before = " and " if pieces else " Not known for "
            pieces += [(before, ""), (words.number(unknown), f"{name}-unknown"), (f" ({what})", "")]
    return [*pieces, (".", "")] if pieces else []


def run_id(head: Mapping[str, Any]) -> str:
    """Names the run: a hash of when it began and what it covered. The same report has the same one."""
    named = [head["started_at"], *sorted(scope["id"] for scope in head["scopes"])]
    return hashlib.sha256("\n".join(named).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def grade_reason(score: Mapping[str, Any], tally: Tally) -> str:
    """Why the grade is what it is, in the terms of docs/report.md; "" without a score."""
    if score.get("low") is None:
        return ""
    critical, high = tally.on_functions["critical"], tally.on_functions["high"]
    worst, share_, count = ("critical", "75 %", critical) if critical else ("high", "90 %", high)
    if not count:
        return "The mean score of the functions, regions and accounts."
    causes_ = words.plural(count, f"{worst} cause")
    return (
        f"{causes_} {'is' if count == 1 else 'are'} open on functions: while any {worst} one is open, "
        f"the score is {share_} of the mean."
    )


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
    rows = [row for row in rows if row["asked"] or row["rest"]]
    return [
        {"risk": risk, "rows": [row for row in rows if row["check"]["risk"] == risk]}
        for risk in _ordered(RISKS, (row["check"]["risk"] for row in rows))
        if any(row["check"]["risk"] == risk for row in rows)
    ]


def frameworks(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The frameworks with their controls and the checks that are evidence for each, from the groups of `checks`."""
    controls: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in (row for group in groups for row in group["rows"]):
        for control in row["check"]["controls"]:
            framework, _, name = control.partition(":")
            controls[framework, name or framework].append(row)
    counted = ("fail", "unknown", "pass")
    return [
        {
            "framework": framework,
            "controls": [
                {"control": name, "rows": rows, **{key: sum(row[key] for row in rows) for key in counted}}
                for (own, name), rows in sorted(controls.items(), key=lambda item: _natural(item[0][1]))
                if own == framework
            ],
        }
        for framework in sorted({framework for framework, _ in controls})
    ]


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts AC-2 before AC-14."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


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
