"""Gates, selection, replay and interruption, through the command line."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from auditor.compliance.catalogue import frameworks
from moto_fixtures.aws.server import Server
from tests.scenario.pausing import PATIENCE, Paused, started, timer_that_waits_for

BLOCKER = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("boto3", "botocore", "azure", "google", "grpc", "moto"):
            raise ImportError("blocked: " + name)
sys.meta_path.insert(0, Blocked())
from auditor.cli.main import run
from auditor.compliance.catalogue import frameworks
sys.exit(run(sys.argv[1:]))
"""


def judged(snapshot: Path, out: Path, *options: str) -> tuple[int, dict[str, Any]]:
    code = run(["evaluate", str(snapshot), "-o", str(out), "--quiet", "-M", "json", *options])
    return code, json.loads((out / "report.json").read_bytes())


def test_a_replay_agrees_to_the_byte_and_needs_no_sdk(scanned: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", BLOCKER, "evaluate", str(scanned), "-o", str(tmp_path), "--quiet"]
    done = subprocess.run([*command, "--profile-level", "strict"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name in ("report.json", "report.html"):
        assert (tmp_path / name).read_bytes() == (scanned / name).read_bytes(), name


def test_a_finished_report_renders_to_the_same_page(scanned: Path, tmp_path: Path) -> None:
    assert run(["report", str(scanned / "report.json"), "-M", "html", "-o", str(tmp_path), "--quiet"]) == 0
    assert (tmp_path / "report.html").read_bytes() == (scanned / "report.html").read_bytes()


@pytest.mark.parametrize(
    ("options", "code", "passed"),
    [
        ((), 0, True),
        (("--fail-on", "critical"), 3, False),
        (("--fail-on", "critical", "--check", "timeout-max"), 0, True),
        (("--fail-on-incomplete",), 4, True),
        (("--fail-on-incomplete", "--fail-on", "high"), 3, False),
    ],
)
def test_gates(azure_scanned: Path, tmp_path: Path, options: tuple[str, ...], code: int, passed: bool) -> None:
    exit_code, report = judged(azure_scanned, tmp_path, *options)
    assert (exit_code, report["run"]["exit_code"], report["run"]["gate"]["passed"]) == (code, code, passed)
    if "--check" not in options:
        assert report["run"]["complete"] is False


def test_s9_a_gate_that_fails_says_so_in_one_line(
    azure_scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = judged(azure_scanned, tmp_path, "--fail-on", "high")
    said = capsys.readouterr()
    found = report["totals"]["by_severity"]
    counts = f"{found['critical']} critical, {found['high']} high"
    assert (code, said.out) == (3, "")
    assert said.err == f"auditor: gate failed: {counts} at or above --fail-on high (exit 3)\n"


def test_s9_only_severities_that_occur_are_counted(
    azure_scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = judged(azure_scanned, tmp_path, "--fail-on", "medium", "--check", "url-auth-none")
    found = report["totals"]["by_severity"]
    counts = ", ".join(f"{found[name]} {name}" for name in ("critical", "high", "medium") if found[name])
    assert 0 in found.values()
    assert capsys.readouterr().err == f"auditor: gate failed: {counts} at or above --fail-on medium (exit 3)\n"


def test_s9_an_incomplete_run_says_so_in_one_line(
    azure_scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = judged(azure_scanned, tmp_path, "--fail-on-incomplete")
    total, reached = report["coverage"]["verdicts_total"], report["coverage"]["verdicts_reached"]
    complained = capsys.readouterr().err
    assert code == 4
    assert complained.startswith(f"auditor: incomplete: {total - reached} of {total} verdicts not reached, ")
    assert complained.endswith(", and --fail-on-incomplete (exit 4)\n")
    assert complained.count("\n") == 1


def test_s9_of_two_gates_both_speak_and_the_findings_decide(
    azure_scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = judged(azure_scanned, tmp_path, "--fail-on-incomplete", "--fail-on", "critical")
    first, second = capsys.readouterr().err.splitlines()
    assert code == 3
    assert first.startswith("auditor: incomplete: ")
    assert second.startswith("auditor: gate failed: ")
    assert first.endswith("(exit 3)")
    assert second.endswith("(exit 3)")


def test_selection_narrows_what_is_asked(scanned: Path, tmp_path: Path) -> None:
    _, one = judged(scanned, tmp_path, "--check", "url-*", "--exclude-check", "url-cors-*", "--severity", "critical")
    assert [check["id"] for check in one["checks"]] == ["url-auth-none"]
    _, other = judged(scanned, tmp_path, "--risk", "denial-of-wallet", "--profile-level", "strict")
    assert {check["risk"] for check in other["checks"]} == {"denial-of-wallet"}
    assert "concurrency-unreserved" in {check["id"] for check in other["checks"]}


def test_a_framework_is_judged_control_by_control(scanned: Path, tmp_path: Path) -> None:
    _, document = judged(scanned, tmp_path, "--framework", "aws-fsbp")
    (framework,) = document["frameworks"]
    controls = {row["id"]: row for row in framework["controls"]}
    failing = {row["fingerprint"] for row in document["findings"] if row["check_id"] == "runtime-deprecated"}
    assert controls["Lambda.2"]["status"] == "failed"
    assert set(controls["Lambda.2"]["findings"]) < failing  # those of the other clouds are no evidence
    assert "only with --profile-level strict" in controls["ECR.3"]["reason"]
    assert {controls[each]["status"] for each in ("ECR.3", "SQS.1", "IAM.21")} == {"not-assessed"}
    assert "satisfied" not in {row["status"] for row in controls.values() if not row["clouds"]}
    assert {check["id"] for check in document["checks"]} <= frameworks()["aws-fsbp"].checks


def test_opinions_never_lower_the_default_score(azure_scanned: Path, tmp_path: Path) -> None:
    _, default = judged(azure_scanned, tmp_path)
    assert {check["profile_level"] for check in default["checks"]} == {"default"}


def test_what_a_depth_leaves_out_is_not_examined(tmp_path: Path) -> None:
    with Server() as server, pointed_at(server.environment):
        _deploy(2)
        options = [
            "scan",
            "--provider",
            "aws",
            "--region",
            "us-east-1",
            "--quiet",
            "--no-progress",
            "-o",
            str(tmp_path),
        ]
        assert run([*options, "--depth", "quick"]) == 0
        quick = json.loads((tmp_path / "report.json").read_bytes())
        assert run([*options, "--depth", "standard", "--function", "*-1"]) == 0
        standard = json.loads((tmp_path / "report.json").read_bytes())
    for row in quick["functions"]:
        assert quick["verdicts"][row["id"]]["policy-public"] == "NOT_EXAMINED"
        assert row["invoke_reach"]["proved_for"] == []
    (only,) = standard["functions"]
    assert only["name"] == "made-up-1"
    assert standard["verdicts"][only["id"]]["policy-public"] == "PASS"
    assert only["invoke_reach"]["proved_for"] == ["$LATEST"]
    assert standard["verdicts"][only["id"]]["recursion-allowed"] == "NOT_EXAMINED"


def _deploy(count: int) -> None:
    import boto3

    iam, functions = boto3.client("iam"), boto3.client("lambda")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="plain", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    for number in range(count):
        functions.create_function(
            FunctionName=f"made-up-{number}", Runtime="python3.14", Role=role, Handler="a.b", Code={"ZipFile": b"x"}
        )


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_writes_what_was_collected(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with Server() as server, pointed_at(server.environment):
        _deploy(40)
        paused = Paused.at(server, "GetPolicy")
        where = ["--provider", "aws", "--region", "us-east-1", "--quiet", "-o", str(tmp_path / "out")]
        process = started("scan", *where)
        assert paused.reached.wait(PATIENCE)
        process.send_signal(number)
        process.communicate(timeout=PATIENCE)
        paused.let_go.set()
    assert process.returncode == code
    report = json.loads((tmp_path / "out" / "report.json").read_bytes())
    assert {row["name"] for row in report["functions"]} == {f"made-up-{n}" for n in range(40)}
    assert "INTERRUPTED" in {gap["reason"] for gap in report["coverage"]["gaps"]}
    assert report["run"]["complete"] is False


def test_a_timeout_bounds_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server() as server, pointed_at(server.environment):
        _deploy(3)
        paused = Paused.at(server, "GetPolicy")
        monkeypatch.setattr("auditor.cli.signals.Timer", timer_that_waits_for(paused.reached))
        options = ["--quiet", "--no-progress", "--timeout", "1", "--fail-on-incomplete", "-o", str(tmp_path / "out")]
        assert run(["scan", "--provider", "aws", "--region", "us-east-1", *options]) == 4
        assert not paused.let_go.is_set()  # it ended while the call still hung
        paused.let_go.set()
    report = json.loads((tmp_path / "out" / "report.json").read_bytes())
    assert "INTERRUPTED" in {gap["reason"] for gap in report["coverage"]["gaps"]}


def test_no_functions_is_0_with_a_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Server() as server, pointed_at(server.environment):
        code = run(["scan", "--provider", "aws", "--region", "us-east-1", "--no-progress", "-o", str(tmp_path)])
    assert code == 0
    assert "No functions found" in capsys.readouterr().out
    report = json.loads((tmp_path / "report.json").read_bytes())
    assert report["score"]["grade"] == "n/a"


def test_the_summary_is_inert(scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["evaluate", str(scanned), "-o", str(tmp_path), "-M", "json", "--profile-level", "strict"])
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert (tmp_path / "report.json").read_bytes().isascii()
