"""What one asks a history: the runs, what changed in one, and the course of the figures."""

import json
from typing import Any, Final

from auditor.errors import UsageError
from auditor.lifecycle.history.connecting import Database
from auditor.lifecycle.history.tables import RUN_COLUMNS, decoded
from auditor.model.report.history import PastRunRow

_BEGAN: Final = "SELECT f.row_json FROM spans s JOIN findings f ON f.fingerprint = s.fingerprint WHERE s.first_run = ?"
_ENDED: Final = (
    "SELECT s.ended, f.row_json FROM spans s JOIN findings f ON f.fingerprint = s.fingerprint WHERE s.ended_run = ?"
)


def runs(database: Database, last: int) -> list[dict[str, Any]]:
    """The last runs, oldest first."""
    rows = database.ask("SELECT * FROM runs ORDER BY run DESC LIMIT ?", (last,))
    rows.reverse()
    return [_run(row, details) for row, details in zip(rows, decoded(row[-1] for row in rows), strict=True)]


def figures(database: Database, last: int) -> list[dict[str, Any]]:
    """The figures of the last runs, oldest first, as a report holds them."""
    rows = runs(database, last)
    return [{name: row[name] for name in PastRunRow.model_fields} for row in rows]


def one_run(database: Database, number: int | None) -> dict[str, Any]:
    """A run by its number, or the last one, with what began and ended in it. Raises UsageError for none such."""
    wanted = number if number is not None else database.ask("SELECT MAX(run) FROM runs")[0][0]
    rows = database.ask("SELECT * FROM runs WHERE run = ?", (wanted,))
    if not rows:
        raise UsageError(f"The history has no run {wanted}: 'auditor history list' names them.")
    began = database.ask(_BEGAN, (wanted,))
    ended = database.ask(_ENDED, (wanted,))
    return {
        **_run(rows[0], json.loads(rows[0][-1])),
        "new": _sorted(row for (row,) in began),
        "resolved": _sorted(row for how, row in ended if how == "resolved"),
        "gone": _sorted(row for how, row in ended if how == "gone"),
    }


def _run(row: tuple[Any, ...], details: dict[str, Any]) -> dict[str, Any]:
    told = dict(zip(RUN_COLUMNS[:-1], row[:-1], strict=True))
    return {**told, "complete": bool(told["complete"]), **details}


def _sorted(rows: Any) -> list[dict[str, Any]]:
    return sorted(decoded(rows), key=lambda row: (row["check_id"], row["subject_id"], row["fingerprint"]))
