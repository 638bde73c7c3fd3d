"""The score: a range, because what we could not read could be fine or could not.

A function starts at 100. Each open cause leaves it a share of that: critical 50 %, high 78 %, medium 94 %, low 98.5 %,
informational all; of what a cause would take, three quarters count at medium confidence and half at low. A cause
counts once, by its gravest finding on that function. ``high`` takes unknown verdicts as passed, ``low`` as failed.
A cause of an account or a region (threat detection is off, say) is no function's fault and costs no function anything.
The account's score is 95 % the mean over its functions and 5 % the mean over what is around them (their region and
account, scored alike); three quarters of that while a critical cause is open on a function, nine tenths for a high one.
Grades: A from 90, B from 80, C from 70, D from 60, else F. The grade is that of ``low``, but an F has to be proved:
unknown verdicts alone take no grade below D. Closing a cause never lowers a score. No function, no score ("n/a").
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp, log

from auditor.check import Check
from auditor.engine.causes import Cause
from auditor.engine.dependences import Dependences
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Finding, Results
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.inventory import Inventory
from auditor.model.severity import Confidence, Severity

LEAVES = {
    Severity.CRITICAL: 0.5,
    Severity.HIGH: 0.78,
    Severity.MEDIUM: 0.94,
    Severity.LOW: 0.985,
    Severity.INFORMATIONAL: 1.0,
}
"""The share of a score that an open cause leaves."""
SURENESS = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 0.75, Confidence.LOW: 0.5}
"""The part of what it takes that counts."""
SURROUNDINGS = 0.05
"""The part of an account's score that its regions and its own settings make."""
WHILE_OPEN = {Severity.CRITICAL: 0.75, Severity.HIGH: 0.9}
"""What an account's score is multiplied by while a cause of that severity is open."""
_GRADES = ((90.0, "A"), (80.0, "B"), (70.0, "C"), (60.0, "D"))
_UNPROVED = 60.0
_DRIVERS = 12
_DOUBTFUL = frozenset({Status.UNKNOWN, Status.ERROR})


def loss(severity: Severity, confidence: Confidence) -> float:
    """What a cause takes, as the negative logarithm of the share that it leaves: losses add up."""
    return -log(1.0 - (1.0 - LEAVES[severity]) * SURENESS[confidence])


