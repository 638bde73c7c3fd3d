"""Two runs over the demo compared: through the command line, with the gate on what is new."""

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import run

NARROW = ("--check", "role-admin", "--check", "url-auth-none")


def judged(snapshot: Path, out: Path, *options: str) -> tuple[int, dict[str, Any]]:
    code = run(["evaluate", str(snapshot), "-o", str(out), "--quiet", "-M", "json", *options])
    return code, json.loads((out / "report.json").read_bytes())


def test_a_baseline_names_what_is_new_and_the_gate_looks_at_nothing_else(
    scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = tmp_path / "first"
    _, before = judged(scanned, first, "--check", "role-admin")
    code, after = judged(scanned, tmp_path / "second", *NARROW, "--baseline", str(first), "--fail-on", "new:critical")
    new = [row for row in after["findings"] if row["fingerprint"] in after["new"]]
    assert {row["check_id"] for row in new} == {"url-auth-none"}
    assert {row["first_seen"] for row in after["findings"]} == {after["started_at"]}
    counts = after["run"]["gate"]["by_severity"]
    assert counts["critical"] == len({row["cause"] for row in new if row["severity"] == "critical"}) > 0
    assert code == 3
    said = f"{counts['critical']} critical that are new at or above --fail-on new:critical (exit 3)"
    assert said in capsys.readouterr().err
    code, again = judged(
        scanned, tmp_path / "third", *NARROW, "--baseline", str(tmp_path / "second"), "--fail-on", "new:low"
    )
    assert (code, again["new"], again["run"]["gate"]["passed"]) == (0, [], True)
    assert again["baseline"]["started_at"] == before["started_at"]


def test_a_run_of_fewer_checks_resolves_nothing(
    scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, before = judged(scanned, tmp_path / "first", *NARROW)
    _, after = judged(scanned, tmp_path / "second", "--check", "role-admin", "--baseline", str(tmp_path / "first"))
    left = {row["fingerprint"] for row in before["findings"] if row["check_id"] == "url-auth-none"}
    assert (after["resolved"], after["gone"], set(after["not_examined_again"])) == ([], [], left)
    assert {row["why"] for row in after["carried"]} == {"its check was not run"}
    assert run(["diff", str(tmp_path / "first"), str(tmp_path / "second")]) == 0
    told = capsys.readouterr().out
    assert f"0 new, 0 resolved, 0 gone, {len(left)} not examined again" in told
    assert "(its check was not run)" in told


def test_a_report_holds_the_runs_before_it_and_what_is_over(scanned: Path, tmp_path: Path) -> None:
    history = ("--history", str(tmp_path / "history.sqlite"))
    _, first = judged(scanned, tmp_path / "first", *NARROW, *history)
    assert ("history" in first, first["baseline"]["started_at"]) == (False, "")
    _, second = judged(scanned, tmp_path / "second", *NARROW, *history)
    (past,) = second["history"]
    assert {key: past[key] for key in ("run", "started_at", "low", "causes", "functions")} == {
        "run": 1,
        "started_at": first["started_at"],
        "low": first["score"]["low"],
        "causes": first["totals"]["causes"],
        "functions": first["totals"]["functions"],
    }
    made_up = {**first["findings"][0], "fingerprint": "a" * 16}
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps({**first, "findings": [*first["findings"], made_up]}))
    _, third = judged(scanned, tmp_path / "third", *NARROW, "--baseline", str(baseline))
    assert third["resolved"] == ["a" * 16]
    (closed,) = third["closed"]
    assert (closed["how"], closed["message"], closed["first_seen"]) == (
        "resolved",
        made_up["message"],
        first["started_at"],
    )


def test_a_run_into_the_directory_of_its_own_baseline(scanned: Path, tmp_path: Path) -> None:
    judged(scanned, tmp_path, *NARROW)
    code, report = judged(scanned, tmp_path, *NARROW, "--baseline", str(tmp_path), "--fail-on", "new:low")
    assert (code, report["new"], report["resolved"]) == (0, [], [])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fail-on", "new:high"], "needs an earlier run to compare with: name --baseline or --history"),
        (["--baseline", "EMPTY"], "There is no report in"),
        (["--fail-on", "new:hgih"], "'new:hgih'"),
    ],
)
def test_what_cannot_be_compared_is_said(
    scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    (tmp_path / "empty").mkdir()
    given = [str(tmp_path / "empty") if part == "EMPTY" else part for part in options]
    assert run(["evaluate", str(scanned), "-o", str(tmp_path / "out"), "--quiet", *given]) == 2
    assert said in capsys.readouterr().err


def test_diff_writes_json_and_fails_on_what_is_new(
    scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    judged(scanned, tmp_path / "first", "--check", "role-admin")
    _, after = judged(scanned, tmp_path / "second", *NARROW)
    given = ["diff", str(tmp_path / "first"), str(tmp_path / "second")]
    assert run([*given, "--format", "json", "--fail-on", "critical"]) == 3
    told = json.loads(capsys.readouterr().out)
    expected = {row["fingerprint"] for row in after["findings"] if row["check_id"] == "url-auth-none"}
    assert {row["fingerprint"] for row in told["new"]} == expected
    assert run([*given, "--format", "md"]) == 0
    assert "## New" in capsys.readouterr().out
    assert run(["diff", str(tmp_path / "second"), str(tmp_path / "first"), "--fail-on", "low"]) == 0


def test_a_history_begins_with_the_first_run_and_is_its_own_baseline(
    scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "kept" / "history.sqlite")
    options = ["--history", place, "--fail-on", "new:critical"]
    first_code, first = judged(scanned, tmp_path / "first", "--check", "role-admin", *options)
    assert (first_code, len(first["new"])) == (3, len(first["findings"]))
    second_code, second = judged(scanned, tmp_path / "second", "--check", "role-admin", *options)
    assert (second_code, second["new"], second["resolved"]) == (0, [], [])
    third_code, third = judged(scanned, tmp_path / "third", "--check", "url-auth-none", *options)
    assert third_code == 3
    assert set(third["not_examined_again"]) == {row["fingerprint"] for row in first["findings"]}
    assert run(["history", "list", "--history", place, "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(row["run"], row["exit_code"]) for row in listed] == [(1, 3), (2, 0), (3, 3)]
    assert run(["history", "show", "1", "--history", place, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {row["fingerprint"] for row in shown["new"]} == {row["fingerprint"] for row in first["findings"]}
    assert run(["history", "trend", "--history", place]) == 0
    assert "open causes" in capsys.readouterr().out
    assert run(["history", "show", "9", "--history", place]) == 2
    assert "The history has no run 9" in capsys.readouterr().err


def test_a_baseline_and_a_history_are_one_too_many(
    scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = ["--baseline", str(scanned), "--history", str(tmp_path / "history.sqlite")]
    assert run(["evaluate", str(scanned), "-o", str(tmp_path / "out"), *both]) == 2
    assert "name one of them" in capsys.readouterr().err
    assert not (tmp_path / "history.sqlite").exists()
