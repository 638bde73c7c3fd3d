"""A reporter that crashes costs its own file and no other."""

from pathlib import Path
from typing import BinaryIO

import pytest

from auditor.engine.audit import write
from auditor.engine.report_reader import DocumentReport
from auditor.reporter import Report


class Texts:
    """Writes a text, or crashes in the middle of it."""

    def __init__(self, form: str, *, crashes: bool = False) -> None:
        self.format = form
        self.filename = f"report.{form}"
        self._crashes = crashes

    def write(self, report: Report, stream: BinaryIO) -> None:
        stream.write(b"half")
        if self._crashes:
            raise ValueError("a value that was audited")
        stream.write(f" and half, {report.head}".encode())


def of(told: list[str]) -> Report:
    """A report of nothing, whose head shows what was told."""
    return DocumentReport({"run": {"errors": told}, "functions": [], "findings": []})


def test_a_reporter_that_crashes_costs_no_other_and_report_json_tells_of_it(tmp_path: Path) -> None:
    told: list[str] = []
    reporters = (Texts("json"), Texts("paper", crashes=True), Texts("html"))
    written = write(of(told), reporters, tmp_path, told.append)
    assert (
        {path.name for path in written} == {path.name for path in tmp_path.iterdir()} == {"report.json", "report.html"}
    )
    (sentence,) = told
    assert sentence.startswith("The format paper crashed (ValueError")
    assert sentence.endswith("report.paper was not written.")
    assert sentence in (tmp_path / "report.json").read_text()
    assert "a value that was audited" not in sentence


def test_where_nothing_can_be_written_the_crash_is_the_end(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="audited"):
        write(of([]), (Texts("paper", crashes=True),), tmp_path, lambda _: None)
    assert list(tmp_path.iterdir()) == []
