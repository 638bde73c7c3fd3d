"""Snapshots joined by copying folders together, and what an output directory holds after several runs."""

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from moto_fixtures.aws.server import Server

WHERE = ("--provider", "aws", "--region", "us-east-1", "--quiet", "--no-progress")


def deploy(*names: str) -> None:
    import boto3

    iam, functions = boto3.client("iam"), boto3.client("lambda")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName=f"role-{names[0]}", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    for name in names:
        code = {"ZipFile": b"PK"}
        functions.create_function(FunctionName=name, Runtime="python3.13", Role=role, Handler="a.b", Code=code)


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``first`` and ``second``: two captures of one region, a function deployed between them; ``scan`` a whole run."""
    root = tmp_path_factory.mktemp("captures")
    with Server() as server, pointed_at(server.environment):
        deploy("orders", "refunds")
        assert run(["collect", *WHERE, "-o", str(root / "first")]) == 0
        deploy("invoices")
        assert run(["collect", *WHERE, "-o", str(root / "second")]) == 0
        assert run(["scan", *WHERE, "-o", str(root / "scan")]) == 0
    return root


def judged(snapshot: Path, out: Path) -> dict[str, Any]:
    assert run(["evaluate", str(snapshot), "-o", str(out), "--quiet", "-M", "json"]) == 0
    return json.loads((out / "report.json").read_bytes())


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_copied_together_in_any_order_two_captures_are_one_snapshot(
    captures: Path, tmp_path: Path, order: tuple[str, str]
) -> None:
    for name in order:
        shutil.copytree(captures / name / "snapshot", tmp_path / "union", dirs_exist_ok=True)
    union = judged(tmp_path / "union", tmp_path / "out")
    alone = judged(captures / "second", tmp_path / "alone")
    assert {row["name"] for row in union["functions"]} == {"orders", "refunds", "invoices"}
    assert union["functions"] == alone["functions"]
    assert union["verdicts"] == alone["verdicts"]


def test_shards_copied_under_another_account_are_refused_in_a_sentence(
    captures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(captures / "first" / "snapshot", tmp_path / "copy")
    (account,) = (tmp_path / "copy" / "aws").iterdir()
    shutil.copytree(account, account.with_name("999999999999"))
    assert run(["evaluate", str(tmp_path / "copy"), "-o", str(tmp_path / "out")]) == 2
    complained = capsys.readouterr().err
    assert (
        "twice, in aws/123456789012/us-east-1 and aws/999999999999/us-east-1: was a folder of it copied" in complained
    )
    assert "our fault" not in complained


def manifest(directory: Path) -> dict[str, str]:
    return json.loads((directory / "manifest.json").read_bytes())["files"]


def true(directory: Path) -> bool:
    """Whether the manifest lists every file there is, with its digest."""
    files = [path for path in directory.rglob("*") if path.is_file() and path.name != "manifest.json"]
    found = {path.relative_to(directory).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}
    return found == manifest(directory)


@pytest.fixture
def old(captures: Path, tmp_path: Path) -> Path:
    """The output directory of an earlier scan, with a file of the user's own beside it."""
    shutil.copytree(captures / "scan", tmp_path / "old")
    assert true(tmp_path / "old")
    return tmp_path / "old"


def test_collecting_over_an_old_scan_leaves_no_report_of_it(old: Path) -> None:
    (old / "notes.txt").write_text("mine")
    with Server() as server, pointed_at(server.environment):
        deploy("payments")
        assert run(["collect", *WHERE, "-o", str(old)]) == 0
    assert {path.name for path in old.iterdir()} == {"snapshot", "manifest.json", "notes.txt"}
    (old / "notes.txt").unlink()
    assert true(old)


def test_one_format_written_anew_removes_the_other_of_the_run_before(captures: Path, old: Path) -> None:
    judged(captures / "scan", old)
    assert not (old / "report.html").exists()
    assert true(old)


def test_a_report_that_was_changed_since_is_the_users(captures: Path, old: Path) -> None:
    (old / "report.html").write_text("annotated")
    judged(captures / "scan", old)
    assert (old / "report.html").read_text() == "annotated"
    assert "report.html" not in manifest(old)


def test_a_manifest_cannot_reach_outside_its_directory(captures: Path, old: Path) -> None:
    outside = old.parent / "outside.txt"
    outside.write_text("mine")
    digest = sha256(b"mine").hexdigest()
    (old / "link").symlink_to(old.parent)
    forged = {"../outside.txt": digest, str(outside): digest, "link/outside.txt": digest}
    (old / "manifest.json").write_text(json.dumps({"files": forged}))
    judged(captures / "scan", old)
    assert outside.read_text() == "mine"


def test_rendering_again_keeps_the_manifest_true(old: Path) -> None:
    document = json.loads((old / "report.json").read_bytes())
    document["run"]["errors"] = ["noted later"]
    (old.parent / "edited.json").write_text(json.dumps(document))
    assert run(["report", str(old.parent / "edited.json"), "-o", str(old), "--quiet"]) == 0
    assert true(old)


def test_credentials_that_fail_cost_no_earlier_report(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.read_bytes() for path in old.rglob("*") if path.is_file()}
    monkeypatch.chdir(old.parent)
    assert run(["scan", "--no-progress", "--quiet", "-o", str(old)]) == 5
    assert {path: path.read_bytes() for path in old.rglob("*") if path.is_file()} == before


def test_narrowing_is_told_wherever_the_result_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = [*(option for option in WHERE if option != "--quiet"), "-o", str(tmp_path)]
    with Server() as server, pointed_at(server.environment):
        deploy("orders", "refunds")
        assert run(["scan", *where, "--function", "ord*", "--tag", "team=a,paid=yes"]) == 0
        said = capsys.readouterr().out
        assert "No functions found: none in 1 account, 1 region match --function ord* --tag " in said
        assert run(["scan", *where, "--function", "ord*"]) == 0
        assert "Only functions that match --function ord* are judged." in capsys.readouterr().out
        whole = tmp_path / "whole"
        assert run(["collect", *WHERE, "-o", str(whole)]) == 0
    narrowed = tmp_path / "narrowed"
    assert run(["evaluate", str(whole / "snapshot"), "--function", "ref*", "-o", str(narrowed)]) == 0
    assert "Only functions that match --function ref* are judged." in capsys.readouterr().out
    assert [row["name"] for row in json.loads((narrowed / "report.json").read_bytes())["functions"]] == ["refunds"]
    report = json.loads((tmp_path / "report.json").read_bytes())
    assert report["run"]["selection"] == {"profile_level": "default", "function": ["ord*"]}
    assert [row["name"] for row in report["functions"]] == ["orders"]
    again = judged(tmp_path, tmp_path / "replayed")
    assert again["run"]["selection"]["function"] == ["ord*"]


def test_a_debug_log_tells_what_was_done_and_no_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planted = "plan" + "ted-value-of-a-variable"
    with Server() as server, pointed_at(server.environment):
        deploy("orders")
        import boto3

        variables = {"Variables": {"DB_PASSWORD": planted}}
        boto3.client("lambda").update_function_configuration(FunctionName="orders", Environment=variables)
        run(["scan", *WHERE, "-o", str(tmp_path), "--log-level", "debug"])
    log = capsys.readouterr().err
    assert "INFO opened aws/123456789012: us-east-1" in log
    assert "DEBUG aws/123456789012/us-east-1 lambda:ListFunctions: 1 answers, 0 said none, 0 gaps, written to" in log
    assert "DEBUG written" in log
    assert "report.json" in log
    assert planted not in log
    assert "botocore" not in log
