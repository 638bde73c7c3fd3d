"""Rows of a report are made once, and are the same however often they are read."""

import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

from auditor.engine import report_spool
from auditor.engine.report_spool import SpooledReport
from auditor.reporter import Row


class Making:
    """A report that tells how often its rows were made."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.head: Row = {"schema_version": "1"}
        self.digests: dict[str, str] = {}

    def functions(self) -> Iterator[Row]:
        for number in range(3):
            self.made.append(f"function {number}")
            yield {"id": f"arn:{number}", "tags": {"größe": "\u2028"}, "points": [1.5, None]}

    def findings(self) -> Iterator[Row]:
        self.made.append("finding")
        yield {"fingerprint": "0" * 16}

    def paths(self) -> Iterator[Row]:
        yield {"id": "path"}

    def verdicts(self) -> Iterator[tuple[str, dict[str, str]]]:
        yield "arn:0", {"runtime-deprecated": "PASS"}

    def causes(self) -> Iterator[Row]:
        yield {"id": "cause"}


ROWS: list[Any] = [{"id": f"arn:{number}", "tags": {"größe": "\u2028"}, "points": [1.5, None]} for number in range(3)]
ALL = ["function 0", "function 1", "function 2"]


def test_rows_are_made_once() -> None:
    making = Making()
    with SpooledReport(making) as report:
        assert [list(report.functions()) for _ in range(3)] == [ROWS] * 3
        assert [list(report.findings()) for _ in range(2)] == [[{"fingerprint": "0" * 16}]] * 2
        assert (report.head, report.digests) == (making.head, {})
        assert list(report.verdicts()) == [("arn:0", {"runtime-deprecated": "PASS"})]
        assert list(report.paths()) == [{"id": "path"}]
        assert list(report.causes()) == [{"id": "cause"}]
    assert making.made == [*ALL, "finding"]


def test_two_readers_by_turns_see_every_row() -> None:
    making = Making()
    with SpooledReport(making) as report:
        list(report.functions())
        assert list(zip(report.functions(), report.functions(), strict=True)) == list(zip(ROWS, ROWS, strict=True))


def test_a_reader_that_stops_leaves_nothing_half() -> None:
    making = Making()
    with SpooledReport(making) as report:
        assert next(report.functions()) == ROWS[0]
        assert list(report.functions()) == ROWS
    assert making.made == ["function 0", *ALL]


def test_a_full_disk_costs_time_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_spool, "_IN_MEMORY", 1)  # everything goes to the file
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *_, **__: open("/dev/full", "wb+", buffering=0))  # noqa: SIM115, PTH123
    making = Making()
    with SpooledReport(making) as report:
        assert [list(report.functions()) for _ in range(2)] == [ROWS] * 2
    assert making.made == [*ALL, *ALL]
