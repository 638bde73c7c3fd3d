"""The score: a range, because what we could not read could be fine or could not.

Every function starts at 100 and loses points for each check it fails: critical 40, high 20, medium 8, low 3,
informational 0, times 1, 0.75 or 0.5 for high, medium or low confidence; the worst hit of a check counts once.
``high`` takes unknown verdicts as passed, ``low`` as failed. A function never falls below 0, and one with a critical
finding is capped at 49. A failed check of a location or scope (threat detection is off, say) is no function's fault
and costs no function anything: it is taken once, from the account, at half its points and by the share of functions
that are there. The account's score is the mean over its functions, less those, capped at 69 while any critical finding
is open. Grades: A from 90, B from 80, C from 70, D from 60, else F; the grade is that of ``low``. Removing a finding
never lowers a score.
Informational findings, NOT_APPLICABLE and NOT_EXAMINED cost nothing; no function, no score ("n/a").
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.check import Check
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Finding, Results
from auditor.model.finding import Status
from auditor.model.inventory import Inventory
from auditor.model.severity import Confidence, Severity

POINTS = {
    Severity.CRITICAL: 40.0,
    Severity.HIGH: 20.0,
    Severity.MEDIUM: 8.0,
    Severity.LOW: 3.0,
    Severity.INFORMATIONAL: 0.0,
}
SURENESS = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 0.75, Confidence.LOW: 0.5}
LOCATION_SHARE = 0.5
FUNCTION_CAP = 49.0
ACCOUNT_CAP = 69.0
_GRADES = ((90.0, "A"), (80.0, "B"), (70.0, "C"), (60.0, "D"))
_DRIVERS = 12
_COSTING = frozenset({Status.FAIL, Status.UNKNOWN, Status.ERROR})


@dataclass(frozen=True, slots=True)
class Point:
    """What one check takes from one subject. ``status`` FAIL is lost for sure, UNKNOWN only in ``low``."""

    check: Check
    points: float
    status: Status


@dataclass(frozen=True, slots=True)
class Range:
    """A score. ``grade`` is that of ``low``, ``grade_high`` that of ``high``."""

    low: float | None
    high: float | None

    @property
    def grade(self) -> str:
        """A to F, or "n/a"."""
        return grade(self.low)

    @property
    def grade_high(self) -> str:
        """The grade if everything unknown turned out well."""
        return grade(self.high)


def grade(score: float | None) -> str:
    """The letter of a score; "n/a" without one."""
    if score is None:
        return "n/a"
    return next((letter for least, letter in _GRADES if score >= least), "F")


@dataclass(frozen=True, slots=True)
class Driver:
    """A check that lowers the account's score, by how many points, and on which functions."""

    check: Check
    points: float
    functions: tuple[str, ...]


