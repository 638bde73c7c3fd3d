"""The fix plan: greedy by points, each score that of the scorer with the causes closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.check import Check, Evidence, Fix, Hit, Risk, check
from auditor.engine.causes import Cause, group
from auditor.engine.evaluate import evaluate
from auditor.engine.plan import Change, gains, plan
from auditor.engine.score import Range, Scorer
from auditor.model.finding import Dependence
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Known
from auditor.model.severity import Severity
from tests.unit.checks.build import Surroundings, location, make

FIX = {Cloud.AWS: Fix(text="Mend it.", no_command="none", no_terraform="none")}
FUNCTIONS = tuple(make(f"f{number}") for number in range(6))
INVENTORY = Inventory(scopes=(), locations=(location(functions=Known(6, "x:List")),), functions=FUNCTIONS)


def made(
    name: str, severity: Severity, *numbers: int, shared: bool = False, depends: tuple[Dependence, ...] = ()
) -> Check:
    failing = {FUNCTIONS[number].id for number in numbers}

    def run(target, _context):
        """Why."""
        if target.id in failing:
            yield Hit("bad", (Evidence("x:Get", "y"),), site="shared" if shared else "", depends=depends)

    return check(id=name, title="A defect", risk=Risk.EXPOSURE, severity=severity, fix=FIX)(run)


def planned(*checks: Check, longest: int = 100) -> tuple[list[Change], tuple[Cause, ...], Scorer]:
    results = evaluate(INVENTORY, checks, Surroundings())
    causes = group(results.findings)
    scorer = Scorer(INVENTORY, results, causes)
    return plan(causes, scorer, gains(causes, scorer), longest), causes, scorer


def test_what_many_functions_share_comes_first() -> None:
    one = made("one", Severity.HIGH, 0)
    shared = made("shared", Severity.HIGH, 1, 2, 3, shared=True)
    changes, _, _ = planned(one, shared)
    assert [change.cause.check.id for change in changes] == ["shared", "one"]
    assert changes[-1].after == Range(pytest.approx(100.0), pytest.approx(100.0))  # type: ignore[arg-type]


def test_the_last_critical_cause_frees_the_account() -> None:
    critical, wide = made("critical", Severity.CRITICAL, 0), made("wide", Severity.MEDIUM, 1, 2, 3, 4, 5, shared=True)
    changes, _, _ = planned(critical, wide)
    assert [change.cause.check.id for change in changes] == ["critical", "wide"]
    assert changes[0].points > 25


def test_of_several_dependences_each_holds_by_itself() -> None:
    door, role = made("door", Severity.LOW, 0), made("role", Severity.MEDIUM, 1)
    at = [f"{FUNCTIONS[number].id}\n" for number in (0, 1)]
    path = made(
        "path", Severity.CRITICAL, 2,
        depends=(Dependence(sites=(at[0],)), Dependence(sites=(at[1],), leads=("role",), then=Severity.LOW),
                 Dependence(sites=(at[1],), leads=("another",)), Dependence(sites=(*at, "nowhere"))),
    )  # fmt: skip
    _, causes, scorer = planned(door, role, path)
    named = {cause.check.id: cause for cause in causes}
    for mended, then in (("role", Severity.LOW), ("door", None)):
        scorer.close(named[mended])
        assert scorer.severity(named["path"]) is then
        scorer.reopen(named[mended])
    assert scorer.severity(named["path"]) is Severity.CRITICAL


def test_what_costs_nothing_is_no_step() -> None:
    changes, causes, _ = planned(made("remark", Severity.INFORMATIONAL, 0), made("low", Severity.LOW, 1))
    assert [change.cause.check.id for change in changes] == ["low"]
    assert len(causes) == 2


def test_a_plan_has_an_end() -> None:
    changes, _, _ = planned(*(made(f"c{number}", Severity.LOW, number) for number in range(6)), longest=2)
    assert len(changes) == 2


CHECKS = st.lists(
    st.tuples(st.sampled_from(Severity), st.sets(st.integers(0, 5), min_size=1), st.booleans()), max_size=7
)


@given(CHECKS)
def test_each_step_is_the_best_one_and_says_the_score_after_it(drawn: list) -> None:
    checks = [
        made(f"check-{i}", severity, *sorted(on), shared=shared) for i, (severity, on, shared) in enumerate(drawn)
    ]
    changes, causes, scorer = planned(*checks)
    left = {cause.id: cause for cause in causes}
    for change in changes:
        before = scorer.account()
        best = max((scorer.closed([cause]).high or 0) - (before.high or 0) for cause in left.values())
        assert change.points == pytest.approx(best)
        scorer.close(left.pop(change.cause.id))
        after = scorer.account()
        assert (change.after.low, change.after.high) == (pytest.approx(after.low), pytest.approx(after.high))  # type: ignore[comparison-overlap]
    assert {cause.severity for cause in left.values()} <= {Severity.INFORMATIONAL}
