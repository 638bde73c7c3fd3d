"""The score: bounded, monotone, honest about unknowns."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from auditor.check import Check, Evidence, Fix, Hit, Risk, Subject, check
from auditor.engine.evaluate import evaluate
from auditor.engine.score import ACCOUNT_CAP, FUNCTION_CAP, Range, Scorer, grade
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Gap, GapReason, Known, Unanswered
from auditor.model.severity import Confidence, Severity
from tests.unit.checks.build import Surroundings, make, place

FIX = {Cloud.AWS: Fix(text="Mend it.", no_command="none", no_terraform="none")}
NAMES = ("orders", "refunds", "mailer")


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
INVENTORY = Inventory(scopes=(), places=(place(functions=Known(3, "x:List")),), functions=FUNCTIONS)
STATUSES = st.sampled_from(("PASS", "FAIL", "UNKNOWN"))
CHECKS = st.lists(
    st.tuples(
        st.sampled_from(Severity),
        st.booleans(),
        st.fixed_dictionaries(dict.fromkeys([*SUBJECTS, place().id], STATUSES)),
        st.sampled_from(Confidence),
    ),
    max_size=12,
)


def score(drawn: list[tuple[Severity, bool, dict[str, str], Confidence]]) -> tuple[Range, dict[str, Range]]:
    checks = [
        made_up(f"check-{i}", severity, Subject.LOCATION if of_place else Subject.FUNCTION, behaviour, confidence)
        for i, (severity, of_place, behaviour, confidence) in enumerate(drawn)
    ]
    scorer = Scorer(INVENTORY, evaluate(INVENTORY, checks, Surroundings()))
    functions = {subject: scorer.function(subject) for subject in SUBJECTS}
    return scorer.account(functions), functions


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


def test_a_critical_finding_caps_function_and_account() -> None:
    behaviour = {SUBJECTS[0]: "FAIL"}
    account, functions = score([(Severity.CRITICAL, False, behaviour, Confidence.LOW)])
    assert functions[SUBJECTS[0]] == Range(FUNCTION_CAP, FUNCTION_CAP)
    assert functions[SUBJECTS[1]] == Range(100.0, 100.0)
    assert account == Range(ACCOUNT_CAP, ACCOUNT_CAP)
    assert account.grade == "D"


def test_nothing_audited_is_not_a_hundred() -> None:
    empty = Inventory(scopes=(), places=(), functions=())
    scorer = Scorer(empty, evaluate(empty, [], Surroundings()))
    assert scorer.account({}) == Range(None, None)
    assert scorer.account({}).grade == "n/a"


def test_a_location_finding_costs_the_account_once_and_no_function() -> None:
    account, functions = score([(Severity.HIGH, True, {place().id: "FAIL"}, Confidence.HIGH)])
    assert functions == dict.fromkeys(SUBJECTS, Range(100.0, 100.0))
    assert account == Range(90.0, 90.0)


def test_an_unknown_setting_of_a_location_lowers_only_the_low_end_of_the_account() -> None:
    account, functions = score([(Severity.HIGH, True, {place().id: "UNKNOWN"}, Confidence.HIGH)])
    assert functions == dict.fromkeys(SUBJECTS, Range(100.0, 100.0))
    assert account == Range(90.0, 100.0)


def test_a_location_counts_by_the_share_of_functions_that_are_there() -> None:
    abroad = replace(place(functions=Known(1, "x:List")), id="aws/111122223333/eu-west-1", location="eu-west-1")
    moved = replace(FUNCTIONS[0], location="eu-west-1")
    places = (place(functions=Known(2, "x:List")), abroad)
    inventory = Inventory(scopes=(), places=places, functions=(moved, *FUNCTIONS[1:]))
    off = made_up("watch-off", Severity.HIGH, Subject.LOCATION, {abroad.id: "FAIL"}, Confidence.HIGH)
    scorer = Scorer(inventory, evaluate(inventory, [off], Surroundings()))
    account = scorer.account({subject: scorer.function(subject) for subject in SUBJECTS})
    assert account.high is not None
    assert abs(account.high - (100 - 10 / 3)) < 1e-9
    (driver,) = scorer.drivers(tuple(SUBJECTS))
    assert (driver.check.id, driver.functions) == ("watch-off", (moved.id,))


def test_settings_around_functions_cost_a_sound_function_nothing() -> None:
    switches = [(severity, True, {place().id: "FAIL"}, Confidence.HIGH) for severity in (Severity.MEDIUM,) * 4]
    account, functions = score(switches)
    assert {found.grade for found in functions.values()} == {"A"}
    assert account == Range(84.0, 84.0)


def test_each_point_is_explained() -> None:
    check_ = made_up("open-door", Severity.HIGH, Subject.FUNCTION, {SUBJECTS[0]: "FAIL"}, Confidence.MEDIUM)
    scorer = Scorer(INVENTORY, evaluate(INVENTORY, [check_], Surroundings()))
    (point,) = scorer.points(SUBJECTS[0])
    assert (point.check.id, point.points) == ("open-door", 15.0)
    (driver,) = scorer.drivers(tuple(SUBJECTS))
    assert (driver.check.id, driver.points, driver.functions) == ("open-door", 5.0, (SUBJECTS[0],))


def test_grades() -> None:
    assert [grade(x) for x in (100, 90, 89.9, 80, 70, 60, 59.9, 0, None)] == [
        "A",
        "A",
        "B",
        "B",
        "C",
        "D",
        "F",
        "F",
        "n/a",
    ]