class Scorer:
    """Scores the results of one evaluation."""

    def __init__(self, inventory: Inventory, results: Results) -> None:
        self._results = results
        self._around = {f.id: (f"{f.scope}/{f.location}", f.scope) for f in inventory.functions}
        self._there = Counter(place for around in self._around.values() for place in around)
        self._rows: dict[bytes, tuple[tuple[Check, Status], ...]] = {}
        self._worst: defaultdict[str, dict[str, tuple[float, bool]]] = defaultdict(dict)
        for finding in results.findings:
            self._count(finding)

    def _count(self, finding: Finding) -> None:
        cost = POINTS[finding.severity] * SURENESS[finding.confidence]
        critical = finding.severity is Severity.CRITICAL
        checks = self._worst[finding.subject.id]
        before, was_critical = checks.get(finding.check.id, (0.0, False))
        checks[finding.check.id] = (max(before, cost), was_critical or critical)

    def points(self, function_id: str) -> Iterator[Point]:
        """Everything one function loses or may lose."""
        return self._points(function_id, 1.0)

    def _points(self, subject: str, share: float) -> Iterator[Point]:
        codes = self._results.verdicts.get(subject)
        if codes is None:
            return
        failed = self._worst.get(subject, {})
        for check, status in self._costing(codes):
            failing = status is Status.FAIL
            cost = failed[check.id][0] if failing else POINTS[check.severity] * SURENESS[check.confidence]
            if cost:
                yield Point(check, cost * share, status)

    def _costing(self, codes: bytes) -> tuple[tuple[Check, Status], ...]:
        """The checks of a row of verdicts that cost or may cost; most rows are alike, so each is read once."""
        found = self._rows.get(codes)
        if found is None:
            verdicts = zip(self._results.checks, codes, strict=True)
            asked = ((check, STATUSES[code]) for check, code in verdicts if code != NOT_ASKED)
            found = self._rows[codes] = tuple((check, status) for check, status in asked if status in _COSTING)
        return found

    def _critical(self, subject: str) -> bool:
        return any(critical for _, critical in self._worst.get(subject, {}).values())

    def function(self, function_id: str) -> Range:
        """The score of one function."""
        lost = maybe = 0.0
        open_critical = self._critical(function_id)
        unknown_critical = open_critical
        for point in self.points(function_id):
            if point.status is Status.FAIL:
                lost += point.points
            else:
                maybe += point.points
                unknown_critical |= point.check.severity is Severity.CRITICAL
        high = min(max(0.0, 100.0 - lost), FUNCTION_CAP if open_critical else 100.0)
        low = min(max(0.0, 100.0 - lost - maybe), FUNCTION_CAP if unknown_critical else 100.0)
        return Range(low, high)

    def account(self, scores: Mapping[str, Range]) -> Range:
        """The score of everything audited."""
        if not scores:
            return Range(None, None)
        failed = any(self._critical(subject) for subject in self._results.verdicts)
        doubtful = failed or self._unknown_critical()
        lost, maybe = self._surroundings()
        low = max(0.0, sum(score.low or 0.0 for score in scores.values()) / len(scores) - lost - maybe)
        high = max(0.0, sum(score.high or 0.0 for score in scores.values()) / len(scores) - lost)
        return Range(min(low, ACCOUNT_CAP if doubtful else 100.0), min(high, ACCOUNT_CAP if failed else 100.0))

    def _surroundings(self) -> tuple[float, float]:
        """What locations and scopes lose for sure, and what they may lose besides."""
        lost = maybe = 0.0
        for place, count in self._there.items():
            for point in self._points(place, LOCATION_SHARE * count / len(self._around)):
                if point.status is Status.FAIL:
                    lost += point.points
                else:
                    maybe += point.points
        return lost, maybe

    def _unknown_critical(self) -> bool:
        doubtful = {STATUSES.index(Status.UNKNOWN), STATUSES.index(Status.ERROR)}
        critical = [i for i, check in enumerate(self._results.checks) if check.severity is Severity.CRITICAL]
        return any(codes[i] in doubtful for codes in self._results.verdicts.values() for i in critical)

    def drivers(self, function_ids: tuple[str, ...]) -> list[Driver]:
        """The checks that cost the account most, costliest first."""
        cost: defaultdict[str, float] = defaultdict(float)
        where: defaultdict[str, list[str]] = defaultdict(list)
        by_id = {check.id: check for check in self._results.checks}
        there: defaultdict[str, list[str]] = defaultdict(list)
        for function_id in function_ids:
            there[function_id].append(function_id)
            for surrounding in self._around[function_id]:
                there[surrounding].append(function_id)
        for subject, concerned in there.items():
            share = 1.0 if subject in self._around else LOCATION_SHARE
            for point in self._points(subject, share):
                if point.status is Status.FAIL:
                    cost[point.check.id] += point.points * len(concerned)
                    where[point.check.id].extend(concerned)
        ranked = sorted(cost, key=lambda check_id: (-cost[check_id], check_id))[:_DRIVERS]
        count = len(function_ids)
        return [Driver(by_id[check_id], cost[check_id] / count, tuple(where[check_id])) for check_id in ranked]
