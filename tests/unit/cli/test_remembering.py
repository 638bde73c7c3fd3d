"""A run and the history it is added to: what fails of one does not pass for a failure of the other."""

from pathlib import Path

import pytest

from auditor.cli.remembering import remembered
from auditor.errors import StorageError
from auditor.lifecycle.history.connecting import reading
from auditor.lifecycle.history.questions import runs
from tests.unit.cli import finished


@pytest.mark.parametrize(
    "error", [StorageError("report.json cannot be written: the disk is full."), OSError(28, "full")]
)
def test_a_result_that_cannot_be_written_is_no_fault_of_the_history(tmp_path: Path, error: Exception) -> None:
    place, report = str(tmp_path / "history.sqlite"), finished.report(2)
    with remembered(report, None, place):
        pass
    again = finished.report(2)
    with pytest.raises(type(error)) as raised, remembered(again, None, place):
        raise error
    assert raised.value is error
    assert again.errors == []
    with reading(place) as database:
        assert len(runs(database, 9)) == 1


def test_a_history_that_cannot_be_written_costs_no_result(tmp_path: Path) -> None:
    place, report = tmp_path / "history.sqlite", finished.report(2)
    place.write_text("no database, but a text that is long enough to be taken for one: " * 40)
    written = []
    with remembered(report, None, str(place)):
        written.append("report.json")
    assert written == ["report.json"]
    assert [error for error in report.errors if error.startswith("This run is not in the history:")]
