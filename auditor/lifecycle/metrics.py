"""The figures of a run as a Prometheus text file, for the node exporter's textfile collector."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from auditor.errors import ExitCode
from auditor.reporter import Row
from auditor.snapshot.files import atomic

_SUCCESS: Final = "auditor_last_success_timestamp_seconds"
_FINISHED: Final = frozenset({ExitCode.OK, ExitCode.GATE_FAILED})
"""A gate that fails is what the run is for; what could not be read is no success."""

Sample = tuple[Mapping[str, str], float]


def write(path: Path, head: Row) -> None:
    """Writes the file, whole or not at all. The last success is carried over where this run is none.

    Raises StorageError where it cannot be written.
    """
    before = _last_success(path)
    with atomic(path) as stream:
        for name, kind, text, samples in _families(head, before):
            stream.write(f"# HELP {name} {text}\n# TYPE {name} {kind}\n".encode())
            for labels, value in samples:
                told = ",".join(f'{key}="{_escaped(label)}"' for key, label in labels.items())
                stream.write(f"{name}{{{told}}} {value!r}\n".encode() if told else f"{name} {value!r}\n".encode())
    path.chmod(0o644)  # another user's exporter reads it


def _families(head: Row, before: float | None) -> Iterator[tuple[str, str, str, list[Sample]]]:
    run, totals, coverage = head["run"], head["totals"], head["coverage"]
    started, finished = _seconds(head["started_at"]), _seconds(head["finished_at"])
    success = finished if run["exit_code"] in _FINISHED else before
    yield "auditor_causes", "gauge", "Open causes by severity.", _by("severity", totals["by_severity"])
    yield (
        "auditor_findings",
        "gauge",
        "Findings by severity, also waived ones.",
        _by("severity", totals["findings_by_severity"]),
    )
    yield "auditor_waived_findings", "gauge", "Findings that are waived.", [({}, float(totals["waived"]["findings"]))]
    yield (
        "auditor_new_findings",
        "gauge",
        "Findings that the run before did not have.",
        [({}, float(len(head.get("new", ()))))],
    )
    yield "auditor_functions", "gauge", "Functions audited.", [({}, float(totals["functions"]))]
    yield (
        "auditor_score",
        "gauge",
        "Score, 0 to 100; the low end takes unknown verdicts as failed.",
        [({"end": end}, float(head["score"][end])) for end in ("low", "high") if head["score"][end] is not None],
    )
    yield "auditor_verdicts", "gauge", "Verdicts by status.", _by("status", totals["verdicts"])
    gaps: Counter[str] = Counter()
    for gap in coverage["gaps"]:
        gaps[gap["reason"]] += gap["count"]
    yield "auditor_gaps", "gauge", "Calls without an answer, by reason.", _by("reason", dict(sorted(gaps.items())))
    yield (
        "auditor_throttles",
        "gauge",
        "Calls that were told to slow down, and retried.",
        [({}, float(sum(coverage["throttles"].values())))],
    )
    yield "auditor_run_duration_seconds", "gauge", "How long the collection took.", [({}, finished - started)]
    yield "auditor_run_timestamp_seconds", "gauge", "When it ended.", [({}, finished)]
    yield (
        "auditor_run_complete",
        "gauge",
        "1 where everything was read and every verdict reached.",
        [({}, float(run["complete"]))],
    )
    yield "auditor_run_exit_code", "gauge", "Exit code of the run.", [({}, float(run["exit_code"]))]
    yield _SUCCESS, "gauge", "When a run last finished.", [({}, success)] if success is not None else []


def _by(label: str, counts: Mapping[str, Any]) -> list[Sample]:
    return [({label: str(name)}, float(count)) for name, count in counts.items()]


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _last_success(path: Path) -> float | None:
    """The last success that the file tells; None where it tells none."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = re.search(rf"^{_SUCCESS} ([0-9.e+]+)$", text, re.MULTILINE)
    return float(found[1]) if found else None
