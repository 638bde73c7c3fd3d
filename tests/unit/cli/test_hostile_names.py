"""A name from the cloud begins no line of ours: whatever is printed of it stays on the line that quotes it."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.log_setup import _Inert
from auditor.cli.main import run
from auditor.cli.summary import print_summary
from auditor.engine.report_reader import found_report
from auditor.wording import inert, inert_lines
from tests.unit.cli.finished import written

FORGED = "Score 100 of 100, grade A"
BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]
HOSTILE = f"x\n{FORGED}"


def renamed(value: Any) -> Any:
    """A report's document with a line break in every name and sentence that quotes one."""
    if isinstance(value, dict):
        return {
            key: HOSTILE if key in ("message", "function_name", "detail") else renamed(each)
            for key, each in value.items()
        }
    return [renamed(each) for each in value] if isinstance(value, list) else value


def forging(directory: Path) -> Path:
    path = written(3, directory)
    path.write_text(json.dumps(renamed(json.loads(path.read_text("utf-8")))), "utf-8")
    return path


@pytest.mark.parametrize("mark", BREAKS)
def test_no_mark_breaks_a_line(mark: str) -> None:
    assert len(inert(f"x{mark}{FORGED}").splitlines()) == 1


def test_what_has_lines_on_purpose_keeps_them() -> None:
    assert inert_lines("aws a\naws b\x1b") == "aws a\naws b\\u001b"


def test_no_line_of_the_summary_is_forged(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    print_summary(found_report(forging(tmp_path)), tmp_path, ("report.json",), color=False)
    out = capsys.readouterr().out
    assert "x\\u000aScore 100 of 100" in out
    assert [line for line in out.splitlines() if line.strip().startswith(FORGED)] == []


def test_no_line_of_a_plan_an_explanation_or_a_difference_is_forged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = forging(tmp_path / "one")
    other = forging(tmp_path / "other")
    document = json.loads(path.read_text("utf-8"))
    other.write_text(json.dumps({**document, "findings": document["findings"][1:]}), "utf-8")
    for line in (
        ["plan", str(path)],
        ["plan", str(path), "--format", "md"],
        ["explain", document["findings"][0]["fingerprint"], str(path.parent)],
        ["diff", str(other), str(path)],
    ):
        run(line)
        out = capsys.readouterr().out
        assert out, line
        assert [each for each in out.splitlines() if each.strip().startswith(FORGED)] == [], line


def test_no_line_of_a_log_is_forged() -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 0, "function %s", (HOSTILE,), None)
    assert _Inert("%(levelname)s %(message)s").format(record) == f"WARNING function x\\u000a{FORGED}"
