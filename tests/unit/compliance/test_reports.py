"""The rows of frameworks on finished reports: fresh or read again they are the same, and they keep the schema's word."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from auditor.cli.main import run
from auditor.compliance.assess import assess
from auditor.compliance.catalogue import Framework, Strength
from auditor.engine.audit import write
from auditor.engine.report import AuditReport
from auditor.engine.report_reader import read_report
from auditor.engine.schemas import schema
from auditor.model.control_status import ControlStatus
from auditor.model.finding import Status
from reports.json_report import JsonReporter
from tests.unit.cli.finished import report
from tests.unit.compliance.test_assess import AWS, ORDERS, SCOPES, framework, link
from tests.unit.compliance.test_assess import finding as finding_row
from tests.unit.compliance.test_assess import report as document


def of(*checks: str) -> Framework:
    return framework(*(link(check) for check in checks))


def written(found: AuditReport, directory: Path) -> Path:
    (path,) = write(found, (JsonReporter(),), directory, lambda _sentence: None)
    return path


def test_a_report_that_is_read_again_gives_the_same_rows(tmp_path: Path) -> None:
    toy = [of("open-url", "admin"), of("slow"), of("absent")]
    fresh = report(60)
    rows = assess(fresh, toy)
    assert [row["controls"][0]["status"] for row in rows] == ["failed", "failed", "not-assessed"]
    assert rows[0]["controls"][0]["clouds"]["aws"]["verdicts"] == {"PASS": 113, "FAIL": 5, "UNKNOWN": 2}
    assert assess(fresh, toy, clouds=fresh.function_clouds) == rows
    assert assess(read_report(written(fresh, tmp_path)), toy) == rows


def test_report_adds_frameworks_to_a_finished_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(report(2), tmp_path)
    again = ["report", str(path), "--format", "json", "--quiet", "-o", str(tmp_path / "again"), "--framework"]
    assert run([*again, "gdpr-art-32"]) == 0
    (row,) = json.loads((tmp_path / "again" / "report.json").read_text())["frameworks"]
    assert (row["id"], row["by_status"]["not-assessed"]) == ("gdpr-art-32", len(row["controls"]))
    assert run([*again, "gdpr-art-23"]) == 2
    assert "did you mean gdpr-art-32?" in capsys.readouterr().err


def test_the_rows_stand_in_the_report_and_survive_a_later_error(tmp_path: Path) -> None:
    found = report(2)
    rows = assess(found, [of("slow")])
    found.assessed(rows)
    found.add_error("The history could not be written.")
    held = json.loads(written(found, tmp_path).read_text())
    assert held["frameworks"] == rows
    assert list(Draft202012Validator(schema("report")).iter_errors(held)) == []
    assert read_report(tmp_path / "report.json").head["frameworks"] == rows


def test_without_the_option_a_report_holds_none(tmp_path: Path) -> None:
    assert "frameworks" not in json.loads(written(report(1), tmp_path).read_text())


def test_an_account_without_functions_meets_nothing() -> None:
    (row,) = assess(report(0), [of("slow")])
    assert row["controls"][0]["status"] == "not-assessed"


@pytest.mark.parametrize(("interrupted", "status"), [(False, "satisfied"), (True, "unknown")])
def test_an_interrupted_run_satisfies_nothing(interrupted: bool, status: str) -> None:
    passing = document({ORDERS: {"full": "PASS"}}, interrupted=interrupted)
    assert assess(passing, [framework(link("full"))])[0]["controls"][0]["status"] == status


VERDICT = st.sampled_from([*Status, None])
LINKS = st.lists(st.sampled_from(list(Strength)), min_size=1, max_size=4)


@given(st.data(), LINKS)
def test_satisfied_is_only_what_every_linked_check_proved(data: st.DataObject, strengths: list[Strength]) -> None:
    links = [link(f"check-{number}", strength) for number, strength in enumerate(strengths)]
    table = {
        subject: {each.check: status.value for each in links if (status := data.draw(VERDICT)) is not None}
        for subject in (ORDERS, SCOPES[AWS])
    }
    failed = {check for verdicts in table.values() for check, status in verdicts.items() if status == Status.FAIL}
    (row,) = assess(document(table, *(finding_row(check) for check in sorted(failed))), [framework(*links)])
    (control,) = row["controls"]
    reached = [[verdicts[each.check] for verdicts in table.values() if each.check in verdicts] for each in links]
    proved = (
        all(seen and set(seen) <= {Status.PASS, Status.NOT_APPLICABLE} for seen in reached)
        and any(each.strength is Strength.FULL and Status.PASS in seen for each, seen in zip(links, reached, strict=True))
    )  # fmt: skip
    assert (control["status"] == ControlStatus.SATISFIED) is proved
    decides_and_fails = any(each.strength.decides and each.check in failed for each in links)
    assert (control["status"] == ControlStatus.FAILED) is decides_and_fails
