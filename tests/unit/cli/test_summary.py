"""The summary of a scan: what it says first, that it fits the terminal, and that it stays short."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.summary import print_summary
from auditor.engine.report_reader import DocumentReport
from auditor.model.ids import Cloud
from auditor.reporter import Report
from auditor.wording import state
from tests.unit.cli.finished import captured, report, written

FILES = ("report.json", "report.html")


def printed(capsys: pytest.CaptureFixture[str], shown: Report) -> str:
    print_summary(shown, Path("auditor-report"), FILES, color=False)
    return capsys.readouterr().out


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("columns", [80, 120])
def test_every_line_fits_and_no_word_is_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    shown = report(60, about=captured(errors=("The account 444455556666 could not be opened. " * 5,)))
    whole = printed(capsys, shown)
    monkeypatch.setenv("COLUMNS", str(columns))
    fitted = printed(capsys, shown)
    assert max(map(len, fitted.splitlines())) <= columns
    assert fitted.split() == whole.split()
    assert max(map(len, whole.splitlines())) > 120


def test_it_begins_with_numbers_and_their_denominators(capsys: pytest.CaptureFixture[str]) -> None:
    first = printed(capsys, report(60)).strip().splitlines()[0]
    assert first == (
        "2 of 60 functions can be reached from the internet without authentication (2 unknown); 3 run as an "
        "administrator; 2 are both."
    )


@pytest.mark.parametrize(
    ("reachable", "administrators", "both", "sentence"),
    [
        (
            0,
            0,
            0,
            "0 of 1 function can be reached from the internet without authentication; 0 run as an administrator.",
        ),
        (
            1,
            1,
            1,
            "1 of 1 function can be reached from the internet without authentication; 1 runs as an administrator; 1 is both.",
        ),
    ],
)
def test_the_first_sentence_is_one_of_english(reachable: int, administrators: int, both: int, sentence: str) -> None:
    counts = {"functions": 1, "unauthenticated": reachable, "administrator": administrators, "both": both}
    assert state({**counts, "unauthenticated_unknown": 0, "administrator_unknown": 0}) == sentence


def test_causes_are_counted_by_cloud_and_risk_and_the_critical_ones_named(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, report(60))
    assert "23 causes, each closed by one change, of 25 findings" in out
    rows = {
        line.split()[0]: line.split()[1:] for line in out.splitlines() if line.split()[:1] in (["AWS"], ["exposure"])
    }
    assert rows["exposure"] == ["3", "-", "-", "20", "-"]
    assert (
        "◆ Function URL is public: invocation requires no authentication: 2 causes on 2 functions, AWS "
        "111122223333/us-east-1" in out
    )
    assert "◆ Execution identity has administrator permissions: 1 cause on 3 functions" in out
    assert "  1. " in out
    assert "AWS 111122223333, 1 region" in out
    assert "What to change first, with the commands: auditor plan auditor-report" in out


def test_a_thousand_functions_take_no_more_lines_than_a_few(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = printed(capsys, report(1000))
    assert "20 of 1,000 functions can be reached" in flat(out)
    assert len(out.splitlines()) < 60


def test_an_empty_account_is_said_in_a_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, report(0))
    assert "No functions found in 1 account, 1 region" in out
    assert "Looked at: aws/111122223333 in us-east-1." in out
    assert "without authentication" not in out
    assert "auditor plan" not in out


def amended(path: Path, **changes: Any) -> DocumentReport:
    document: Mapping[str, Any] = json.loads(path.read_text())
    return DocumentReport({**document, **changes})


def gap(location: str, **changes: object) -> dict[str, object]:
    made = {
        "operation": "lambda:GetPolicy",
        "scope": "aws/111122223333",
        "location": location,
        "reason": "DENIED",
        "permission": "lambda:GetPolicy",
        "count": 3,
        "owners": [],
        "needed": True,
    }
    return made | changes


def test_what_one_grant_mends_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = written(3, tmp_path)
    head = report(3).head
    granted = {"grant": "aws iam put-role-policy"}
    gaps = [gap("us-east-1", **granted), gap("eu-west-1", **granted)]
    coverage = {**head["coverage"], "gaps": gaps, "complete": False}
    out = printed(capsys, amended(path, coverage=coverage, run={**head["run"], "complete": False}))
    assert "lambda:GetPolicy x6: DENIED in aws/111122223333/us-east-1 and 1 more place, grant lambda:GetPolicy" in out
    assert "To grant what is missing to arn:aws:sts::111122223333:assumed-role/auditor/session:" in out
    assert "aws iam put-role-policy --role-name auditor --policy-name auditor-read-lambda-GetPolicy" in out
    assert out.count("put-role-policy") == 1


def test_accounts_are_named_with_what_was_read_of_them(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = written(3, tmp_path)
    names = [("aws", str(number) * 12, "read") for number in range(1, 7)] + [("gcp", "orders-prod", "unreadable")]
    scopes = [
        {"id": f"{cloud}/{name}", "cloud": cloud, "scope": name, "locations": ["a", "b"], "status": status}
        for cloud, name, status in names
    ]
    out = printed(capsys, amended(path, scopes=scopes))
    assert "AWS 111111111111, 2 regions\n" in out
    assert "and 1 more account, 1 of them not or not wholly read" in out
    alone = printed(capsys, amended(path, scopes=scopes[-1:]))
    assert "Google Cloud orders-prod, 2 regions, functions could not be listed" in alone


def test_a_name_from_the_cloud_moves_no_cursor(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = written(3, tmp_path)
    worst = [{**row, "function_name": "\x1b[2Jred"} for row in report(3).head["worst"]]
    out = printed(capsys, amended(path, worst=worst))
    assert "\x1b" not in out
    assert "\\u001b[2Jred" in out


def test_a_cloud_that_was_left_out_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    shown = report(3, about=captured(not_scanned=((Cloud.GCP, "No Google Cloud credentials."),)))
    assert "gcp was not scanned. No Google Cloud credentials." in printed(capsys, shown)


def test_what_is_waived_is_counted_apart(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = written(60, tmp_path)
    document = json.loads(path.read_text())
    causes = [{**row, "waived": row["check_id"] == "open-url"} for row in document["causes"]]
    totals = {**document["totals"], "causes": 21, "waived": {"causes": 2, "findings": 3}}
    out = printed(capsys, amended(path, causes=causes, totals=totals))
    assert "21 causes, each closed by one change, of 22 findings" in out
    assert "Waived: 3 findings, 2 causes whole" in out
    assert "◆ Function URL is public" not in out
    assert "◆ Execution identity has administrator permissions" in out
