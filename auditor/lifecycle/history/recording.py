"""Adds a run to a history, and says what it knew before."""

import json
from collections.abc import Iterable
from typing import Any

from auditor.lifecycle.compare import Known, seen
from auditor.lifecycle.history.connecting import Database
from auditor.lifecycle.history.tables import decoded
from auditor.lifecycle.shortfall import shortfall
from auditor.model.comparison import Comparison
from auditor.reporter import Report


def known(database: Database) -> Known:
    """The findings that are open, and the last run."""
    last = database.ask("SELECT started_at, depth, tool_version FROM runs ORDER BY run DESC LIMIT 1")
    keys = ("started_at", "depth", "tool_version")
    baseline = dict(zip(keys, last[0], strict=True)) if last else dict.fromkeys(keys, "")
    rows = database.ask("SELECT fingerprint, row_json FROM findings WHERE open = 1")
    return Known(baseline, dict(zip((mark for mark, _ in rows), decoded(row for _, row in rows), strict=True)))


def record(database: Database, report: Report, comparison: Comparison) -> int:
    """Adds the run; its number. Nothing is lost: what was not examined again stays open."""
    run = _add_run(database, report)
    new = frozenset(comparison.new)
    for row in report.findings():
        mark = str(row["fingerprint"])
        kept = json.dumps(seen(row, comparison.first_seen[mark], report.head["run"]), sort_keys=True)
        _see(database, mark, run, kept, new=mark in new)
    _end(database, comparison.resolved, run, "resolved")
    _end(database, comparison.gone, run, "gone")
    return run


def _add_run(database: Database, report: Report) -> int:
    head = report.head
    ((last,),) = database.ask("SELECT COALESCE(MAX(run), 0) FROM runs")
    number = int(last) + 1
    totals, coverage, score, run = head["totals"], head["coverage"], head["score"], head["run"]
    details = {
        "by_severity": totals["by_severity"],
        "waived": totals.get("waived"),
        "summary": head.get("summary"),
        "scopes": [scope["id"] for scope in head["scopes"]],
        "gate": run["gate"],
        "caller": run["caller"],
        "incomplete": shortfall(head),
    }
    values: tuple[Any, ...] = (
        number,
        head["started_at"],
        head["finished_at"],
        head["tool"]["version"],
        run["depth"],
        int(run["complete"]),
        int(run["exit_code"]),
        score["low"],
        score["high"],
        score["grade"],
        totals["functions"],
        totals["causes"],
        totals["findings"],
        coverage["verdicts_reached"],
        coverage["verdicts_total"],
        json.dumps(details, sort_keys=True),
    )
    database.ask("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    return number


def _see(database: Database, mark: str, run: int, kept: str, *, new: bool) -> None:
    """A finding that the run has. One that comes back after it was resolved begins another span."""
    database.ask(
        "INSERT INTO findings VALUES (?, ?, 1, ?) ON CONFLICT (fingerprint) DO UPDATE SET"
        " last_run = excluded.last_run, open = 1, row_json = excluded.row_json",
        (mark, run, kept),
    )
    if new:
        database.ask("INSERT INTO spans VALUES (?, ?, NULL, NULL)", (mark, run))


def _end(database: Database, marks: Iterable[str], run: int, how: str) -> None:
    for mark in marks:
        database.ask("UPDATE findings SET open = 0 WHERE fingerprint = ?", (mark,))
        database.ask(
            "UPDATE spans SET ended_run = ?, ended = ? WHERE fingerprint = ? AND ended_run IS NULL", (run, how, mark)
        )
