"""Two years of nightly runs over 1,000 functions in an SQLite history: how large it gets, how long a question takes.

A night mends one finding in a hundred, and brings as many new ones; each has the texts of the demo's findings in length.
The findings of five nights are written with the fifth, which leaves the same rows behind and saves most of the time.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from auditor.engine.report_reader import DocumentReport
from auditor.lifecycle.history.connecting import reading, writing
from auditor.lifecycle.history.questions import figures, one_run, runs
from auditor.lifecycle.history.recording import known, record
from auditor.model.comparison import Comparison

_BEGAN = datetime(2024, 11, 30, 1, tzinfo=UTC)
_ON_EACH = 5
_CHANGES = 0.01
_AT_ONCE = 5
_ASKED = 15
_SEVERITIES = ("critical", "high", "medium", "low", "informational")


def measured(place: Path, nights: int = 730, functions: int = 1_000) -> dict[str, float]:
    """Megabytes, findings ever seen, seconds a night takes to be added, milliseconds of CPU of each question (median)."""
    chance = random.Random(11)
    living = {number: _began(0) for number in range(functions * _ON_EACH)}
    ever, spent = len(living), 0.0
    new: list[int] = list(living)
    ended: list[int] = []
    for night in range(nights):
        if night % _AT_ONCE:
            _add(place, night, {}, [], [], functions)
            continue
        if night:
            ended = chance.sample(sorted(living), int(len(living) * _CHANGES * _AT_ONCE))
            new = list(range(ever, ever + len(ended)))
            ever += len(new)
            for number in ended:
                del living[number]
            living |= dict.fromkeys(new, _began(night))
        spent = _add(place, night, living, new, ended, functions)
    return {
        "megabytes": sum(path.stat().st_size for path in place.parent.glob(f"{place.name}*")) / 1e6,
        "findings": float(ever),
        "adding, seconds": spent,
        **dict(_asked(place, nights)),
    }


def _add(place: Path, night: int, living: dict[int, str], new: list[int], ended: list[int], functions: int) -> float:
    """Adds a night; how long that took, of CPU."""
    report = _report(night, living, functions)
    first_seen = {_mark(number): since for number, since in living.items()}
    comparison = Comparison({}, new=tuple(map(_mark, new)), resolved=tuple(map(_mark, ended)), first_seen=first_seen)
    begun = time.process_time()
    with writing(str(place)) as database:
        record(database, report, comparison)
    return time.process_time() - begun


def _asked(place: Path, nights: int) -> Iterator[tuple[str, float]]:
    questions: dict[str, Callable[[Any], Any]] = {
        "list of 30 runs": lambda database: runs(database, 30),
        "list of all runs": lambda database: runs(database, nights),
        "figures for the page": lambda database: figures(database, 366),
        "the last run, with what changed": lambda database: one_run(database, None),
        "the first run, with what changed": lambda database: one_run(database, 1),
        "what is open": known,
    }
    for name, question in questions.items():
        took = []
        for _ in range(_ASKED):
            with reading(str(place)) as database:
                begun = time.process_time()
                question(database)
                took.append(1e3 * (time.process_time() - begun))
        yield name, statistics.median(took)


def _began(night: int) -> str:
    return (_BEGAN + timedelta(days=night)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _mark(number: int) -> str:
    return f"{number * 2654435761 % 2**64:016x}"


def _report(night: int, living: dict[int, str], functions: int) -> DocumentReport:
    by_severity = dict.fromkeys(_SEVERITIES, len(living) // len(_SEVERITIES))
    return DocumentReport(
        {
            "started_at": _began(night),
            "finished_at": _began(night),
            "tool": {"version": "0.1.0"},
            "run": {
                "depth": "standard", "as_of": _began(night)[:10], "settings": {}, "complete": True, "exit_code": 0,
                "gate": {"fail_on": "high", "only_new": True, "passed": True, "by_severity": by_severity},
                "caller": {"aws": "arn:aws:sts::111122223333:assumed-role/auditor/nightly"},
            },
            "score": {"low": 50.0 + night % 9, "high": 60.0 + night % 9, "grade": "F"},
            "summary": {"functions": functions, "unauthenticated": 9, "administrator": 8, "both": 2},
            "totals": {"functions": functions, "causes": len(living), "findings": len(living), "by_severity": by_severity,
                       "waived": {"causes": 0, "findings": 0}},
            "coverage": {"verdicts_reached": 99_000, "verdicts_total": 100_000},
            "scopes": [{"id": "aws/111122223333"}],
            "findings": [_finding(number, functions) for number in living],
            "functions": [],
            "verdicts": {},
        }
    )  # fmt: skip


def _finding(number: int, functions: int) -> dict[str, Any]:
    name = f"orders-service-worker-{number % functions:04}"
    subject = f"arn:aws:lambda:eu-central-1:111122223333:function:{name}"
    return {
        "fingerprint": _mark(number), "check_id": "policy-service-no-source", "severity": _SEVERITIES[number % 5],
        "title": "Service principal can invoke without a source condition (confused deputy)",
        "message": f"{name}: statement AllowInvokeFromBucket-{number} of its resource policy lets s3.amazonaws.com invoke it "
                   "without aws:SourceArn or aws:SourceAccount, so that a bucket of any account can start it.",
        "subject_id": subject, "function_name": name, "cloud": "aws", "account": "111122223333", "region": "eu-central-1",
    }  # fmt: skip


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        print(measured(Path(scratch) / "history.sqlite"))
