"""The text file for Prometheus, read by Prometheus' own parser."""

from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from auditor.errors import StorageError
from auditor.lifecycle.metrics import write


def head(**changed: Any) -> dict[str, Any]:
    run = {"complete": True, "exit_code": 0} | changed.pop("run", {})
    return {
        "started_at": "2026-11-29T01:00:00Z",
        "finished_at": "2026-11-29T01:05:00Z",
        "run": run,
        "score": {"low": 71.5, "high": 80.0},
        "totals": {
            "functions": 7,
            "by_severity": {"critical": 1, "high": 2},
            "findings_by_severity": {"critical": 3, "high": 2},
            "waived": {"causes": 1, "findings": 4},
            "verdicts": {"PASS": 90, "UNKNOWN": 2},
        },
        "coverage": {
            "gaps": [
                {"reason": "DENIED", "count": 3},
                {"reason": "DENIED", "count": 1},
                {"reason": 'o"dd\n', "count": 1},
            ],
            "throttles": {"lambda:ListFunctions": 5},
        },
        "new": ["a"],
        **changed,
    }


def samples(path: Path) -> dict[tuple[str, str], float]:
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(path.read_text())
        for sample in family.samples
    }


def test_every_figure_is_there(tmp_path: Path) -> None:
    path = tmp_path / "auditor.prom"
    write(path, head())
    assert samples(path) == {
        ("auditor_causes", "critical"): 1,
        ("auditor_causes", "high"): 2,
        ("auditor_findings", "critical"): 3,
        ("auditor_findings", "high"): 2,
        ("auditor_waived_findings", ""): 4,
        ("auditor_new_findings", ""): 1,
        ("auditor_functions", ""): 7,
        ("auditor_score", "low"): 71.5,
        ("auditor_score", "high"): 80,
        ("auditor_verdicts", "PASS"): 90,
        ("auditor_verdicts", "UNKNOWN"): 2,
        ("auditor_gaps", "DENIED"): 4,
        ("auditor_gaps", 'o"dd\n'): 1,
        ("auditor_throttles", ""): 5,
        ("auditor_run_duration_seconds", ""): 300,
        ("auditor_run_timestamp_seconds", ""): 1795914300,
        ("auditor_run_complete", ""): 1,
        ("auditor_run_exit_code", ""): 0,
        ("auditor_last_success_timestamp_seconds", ""): 1795914300,
    }
    assert path.stat().st_mode & 0o777 == 0o644


def test_the_last_success_outlives_a_run_that_could_not_read(tmp_path: Path) -> None:
    path = tmp_path / "auditor.prom"
    key = ("auditor_last_success_timestamp_seconds", "")
    write(path, head(run={"exit_code": 5}))
    assert key not in samples(path)
    write(path, head(run={"exit_code": 3}))
    write(path, head(run={"exit_code": 5}, finished_at="2026-11-30T01:05:00Z"))
    assert samples(path)[key] == 1795914300
    assert samples(path)["auditor_run_exit_code", ""] == 5


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        write(tmp_path / "file" / "auditor.prom", head())
