"""A history: from when to when each finding was open, whoever writes and however a run ends."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import run as main
from auditor.engine.report_reader import DocumentReport
from auditor.errors import StorageError, UsageError
from auditor.lifecycle.compare import compare
from auditor.lifecycle.history.connecting import reading, writing
from auditor.lifecycle.history.questions import one_run, runs
from auditor.lifecycle.history.recording import known, record
from tests.unit.lifecycle.postgres import server

ORDERS = "arn:orders"
UNNEEDED = {"operation": "iam:GetX", "reason": "DENIED", "permission": "iam:GetX", "count": 2, "needed": False}


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A history that does not exist yet, in a file or in a schema of its own."""
    if request.param == "sqlite":
        return str(tmp_path / "history.sqlite")
    url = request.getfixturevalue("postgres")
    import psycopg

    schema = f"t{abs(hash(request.node.nodeid))}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{url}?options=-csearch_path%3D{schema}"


def night(day: int, *marks: str, status: str = "PASS", **run: Any) -> DocumentReport:
    """A report of one function, with findings of one check."""
    findings = [
        {
            "fingerprint": mark,
            "check_id": "url-auth-none",
            "severity": "high",
            "title": "A defect",
            "message": f"it's {mark} — “bad”",
            "subject_id": ORDERS,
            "function_name": "orders",
            "cloud": "aws",
            "account": "111122223333",
            "region": "eu-west-1",
        }
        for mark in marks
    ]
    return DocumentReport(
        {
            "started_at": f"2026-11-{day:02}T01:00:00Z",
            "finished_at": f"2026-11-{day:02}T01:05:00Z",
            "tool": {"version": "1.0"},
            "run": {
                "depth": "standard",
                "as_of": "2026-11-29",
                "settings": {},
                "selection": {},
                "interrupted": False,
                "complete": status == "PASS",
                "exit_code": 0,
                "gate": {},
                "caller": {},
                "errors": [],
                **run,
            },
            "score": {"low": 100.0 - len(marks), "high": 100.0, "grade": "A"},
            "totals": {
                "functions": 1,
                "causes": len(marks),
                "findings": len(marks),
                "by_severity": {"high": len(marks)},
            },
            "coverage": {"verdicts_reached": 2, "verdicts_total": 2, "gaps": [UNNEEDED]},
            "scopes": [{"id": "aws/111122223333", "locations": ["eu-west-1"], "status": "read", "unlisted": []}],
            "checks": [],
            "verdicts": {ORDERS: {"url-auth-none": "FAIL" if marks else status}},
            "findings": findings,
            "functions": [],
        }
    )


def add(place: str, report: DocumentReport) -> Any:
    with writing(place) as database:
        comparison = compare(known(database), report)
        record(database, report, comparison)
    return comparison


def test_three_nights(place: str) -> None:
    assert add(place, night(1, "a", "b")).new == ("a", "b")
    second = add(place, night(2, "b", "c"))
    assert (second.new, second.unchanged, second.resolved) == (("c",), ("b",), ("a",))
    assert second.first_seen == {"b": "2026-11-01T01:00:00Z", "c": "2026-11-02T01:00:00Z"}
    third = add(place, night(3, "a", "b", "c"))
    assert (third.new, third.first_seen["a"]) == (("a",), "2026-11-03T01:00:00Z")
    with reading(place) as database:
        told = runs(database, 2)
        second_run = one_run(database, 2)
        last = one_run(database, None)
    assert [(row["run"], row["causes"], row["low"], row["by_severity"]) for row in told] == [
        (2, 2, 98.0, {"high": 2}),
        (3, 3, 97.0, {"high": 3}),
    ]
    assert [row["fingerprint"] for row in second_run["new"]] == ["c"]
    assert [row["fingerprint"] for row in second_run["resolved"]] == ["a"]
    assert second_run["new"][0]["message"] == "it's c — “bad”"
    assert (last["run"], [row["fingerprint"] for row in last["new"]], last["gone"]) == (3, ["a"], [])


def test_a_night_that_reads_nothing_ends_nothing_and_the_next_one_finds_nothing_new(place: str) -> None:
    add(place, night(1, "a"))
    denied = add(place, night(2, status="UNKNOWN"))
    assert (denied.resolved, set(denied.not_examined)) == ((), {"a"})
    third = add(place, night(3, "a"))
    assert (third.new, third.first_seen) == ((), {"a": "2026-11-01T01:00:00Z"})


