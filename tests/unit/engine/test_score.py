"""The score: bounded, monotone, honest about unknowns."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.check import Check, Evidence, Fix, Hit, Risk, Subject, check
from auditor.engine.causes import Cause, group
from auditor.engine.evaluate import evaluate
from auditor.engine.score import LEAVES, SURROUNDINGS, WHILE_OPEN, Range, Scorer, grade
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Gap, GapReason, Known, Unanswered
from auditor.model.severity import Confidence, Severity
from tests.unit.checks.build import Surroundings, location, make

FIX = {Cloud.AWS: Fix(text="Mend it.", no_command="none", no_terraform="none")}
NAMES = ("orders", "refunds", "mailer")


def about(low: float, high: float) -> Range:
    """A range to compare with, up to rounding."""
    return Range(pytest.approx(low), pytest.approx(high))  # type: ignore[arg-type]


def made_up(
    name: str, severity: Severity, subject: Subject, behaviour: dict[str, str], confidence: Confidence
) -> Check:
    def run(target, _context):
        """Why."""
        what = behaviour.get(target.id, "PASS")
        if what == "UNKNOWN":
            raise Unanswered(Gap(GapReason.DENIED, "x:Get", "x:Get"))
        if what == "FAIL":
            yield Hit("bad", (Evidence("x:Get", "y"),))

    return check(
        id=name,
        title="A defect",
        risk=Risk.EXPOSURE,
        severity=severity,
        fix=FIX,
        subject=subject,
        confidence=confidence,
    )(run)


FUNCTIONS = tuple(make(name) for name in NAMES)
SUBJECTS = [function.id for function in FUNCTIONS]
INVENTORY = Inventory(scopes=(), locations=(location(functions=Known(3, "x:List")),), functions=FUNCTIONS)
STATUSES = st.sampled_from(("PASS", "FAIL", "UNKNOWN"))
CHECKS = st.lists(
    st.tuples(
        st.sampled_from(Severity),
        st.booleans(),
        st.fixed_dictionaries(dict.fromkeys([*SUBJECTS, location().id], STATUSES)),
        st.sampled_from(Confidence),
    ),
    max_size=12,
)


def score(drawn: list[tuple[Severity, bool, dict[str, str], Confidence]]) -> tuple[Range, dict[str, Range]]:
    checks = [
        made_up(f"check-{i}", severity, Subject.LOCATION if of_place else Subject.FUNCTION, behaviour, confidence)
        for i, (severity, of_place, behaviour, confidence) in enumerate(drawn)
    ]
    scorer = scored(INVENTORY, checks)
    return scorer.account(), {subject: scorer.function(subject) for subject in SUBJECTS}


def scored(inventory: Inventory, checks: list[Check]) -> Scorer:
    results = evaluate(inventory, checks, Surroundings())
    return Scorer(inventory, results, group(results.findings))


@given(CHECKS)
def test_bounded_and_the_range_is_in_order(drawn: list) -> None:
    account, functions = score(drawn)
    for found in (account, *functions.values()):
        assert 0 <= found.low <= found.high <= 100


@given(CHECKS, st.data())
def test_removing_a_finding_never_lowers_a_score(drawn: list, data: st.DataObject) -> None:
    failing = [(i, s) for i, row in enumerate(drawn) for s, status in row[2].items() if status == "FAIL"]
    if not failing:
        return
    index, subject = data.draw(st.sampled_from(failing))
    mended = [(a, b, {**c, subject: "PASS"} if i == index else c, d) for i, (a, b, c, d) in enumerate(drawn)]
    before, after = score(drawn), score(mended)
    assert after[0].low >= before[0].low - 1e-9
    assert after[0].high >= before[0].high - 1e-9
    for name in SUBJECTS:
        assert after[1][name].low >= before[1][name].low - 1e-9


@given(CHECKS)
def test_unknowns_widen_downwards_only(drawn: list) -> None:
    all_passed = [(a, b, {k: "PASS" if v == "UNKNOWN" else v for k, v in c.items()}, d) for a, b, c, d in drawn]
    all_failed = [(a, b, {k: "FAIL" if v == "UNKNOWN" else v for k, v in c.items()}, d) for a, b, c, d in drawn]
    account, functions = score(drawn)
    best, _ = score(all_passed)
    worst, worst_functions = score(all_failed)
    assert abs(account.high - best.high) < 1e-9
    assert abs(account.low - worst.low) < 1e-9
    for name in SUBJECTS:
        assert abs(functions[name].low - worst_functions[name].low) < 1e-9


def test_a_critical_cause_halves_its_function_and_takes_a_quarter_of_the_account() -> None:
    account, functions = score([(Severity.CRITICAL, False, {SUBJECTS[0]: "FAIL"}, Confidence.HIGH)])
    assert functions[SUBJECTS[0]] == about(50.0, 50.0)
    assert functions[SUBJECTS[0]].grade == "F"
    assert functions[SUBJECTS[1]] == Range(100.0, 100.0)
    mean = 0.95 * (50 + 100 + 100) / 3 + 5
    assert account == about(0.75 * mean, 0.75 * mean)
    assert account.grade == "D"


def test_confidence_weighs_what_a_cause_takes() -> None:
    for confidence, expected in ((Confidence.HIGH, 78.0), (Confidence.MEDIUM, 83.5), (Confidence.LOW, 89.0)):
        _, functions = score([(Severity.HIGH, False, {SUBJECTS[0]: "FAIL"}, confidence)])
        assert functions[SUBJECTS[0]].high == pytest.approx(expected)


def test_nothing_audited_is_not_a_hundred() -> None:
    scorer = scored(Inventory(scopes=(), locations=(), functions=()), [])
    assert scorer.account() == Range(None, None)
    assert scorer.account().grade == "n/a"


def test_a_location_finding_costs_the_account_a_little_and_no_function_anything() -> None:
    account, functions = score([(Severity.HIGH, True, {location().id: "FAIL"}, Confidence.HIGH)])
    assert functions == dict.fromkeys(SUBJECTS, Range(100.0, 100.0))
    assert account == about(95 + 5 * 0.78, 95 + 5 * 0.78)


def test_an_unknown_setting_of_a_location_lowers_only_the_low_end_of_the_account() -> None:
    account, functions = score([(Severity.CRITICAL, True, {location().id: "UNKNOWN"}, Confidence.HIGH)])
    assert functions == dict.fromkeys(SUBJECTS, Range(100.0, 100.0))
    assert account == about(97.5, 100.0)


def test_a_location_counts_by_the_share_of_functions_that_are_there() -> None:
    abroad = replace(location(functions=Known(1, "x:List")), id="aws/111122223333/eu-west-1", location="eu-west-1")
    moved = replace(FUNCTIONS[0], location="eu-west-1")
    locations = (location(functions=Known(2, "x:List")), abroad)
    inventory = Inventory(scopes=(), locations=locations, functions=(moved, *FUNCTIONS[1:]))
    off = made_up("watch-off", Severity.HIGH, Subject.LOCATION, {abroad.id: "FAIL"}, Confidence.HIGH)
    results = evaluate(inventory, [off], Surroundings())
    causes = group(results.findings)
    scorer = Scorer(inventory, results, causes)
    assert scorer.account().high == pytest.approx(100 - 100 * SURROUNDINGS * 0.22 / 3)
    (driver,) = scorer.drivers(causes)
    assert (driver.check.id, driver.causes, driver.functions) == ("watch-off", 1, ())
    assert driver.points == pytest.approx(100 * SURROUNDINGS * 0.22 / 3)


def test_settings_around_functions_cost_a_sound_function_nothing() -> None:
    switches = [(Severity.CRITICAL, True, {location().id: "FAIL"}, Confidence.HIGH)] * 8
    account, functions = score(switches)
    assert {found.grade for found in functions.values()} == {"A"}
    assert account.grade == "A"


def test_unknown_verdicts_alone_make_no_f_and_no_a() -> None:
    drawn = [(Severity.CRITICAL, False, dict.fromkeys(SUBJECTS, "UNKNOWN"), Confidence.HIGH)] * 5
    account, functions = score(drawn)
    assert functions[SUBJECTS[0]] == about(100 * 0.5**5, 100.0)
    assert {functions[SUBJECTS[0]].grade, account.grade} == {"D"}
    assert (functions[SUBJECTS[0]].grade_high, account.grade_high) == ("A", "A")
    proved = [(Severity.CRITICAL, False, dict.fromkeys(SUBJECTS, "FAIL"), Confidence.HIGH)]
    assert score([*drawn, *proved])[0].grade == "F"


@given(CHECKS)
def test_without_a_finding_above_informational_the_high_end_is_never_below_b(drawn: list) -> None:
    _, functions = score(drawn)
    for name in SUBJECTS:
        failing = [row[0] for row in drawn if not row[1] and row[2][name] == "FAIL"]
        if set(failing) <= {Severity.INFORMATIONAL}:
            assert functions[name].grade_high == "A"
            assert functions[name].grade != "F"


def test_each_point_is_explained() -> None:
    high = made_up("open-url", Severity.HIGH, Subject.FUNCTION, {SUBJECTS[0]: "FAIL"}, Confidence.HIGH)
    low = made_up("no-tags", Severity.LOW, Subject.FUNCTION, {SUBJECTS[0]: "FAIL"}, Confidence.HIGH)
    doubt = made_up("role-admin", Severity.CRITICAL, Subject.FUNCTION, {SUBJECTS[0]: "UNKNOWN"}, Confidence.HIGH)
    results = evaluate(INVENTORY, [high, low, doubt], Surroundings())
    causes = group(results.findings)
    scorer = Scorer(INVENTORY, results, causes)
    points = {point.check.id: point for point in scorer.points(SUBJECTS[0])}
    found = scorer.function(SUBJECTS[0])
    assert found.high == pytest.approx(78 * 0.985)
    assert found.low == pytest.approx(78 * 0.985 / 2)
    assert points["open-url"].points + points["no-tags"].points == pytest.approx(100 - found.high)
    assert points["open-url"].points > 10 * points["no-tags"].points
    assert points["role-admin"].points == pytest.approx(found.high - found.low)
    assert [points[each].status for each in ("open-url", "role-admin")] == [Status.FAIL, Status.UNKNOWN]
    assert points["open-url"].cause == next(cause.id for cause in causes if cause.check is high)
    assert points["role-admin"].cause is None
    drivers = {driver.check.id: driver for driver in scorer.drivers(causes)}
    assert list(drivers) == ["open-url", "no-tags"]
    assert drivers["open-url"].functions == (SUBJECTS[0],)


@given(CHECKS)
def test_closing_a_cause_is_what_a_run_without_its_findings_would_say(drawn: list) -> None:
    checks = [
        made_up(f"check-{i}", severity, Subject.LOCATION if of_place else Subject.FUNCTION, behaviour, confidence)
        for i, (severity, of_place, behaviour, confidence) in enumerate(drawn)
    ]
    results = evaluate(INVENTORY, checks, Surroundings())
    causes = group(results.findings)
    scorer = Scorer(INVENTORY, results, causes)
    before = scorer.account()
    for cause in causes:
        mended = [
            (a, b, {k: "PASS" if (k, i) in _where(cause) else v for k, v in c.items()}, d)
            for i, (a, b, c, d) in enumerate(drawn)
        ]
        expected, _ = score(mended)
        found = scorer.closed([cause])
        assert (found.low, found.high) == (pytest.approx(expected.low), pytest.approx(expected.high))  # type: ignore[comparison-overlap]
        assert found.low >= before.low - 1e-9
    after = scorer.account()
    assert (after.low, after.high) == (pytest.approx(before.low), pytest.approx(before.high))  # type: ignore[comparison-overlap]


def _where(cause: Cause) -> set[tuple[str, int]]:
    return {(each.subject.id, int(each.check.id.removeprefix("check-"))) for each in cause.findings}


def test_a_verdict_that_was_short_of_an_answer_is_unknown_once_its_cause_is_closed() -> None:
    def run(target, _context):
        """Why."""
        if target.id == SUBJECTS[0]:
            yield Hit("bad", (Evidence("x:Get", "y"),))
            raise Unanswered(Gap(GapReason.DENIED, "x:Get", "x:Get"))

    half = check(id="half", title="A defect", risk=Risk.EXPOSURE, severity=Severity.HIGH, fix=FIX)(run)
    results = evaluate(INVENTORY, [half], Surroundings())
    (cause,) = group(results.findings)
    scorer = Scorer(INVENTORY, results, [cause])
    scorer.close(cause)
    assert scorer.function(SUBJECTS[0]) == about(78.0, 100.0)
    scorer.reopen(cause)
    assert scorer.function(SUBJECTS[0]) == about(78.0, 78.0)


def test_grades() -> None:
    found = [grade(score) for score in (100, 90, 89.9, 80, 70, 60, 59.9, 0, None)]
    assert found == ["A", "A", "B", "B", "C", "D", "F", "F", "n/a"]


def test_the_words_of_the_score_are_its_numbers() -> None:
    assert LEAVES == {
        Severity.CRITICAL: 0.5,
        Severity.HIGH: 0.78,
        Severity.MEDIUM: 0.94,
        Severity.LOW: 0.985,
        Severity.INFORMATIONAL: 1.0,
    }
    assert WHILE_OPEN == {Severity.CRITICAL: 0.75, Severity.HIGH: 0.9}
