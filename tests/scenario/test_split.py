"""A report for each account beside the one over all: each valid alone, together the whole, replaced with it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from auditor.cli.main import run
from auditor.engine.schemas import schema
from auditor.result_directory.verification import verify
from tests.strict_schema import strict

FEW = (
    "--check",
    "role-admin",
    "--check",
    "url-auth-none",
    "--check",
    "threat-detection-blind",
    "--quiet",
    "-M",
    "json",
)


def split(snapshot: Path, out: Path, *options: str) -> dict[str, Any]:
    assert run(["evaluate", str(snapshot), "-o", str(out), *FEW, "--split", "account", *options]) == 0
    return read(out)


def read(place: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((place / "report.json").read_bytes())
    return document


@pytest.fixture(scope="module")
def out(scanned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("split") / "out"
    split(scanned, place, "--framework", "cis-aws-compute-1.1.0")
    return place


def test_each_account_has_a_report_that_is_valid_alone_and_has_its_own_score(out: Path) -> None:
    whole = read(out)
    validator = Draft202012Validator(strict(schema("report")))
    assert len(whole["accounts"]) == len(whole["scopes"]) > 1
    highs = [row["score"]["high"] for row in whole["accounts"]]
    assert highs == sorted(highs)
    for row in [{"directory": "."}, *whole["accounts"]]:
        assert [error.message for error in validator.iter_errors(read(out / row["directory"]))] == []
        assert verify(out / row["directory"]).intact
    for row in whole["accounts"]:
        alone = read(out / row["directory"])
        assert {key: alone["score"][key] for key in ("low", "high", "grade")} == row["score"]
        assert [scope["id"] for scope in alone["scopes"]] == [row["id"]]
        assert ("accounts" in alone, alone["totals"]["causes"]) == (False, row["causes"])
        assert (alone["totals"]["functions"], alone["scopes"][0]["status"]) == (row["functions"], row["status"])
        assert set(alone["run"]["caller"]) <= {row["cloud"]}
        assert alone["worst"][:1] == ([row["worst"]] if row["worst"] else [])


def test_the_accounts_are_the_whole_and_nothing_is_in_two(out: Path) -> None:
    whole = read(out)
    parts = [read(out / row["directory"]) for row in whole["accounts"]]
    for key, name in (("functions", "id"), ("findings", "fingerprint")):
        together = [row[name] for part in parts for row in part[key]]
        assert sorted(together) == sorted(row[name] for row in whole[key])
    verdicts = [item for part in parts for item in part["verdicts"].items()]
    assert sorted(subject for subject, _ in verdicts) == sorted(whole["verdicts"])
    assert dict(verdicts) == whole["verdicts"]
    operations = [row for part in parts for row in part["coverage"]["operations"]]
    assert sorted(operations, key=str) == sorted(whole["coverage"]["operations"], key=str)
    assert {part["frameworks"][0]["id"] for part in parts} == {"cis-aws-compute-1.1.0"}


def test_a_defect_of_several_accounts_is_one_row_with_the_accounts(out: Path) -> None:
    whole = read(out)
    home = {row["fingerprint"]: f"{row['cloud']}/{row['account']}" for row in whole["findings"]}
    for row in whole["shared_defects"]:
        mine = [each["fingerprint"] for each in whole["findings"] if each["check_id"] == row["check_id"]]
        assert set(row["accounts"]) == {home[mark] for mark in mine}
        assert row["findings"] == len(mine)
        assert len(row["accounts"]) > 1
    assert "role-admin" in {row["check_id"] for row in whole["shared_defects"]}


def test_waivers_and_a_baseline_reach_each_account(scanned: Path, out: Path, tmp_path: Path) -> None:
    finding = next(row for row in read(out)["findings"] if row["check_id"] == "role-admin" and row["cloud"] == "gcp")
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(
        f'[[waivers]]\nfingerprint = "{finding["fingerprint"]}"\nreason = "known"\nexpires = 2099-01-01\n'
    )
    whole = split(scanned, tmp_path / "out", "--waivers", str(waivers), "--baseline", str(out))
    for row in whole["accounts"]:
        alone = read(tmp_path / "out" / row["directory"])
        here = row["scope"] == finding["account"]
        assert [each["fingerprint"] for each in alone["findings"] if each["waived"]] == [finding["fingerprint"]] * here
        assert [each["findings"] for each in alone["waivers"]] == [1] * here
        marks = {each["fingerprint"] for each in alone["findings"]}
        assert alone["new"] == [mark for mark in whole["new"] if mark in marks]
        assert (alone["resolved"], alone["gone"]) == ([], [])
        assert alone["baseline"] == whole["baseline"]


def test_the_accounts_are_replaced_with_the_result_and_what_was_changed_there_stays(
    scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    split(scanned, tmp_path)
    first = read(tmp_path)["accounts"][0]["directory"]
    split(scanned, tmp_path)
    assert verify(tmp_path).intact
    assert run(["evaluate", str(scanned), "-o", str(tmp_path), *FEW]) == 0
    assert not (tmp_path / "accounts").exists()
    split(scanned, tmp_path)
    (tmp_path / first / "notes.txt").write_text("mine")
    options = ["evaluate", str(scanned), "-o", str(tmp_path), *FEW, "--split", "account"]
    assert run(options) == 2
    assert "accounts was not written by this tool, or was changed since" in capsys.readouterr().err
    assert (tmp_path / first / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--split", "acount"), "--split: 'acount' is not one of account; did you mean account?"),
        (("--split", "account", "-o", "-"), "--split account writes a directory for each: name one with --output-dir."),
    ],
)
def test_what_cannot_be_split_is_said_in_one_sentence(
    scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    assert run(["evaluate", str(scanned), "-o", str(tmp_path), *FEW, *options]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.strip().splitlines()) == 1
