"""The charts over time: what is missing breaks a line, and no clock bends one."""

from typing import Any

from reports.html.frameworks import assessed, deciding
from reports.html.trends import trends


def run(number: int, day: str, low: float | None = 50.0, causes: int = 10, *, complete: bool = True) -> dict[str, Any]:
    return {
        "run": number, "started_at": f"{day}T01:00:00Z", "complete": complete, "low": low, "high": low, "grade": "F",
        "functions": 3, "causes": causes, "by_severity": {"critical": 1, "high": 2}, "verdicts_reached": 9, "verdicts_total": 10,
    }  # fmt: skip


def head(*past: dict[str, Any], day: str = "2026-11-05") -> dict[str, Any]:
    return {
        "started_at": f"{day}T01:00:00Z",
        "run": {"complete": True},
        "score": {"low": 60.0, "high": 80.0, "grade": "D"},
        "totals": {"functions": 3, "causes": 20, "by_severity": {"critical": 0, "high": 4}},
        "coverage": {"verdicts_reached": 10, "verdicts_total": 10},
        "history": list(past),
    }


def test_without_an_earlier_run_nothing_is_drawn() -> None:
    assert trends(head()) is None


def test_runs_are_placed_by_their_time() -> None:
    drawn = trends(head(run(1, "2026-11-01"), run(2, "2026-11-02")))
    assert drawn
    assert drawn["across"] == [4.0, 92.0, 356.0]
    score, causes, coverage = drawn["charts"]
    assert score.lines[0].path == "M4 50L92 50L356 41.6"
    assert score.band == "M4 50L92 50L356 24.8L356 41.6L92 50L4 50Z"
    assert causes.top == "20"
    assert [line.latest for line in causes.lines] == ["20", "4"]
    assert coverage.lines[0].latest == "100 %"
    assert causes.said == (
        "Open causes, at most 20: 10 in the first run shown, 20 in this one; critical and high 3 and 4."
    )


def test_runs_stand_evenly_where_a_clock_went_back() -> None:
    drawn = trends(head(run(1, "2026-11-03"), run(2, "2026-11-01")))
    assert drawn
    assert drawn["across"] == [4.0, 180.0, 356.0]


def test_a_run_without_a_score_breaks_the_line() -> None:
    drawn = trends(head(run(1, "2026-11-01"), run(2, "2026-11-02", None), run(3, "2026-11-03", complete=False)))
    assert drawn
    assert drawn["charts"][0].lines[0].path == "M4 50h.01M180 50L356 41.6"
    assert [row["score"] for row in drawn["runs"]] == ["50", "n/a", "50", "60–80"]  # noqa: RUF001 - a range
    assert drawn["incomplete"] == [180.0]


def framework() -> dict[str, Any]:
    evidence = [
        {"check_id": "role-admin", "cloud": "aws", "strength": "full"},
        {"check_id": "role-shared", "cloud": "aws", "strength": "supporting"},
        {"check_id": "not-run", "cloud": "aws", "strength": "full"},
    ]
    control = {"id": "A.1", "findings": ["f" * 16], "evidence": evidence}
    return {"id": "made-up", "by_status": {"failed": 1, "satisfied": 3}, "controls": [control]}


def test_a_control_is_filtered_by_the_checks_that_decide_it() -> None:
    assert deciding({"frameworks": [framework()]}, {"role-shared": 0, "role-admin": 1}) == {"made-up:A.1": [(1, "aws")]}


def test_the_bar_of_a_framework_is_as_wide_as_its_controls() -> None:
    (row,) = assessed({"frameworks": [framework()]})
    assert row["counts"] == [("failed", 1), ("satisfied", 3)]
    assert row["bars"] == [("failed", 0.0, 100.0), ("satisfied", 100.0, 300.0)]