@dataclass(frozen=True, slots=True)
class Point:
    """What one cause, or one verdict that could not be reached, takes from one function.

    ``status`` FAIL is lost for sure, UNKNOWN only in ``low``. ``cause`` is the id of the cause, None where unknown.
    """

    check: Check
    points: float
    status: Status
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """A score. ``grade`` is that of ``low`` as far as it is proved, ``grade_high`` that of ``high``."""

    low: float | None
    high: float | None

    @property
    def grade(self) -> str:
        """A to F, or "n/a"."""
        if self.low is None or self.high is None:
            return grade(None)
        return grade(max(self.low, min(self.high, _UNPROVED)))

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
    """A check that lowers the account's score: by how many points, by how many causes, on which functions."""

    check: Check
    points: float
    causes: int
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one cause takes from one subject, by its gravest finding there."""

    check: Check
    loss: float


@dataclass(frozen=True, slots=True)
class _Share:
    """What a cause takes as things are: by subject, how grave it is (None: mended), the verdicts that fail by it."""

    costs: Mapping[str, Cost]
    severity: Severity | None
    verdicts: tuple[tuple[str, str], ...]


_NOTHING = _Share({}, None, ())


class Scorer:
    """Scores the results of one evaluation. Causes can be closed, to see what that brings.

    What depends on a cause (:class:`auditor.model.finding.Dependence`) becomes less grave, or is gone, with it.
    """

    def __init__(self, inventory: Inventory, results: Results, causes: Iterable[Cause]) -> None:
        self._results = results
        self._around = {f.id: (f"{f.scope}/{f.location}", f.scope) for f in inventory.functions}
        self._there = Counter(self._around.values())
        self._rows: dict[bytes, tuple[Check, ...]] = {}
        self._doubts: Counter[Severity] = Counter()
        self._open: Counter[Severity] = Counter()
        self._failing: Counter[tuple[str, str]] = Counter()
        self._of: defaultdict[str, dict[str, Cost]] = defaultdict(dict)
        self._lost: defaultdict[str, float] = defaultdict(float)
        self._maybe: defaultdict[str, float] = defaultdict(float)
        for subject, codes in results.verdicts.items():
            for check in self._doubtful(codes):
                self._doubt(check, subject, 1)
        self._causes = {cause.id: cause for cause in causes}
        self._mended: set[str] = set()
        self._rests = Dependences(self._causes.values())
        self._whole_shares = {cause.id: self._share(cause) for cause in self._causes.values()}
        self._shares = dict(self._whole_shares)
        for cause_id, share in self._shares.items():
            for subject, cost in share.costs.items():
                self._of[subject][cause_id] = cost
            self._take(cause_id, share, 1)
        self._high = sum(exp(-self._lost[function]) for function in self._around)
        self._low = sum(exp(-self._lost[function] - self._maybe[function]) for function in self._around)

    def _doubtful(self, codes: bytes) -> tuple[Check, ...]:
        """The checks of a row of verdicts that were not reached; most rows are alike, so each is read once."""
        found = self._rows.get(codes)
        if found is None:
            verdicts = zip(self._results.checks, codes, strict=True)
            found = tuple(c for c, code in verdicts if code != NOT_ASKED and STATUSES[code] in _DOUBTFUL)
            self._rows[codes] = found
        return found

    def _doubt(self, check: Check, subject: str, sign: int) -> None:
        self._maybe[subject] += sign * loss(check.severity, check.confidence)
        if subject in self._around:
            self._doubts[check.severity] += sign

    def _take(self, cause_id: str, share: _Share, sign: int) -> None:
        """Adds what a cause takes to what is lost (1), or takes it away (-1)."""
        if share.severity is not None and not self._causes[cause_id].of_surroundings:
            self._open[share.severity] += sign
        for subject, cost in share.costs.items():
            self._lost[subject] += sign * cost.loss
        for verdict in share.verdicts:
            self._failing[verdict] += sign

    def _share(self, cause: Cause) -> _Share:
        """What a cause takes, given what is mended."""
        if cause.id in self._mended:
            return _NOTHING
        weighed = [(each, self._rests.severity(each, self._mended)) for each in cause.findings]
        left = [(each, severity) for each, severity in weighed if severity is not None]
        if not left:
            return _NOTHING
        return _Share(
            _costs(left, of_surroundings=cause.of_surroundings),
            max((severity for _, severity in left), key=lambda level: level.rank),
            tuple((each.subject.id, each.check.id) for each, _ in left),
        )

    def close(self, cause: Cause) -> None:
        """From now on the cause is mended.

        A verdict of which nothing else fails, and that was also short of an answer, is unknown from now on.
        """
        self._mended.add(cause.id)
        self._change(cause)

    def reopen(self, cause: Cause) -> None:
        """Takes back what :meth:`close` did."""
        self._mended.discard(cause.id)
        self._change(cause)

    def touched(self, cause: Cause) -> tuple[Cause, ...]:
        """The causes of which some depends on this one: itself first."""
        return (cause, *(self._causes[each] for each in self._rests.on(cause.id)))

    def touching(self, cause: Cause) -> tuple[Cause, ...]:
        """The causes on which this one depends: itself first."""
        return (cause, *(self._causes[each] for each in self._rests.under(cause.id)))

    def severity(self, cause: Cause) -> Severity | None:
        """How grave a cause is, given what is mended; None: it is mended too."""
        return self._shares[cause.id].severity

    def left(self, cause: Cause) -> dict[str, Severity]:
        """The findings of a cause that are left, given what is mended, by fingerprint."""
        if cause.id in self._mended:
            return {}
        weighed = ((each.fingerprint, self._rests.severity(each, self._mended)) for each in cause.findings)
        return {mark: severity for mark, severity in weighed if severity is not None}

    def _change(self, cause: Cause) -> None:
        """Brings everything up to date after a cause was mended or opened again."""
        others = self._rests.on(cause.id)
        first = _NOTHING if cause.id in self._mended else self._whole_shares[cause.id]
        changed = {cause.id: self._share(cause) if self._rests.under(cause.id) else first}
        changed |= {each: self._share(self._causes[each]) for each in others}
        both = [*changed.values(), *(self._shares[each] for each in changed)]
        beneath = {each for share in both for each in share.verdicts if each in self._results.beneath}
        failed = {verdict for verdict in beneath if self._failing[verdict]}
        subjects = {subject for share in both for subject in (*share.costs, *(each for each, _ in share.verdicts))}
        with self._changing(subjects):
            for cause_id, share in changed.items():
                self._take(cause_id, self._shares[cause_id], -1)
                self._take(cause_id, share, 1)
                self._shares[cause_id] = share
            for verdict in beneath:
                fails = bool(self._failing[verdict])
                if fails is not (verdict in failed):
                    self._doubt(self._check(verdict[1]), verdict[0], -1 if fails else 1)

    def _check(self, check_id: str) -> Check:
        return next(check for check in self._results.checks if check.id == check_id)

    @contextmanager
    def _changing(self, subjects: Iterable[str]) -> Iterator[None]:
        """Keeps the sums over the functions right while what is lost on some subjects changes."""
        touched = [subject for subject in sorted(subjects) if subject in self._around]
        before = [(self._lost[function], self._maybe[function]) for function in touched]
        yield
        after = [(self._lost[function], self._maybe[function]) for function in touched]
        self._high += sum(exp(-now) - exp(-then) for (now, _), (then, _) in zip(after, before, strict=True))
        self._low += sum(exp(-sum(now)) - exp(-sum(then)) for now, then in zip(after, before, strict=True))

    def closed(self, causes: Iterable[Cause]) -> Range:
        """The account's score with these causes mended, and no others."""
        closed = list(causes)
        for cause in closed:
            self.close(cause)
        found = self.account()
        for cause in reversed(closed):
            self.reopen(cause)
        return found

    def function(self, function_id: str) -> Range:
        """The score of one function."""
        lost, maybe = self._lost[function_id], self._maybe[function_id]
        return Range(_score(lost + maybe), _score(lost))

    def points(self, function_id: str) -> Iterator[Point]:
        """Everything one function loses or may lose. The points of what fails add up to what ``high`` lacks of 100,
        those of what is unknown to the difference of the two ends: each has its share by its weight.
        """
        score = self.function(function_id)
        if score.high is None or score.low is None:
            return
        costs = self._of.get(function_id, {})
        weight = sum(cost.loss for cost in costs.values())
        for cause, cost in costs.items():
            yield Point(cost.check, (100.0 - score.high) * cost.loss / weight, Status.FAIL, cause)
        unknown = [check for check in self._doubtful(self._results.verdicts.get(function_id, b"")) if _weighs(check)]
        weight = sum(loss(check.severity, check.confidence) for check in unknown)
        for check in unknown:
            part = loss(check.severity, check.confidence) / weight
            yield Point(check, (score.high - score.low) * part, Status.UNKNOWN)

    def account(self) -> Range:
        """The score of everything audited, as it is with what is closed by now."""
        count = len(self._around)
        if not count:
            return Range(None, None)
        high = low = 0.0
        for around, here in self._there.items():
            lost = sum(self._lost[each] for each in around)
            high += exp(-lost) * here
            low += exp(-lost - sum(self._maybe[each] for each in around)) * here
        return Range(
            self._whole(self._low, low, count, self._open + self._doubts),
            self._whole(self._high, high, count, self._open),
        )

    @staticmethod
    def _whole(functions: float, around: float, count: int, still: Mapping[Severity, int]) -> float:
        mean = (functions - SURROUNDINGS * (functions - around)) / count
        return 100.0 * mean * next((part for severity, part in WHILE_OPEN.items() if still[severity] > 0), 1.0)

    def drivers(self, causes: Iterable[Cause]) -> list[Driver]:
        """The checks whose causes cost the account most, costliest first."""
        by_check: defaultdict[str, list[Cause]] = defaultdict(list)
        for cause in causes:
            if self._shares[cause.id].costs:
                by_check[cause.check.id].append(cause)
        now = self.account().high or 0.0
        made = [
            Driver(mine[0].check, (self.closed(mine).high or 0.0) - now, len(mine), _functions(mine))
            for mine in by_check.values()
        ]
        return sorted(made, key=lambda driver: (-driver.points, driver.check.id))[:_DRIVERS]


def _costs(left: Iterable[tuple[Finding, Severity]], *, of_surroundings: bool) -> dict[str, Cost]:
    """What findings of a cause take, by subject. One of an account or a region takes nothing from a function."""
    worst: dict[str, Cost] = {}
    for finding, severity in left:
        if of_surroundings and isinstance(finding.subject, Function):
            continue
        cost = Cost(finding.check, loss(severity, finding.confidence))
        before = worst.get(finding.subject.id)
        if cost.loss and (before is None or cost.loss > before.loss):
            worst[finding.subject.id] = cost
    return worst


def _functions(causes: Iterable[Cause]) -> tuple[str, ...]:
    return tuple(sorted({function for cause in causes for function in cause.functions}))


def _weighs(check: Check) -> bool:
    return loss(check.severity, check.confidence) > 0


def _score(lost: float) -> float:
    return 100.0 * exp(-lost)
