import csv
import io
import json
from pathlib import Path

import pytest

from auditor.cli.main import run
from auditor.model.control_status import ControlStatus
from reports.csv_controls_report import COLUMNS, ControlsCsvReporter
from reports.json_report import JsonReporter
from tests.unit.reports import hostile, pdf_frameworks


def lines(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content, newline=""), strict=True))


SOURCE = pdf_frameworks.report()
TEXT = hostile.written(ControlsCsvReporter(), SOURCE).decode()
(FRAMEWORK,) = SOURCE.head["frameworks"]
LINES = {row["control"]: row for row in lines(TEXT)}


def test_each_control_is_a_line_with_its_status_and_its_denominators() -> None:
    assert tuple(next(csv.reader(io.StringIO(TEXT, newline="")))) == COLUMNS
    assert {row["status"] for row in LINES.values()} == set(ControlStatus)
    assert list(LINES) == [control["id"] for control in FRAMEWORK["controls"]]
    assert {(row["controls_listed"], row["controls_total"]) for row in LINES.values()} == {("7", "9")}
    failed = LINES["C.1"]
    assert failed["checks"] == "slow (full)"
    assert failed["clouds"] == "aws: failed; azure: failed; gcp: failed"
    verdicts = [verdict for _, each in SOURCE.verdicts() for check, verdict in each.items() if check == "slow"]
    assert (failed["verdicts"], failed["failed"]) == (str(len(verdicts)), str(verdicts.count("FAIL")))
    assert failed["passed"] == str(verdicts.count("PASS"))
    found = [row for row in SOURCE.findings() if row["check_id"] == "slow"]
    assert failed["findings"] == str(sum(row["waived"] is None for row in found))
    assert failed["waived"] == str(sum(row["waived"] is not None for row in found)) != "0"


def test_what_no_check_looks_at_is_a_line_too() -> None:
    row = LINES["C.2"]
    assert (row["status"], row["strength"], row["verdicts"], row["checks"]) == ("not-assessed", "none", "0", "")
    assert (row["limit"], row["wanted"]) == ("only people know", "the training's records")


def test_a_waived_control_says_until_when_and_why() -> None:
    row = LINES["C.waived"]
    assert (row["waived"], row["waived_until"]) == ("1", hostile.LATE)
    assert row["waived_reason"].startswith("moved in May")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("finished") / "report.json"
    path.write_bytes(hostile.written(JsonReporter(), hostile.report()))
    return path


def test_csv_of_a_framework_writes_the_controls_beside_the_findings(finished: Path, tmp_path: Path) -> None:
    again = ["report", str(finished), "--format", "csv,json", "--quiet", "-o", str(tmp_path / "out")]
    assert run([*again, "--framework", "gdpr-art-32,aws-fsbp"]) == 0
    rows = lines((tmp_path / "out" / "controls.csv").read_text("utf-8"))
    held = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))["frameworks"]
    assert [(row["framework"], row["control"], row["status"]) for row in rows] == [
        (framework["id"], control["id"], control["status"]) for framework in held for control in framework["controls"]
    ]
    kept = ["report", str(tmp_path / "out"), "--format", "csv", "--quiet", "-o", str(tmp_path / "kept")]
    assert run(kept) == 0
    assert (tmp_path / "kept" / "controls.csv").read_bytes() == (tmp_path / "out" / "controls.csv").read_bytes()
    assert run([*again[:-1], str(tmp_path / "without")]) == 0
    assert (tmp_path / "without" / "findings.csv").exists()
    assert not (tmp_path / "without" / "controls.csv").exists()


def test_standard_output_stays_one_document(finished: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    asked = ["report", str(finished), "-o", "-", "--framework", "gdpr-art-32", "--format"]
    assert run([*asked, "csv"]) == 0
    assert {row["check_id"] for row in lines(capsysbinary.readouterr().out.decode())} == {"open-url", "slow"}
    assert run([*asked, "csv-controls"]) == 0
    assert {row["framework"] for row in lines(capsysbinary.readouterr().out.decode())} == {"gdpr-art-32"}


def test_controls_without_a_framework_are_refused(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", str(finished), "--format", "csv-controls", "-o", str(tmp_path / "out")]) == 2
    assert "--framework" in capsys.readouterr().err
    assert run(["demo", "--format", "csv-controls", "-o", str(tmp_path / "out")]) == 2
    assert "--framework" in capsys.readouterr().err