def test_a_weekly_deep_run_is_not_undone_by_shallow_nights(place: str) -> None:
    add(place, night(1, "a", depth="full"))
    for day in (2, 3):
        assert set(add(place, night(day)).not_examined) == {"a"}
    assert add(place, night(4, depth="full")).resolved == ("a",)


def test_what_fails_while_it_is_written_leaves_nothing(place: str) -> None:
    add(place, night(1, "a"))

    def failing() -> None:
        with writing(place) as database:
            record(database, night(2, "b"), compare(known(database), night(2, "b")))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        failing()
    with reading(place) as database:
        assert [row["run"] for row in runs(database, 9)] == [1]
        assert set(known(database).findings) == {"a"}


def test_writers_at_once_lose_nothing(place: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda day: add(place, night(day, f"mark-{day}")), range(1, 9)))
    with reading(place) as database:
        assert [row["run"] for row in runs(database, 99)] == list(range(1, 9))
        began = {row["fingerprint"] for number in range(1, 9) for row in one_run(database, number)["new"]}
    assert began == {f"mark-{day}" for day in range(1, 9)}


def test_a_run_that_is_not_there_is_said(place: str) -> None:
    add(place, night(1))
    with reading(place) as database, pytest.raises(UsageError, match="no run 7: 'auditor history list' names them"):
        one_run(database, 7)


KILLED = """
import os, signal, sys
sys.path.insert(0, {root!r})
from tests.unit.lifecycle.test_history import night
from auditor.lifecycle.compare import compare
from auditor.lifecycle.history.connecting import writing
from auditor.lifecycle.history.recording import known, record
with writing({place!r}) as database:
    record(database, night(2, "b"), compare(known(database), night(2, "b")))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_run_that_is_killed_while_it_writes_leaves_the_history_whole(tmp_path: Path) -> None:
    place = str(tmp_path / "history.sqlite")
    add(place, night(1, "a"))
    root = str(Path(__file__).parents[3])
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(root=root, place=place)], check=False, env={**os.environ}
    )
    assert done.returncode == -signal.SIGKILL
    with reading(place) as database:
        assert [row["run"] for row in runs(database, 9)] == [1]
    assert add(place, night(3, "a", "b")).new == ("b",)


def test_what_is_no_history_is_said(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("these are my notes, and no database at all\n" * 40)
    with pytest.raises(UsageError, match="is not a history: it is no SQLite file"), writing(str(text)):
        pass
    assert text.read_text().startswith("these are my notes")
    with pytest.raises(UsageError, match="There is no history at"), reading(str(tmp_path / "none.sqlite")):
        pass
    assert not (tmp_path / "none.sqlite").exists()


def test_another_programs_database_is_not_taken_for_a_history(tmp_path: Path) -> None:
    place = tmp_path / "other.sqlite"
    with sqlite3.connect(place) as connection:
        connection.execute("CREATE TABLE runs (x)")
    with pytest.raises(UsageError, match="is the database of another program"), writing(str(place)):
        pass


def test_a_history_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    place = str(tmp_path / "history.sqlite")
    add(place, night(1))
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE auditor_history SET version = 99")
    with pytest.raises(UsageError, match="written by a newer version"), writing(place):
        pass


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"), writing(str(tmp_path / "file" / "history.sqlite")):
        pass


def test_a_server_that_does_not_answer_is_said_without_the_password() -> None:
    password = "se" + "cret-word"
    with (
        pytest.raises(StorageError, match="PostgreSQL cannot be used") as refused,
        writing(f"postgresql://someone:{password}@127.0.0.1:9/none"),
    ):
        pass
    assert password not in str(refused.value)


def test_a_run_that_is_incomplete_says_why(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    why = "incomplete: 2 calls without an answer that no verdict waits for (iam:GetX DENIED)"
    add(place, night(1))
    assert main(["history", "show", "--history", place]) == 0
    assert "incomplete" not in capsys.readouterr().out
    add(place, night(2, status="UNKNOWN"))
    assert main(["history", "list", "--history", place]) == 0
    whole, part = capsys.readouterr().out.splitlines()[1:]
    assert (whole.endswith("2 of 2"), part.endswith(f"2 of 2  {why}")) == (True, True)
    assert main(["history", "show", "--history", place]) == 0
    assert why in capsys.readouterr().out
    with writing(place) as database:  # as versions wrote it that did not keep the reason
        database.ask("UPDATE runs SET details = ? WHERE run = 2", ('{"by_severity": {}}',))
    assert main(["history", "list", "--history", place]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("incomplete: the report of that run says why")
