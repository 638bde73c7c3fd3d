"""Nobody there, no such region, no such profile, nothing deployed: one plain sentence and the promised exit code."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from tests.scenario.failures.account import HOME, Auditor, Scan, document, package, role

EU = "eu-west-1"
CHINA = "cn-north-1"


@pytest.fixture(scope="module")
def two() -> Iterator[Server]:
    """One function in each of two regions."""
    with Server() as server:
        with pointed_at(server.environment):
            runs_as = role("plain")
            for region, name in ((HOME, "near"), (EU, "far")):
                boto3.client("lambda", region_name=region).create_function(
                    FunctionName=name, Role=runs_as, Runtime="python3.13", Handler="a.b", Code={"ZipFile": package()}
                )
        yield server


@pytest.fixture(scope="module")
def auditor(two: Server, tmp_path_factory: pytest.TempPathFactory) -> Auditor:
    return Auditor(two, tmp_path_factory.mktemp("out"))


def both(auditor: Auditor, *arguments: str, faults: tuple[Fault, ...]) -> Scan:
    out = auditor.out()
    with auditor.spoiled(*faults):
        code = run(
            ["scan", "--provider", "aws", "--region", f"{HOME},{EU}", "-o", str(out), "--quiet", "-M", "json", *arguments]
        )  # fmt: skip
    return Scan(code, out)


def places(scan: Scan, reason: str) -> set[str]:
    return {
        gap["location"] for gap in scan.report["coverage"]["gaps"] if gap["reason"] == reason and gap["location"] != ""
    }


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [(Spoil.DROP_CONNECTION, "UNREACHABLE"), (Spoil.DENY, "DENIED"), (Spoil.MALFORMED, "MALFORMED")],
)
def test_one_region_that_cannot_be_read_is_a_gap_of_that_region(auditor: Auditor, spoil: Spoil, reason: str) -> None:
    scan = both(auditor, faults=(Fault(spoil, region=EU),))
    assert scan.code == 0
    assert [row["name"] for row in scan.report["functions"]] == ["near"]
    assert {gap["location"] for gap in scan.report["coverage"]["gaps"] if gap["reason"] != "NOT_AT_DEPTH"} == {EU}
    assert places(scan, reason) == {EU}
    (scope,) = scan.report["scopes"]
    assert (scope["status"], scope["locations"]) == ("partial", [EU, HOME])
    near = {check: status for (name, check), status in scan.verdicts().items() if name == "near"}
    assert near["policy-public"] == "PASS"
    # a function of the region that was not read may run as the same role
    assert {check for check, status in near.items() if status == "UNKNOWN"} == {"role-shared"}
    far = {status for (name, _), status in scan.verdicts().items() if name.endswith(EU)}
    assert far == {"UNKNOWN"}
    assert not scan.report["run"]["complete"]


def test_every_region_denied_is_5_and_still_a_report(auditor: Auditor) -> None:
    scan = both(auditor, faults=(Fault(Spoil.DENY, service="lambda"),))
    assert scan.code == 5
    assert scan.report["run"]["exit_code"] == 5
    assert scan.report["scopes"][0]["status"] == "unreadable"
    assert places(scan, "DENIED") == {HOME, EU}
    assert (scan.out / "snapshot").is_dir()
    assert (scan.out / "manifest.json").is_file()


def test_every_region_denied_says_so(auditor: Auditor, capsys: pytest.CaptureFixture[str]) -> None:
    with auditor.spoiled(Fault(Spoil.DENY, service="lambda")):
        assert run([*auditor.command(auditor.out()), "-M", "json"]) == 5
    said = capsys.readouterr().out
    assert "Functions could not be listed" in said
    assert "lambda:ListFunctions" in said
    assert "Score" not in said


def test_no_functions_is_0_with_a_clear_line(auditor: Auditor, capsys: pytest.CaptureFixture[str]) -> None:
    out = auditor.out()
    with auditor.spoiled():
        assert run(["scan", "--provider", "aws", "--region", "us-west-2", "-o", str(out), "--no-progress"]) == 0
    assert "No functions found in 1 account, 1 region." in capsys.readouterr().out
    report = Scan(0, out).report
    assert report["score"] == {"low": None, "high": None, "grade": "n/a", "grade_high": "n/a", "drivers": []}
    assert report["run"]["complete"]
    assert "PASS" not in Scan(0, out).verdicts().values()


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code and the only sentence."""
    code = run(list(arguments))
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "Traceback" not in streams.err
    assert len(streams.err.strip().splitlines()) == 1, streams.err
    return code, streams.err


def test_a_region_that_does_not_exist(auditor: Auditor, capsys: pytest.CaptureFixture[str]) -> None:
    with auditor.spoiled():
        code, said = refused(capsys, "scan", "--provider", "aws", "--region", "us-esat-1", "-o", str(auditor.out()))
    assert code == 2
    assert "us-esat-1" in said
    assert "us-east-1" in said


def test_a_region_of_another_partition(auditor: Auditor, capsys: pytest.CaptureFixture[str]) -> None:
    with auditor.spoiled():
        code, said = refused(
            capsys, "scan", "--provider", "aws", "--region", f"{HOME},{CHINA}", "-o", str(auditor.out())
        )
    assert code == 2
    assert CHINA in said
    assert "partition 'aws'" in said


def test_a_profile_that_does_not_exist(auditor: Auditor, capsys: pytest.CaptureFixture[str]) -> None:
    for provider in (("--provider", "aws"), ()):
        with auditor.spoiled():
            code, said = refused(capsys, "scan", *provider, "--profile", "staging", "-o", str(auditor.out()))
        assert code == 2
        assert "'staging'" in said


def test_no_credentials(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pointed_at({"HOME": str(tmp_path)}):
        os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
        code, said = refused(capsys, "scan", "--provider", "aws", "--region", HOME, "-o", str(tmp_path / "out"))
    assert code == 5
    assert "aws configure" in said


def test_nobody_at_the_endpoint(tmp_path: Path, auditor: Auditor, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{port.getsockname()[1]}"
        with pointed_at({**auditor.server.environment, "AWS_ENDPOINT_URL": dead}):
            code, said = refused(capsys, "scan", "--provider", "aws", "--region", HOME, "-o", str(tmp_path / "out"))
    assert code == 5
    assert f"AWS cannot be reached at {dead} (Connection refused): that address comes from AWS_ENDPOINT_URL" in said


def test_credentials_that_have_expired(auditor: Auditor, capsys: pytest.CaptureFixture[str]) -> None:
    with auditor.spoiled(Fault(Spoil.EXPIRED_TOKEN)):
        code, said = refused(capsys, *auditor.command(auditor.out()))
    assert code == 5
    assert "expired" in said
    assert "sign in again" in said


def test_another_partition_keeps_its_own_names(auditor: Auditor) -> None:
    with auditor.spoiled():
        iam, functions = boto3.client("iam", region_name=CHINA), boto3.client("lambda", region_name=CHINA)
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        made = iam.create_role(RoleName="beijing", AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
        functions.create_function(
            FunctionName="jing", Role=made, Runtime="python3.13", Handler="a.b", Code={"ZipFile": package()}
        )
        functions.add_permission(FunctionName="jing", StatementId="all", Principal="*", Action="lambda:InvokeFunction")
        out = auditor.out()
        code = run(["scan", "--provider", "aws", "--region", CHINA, "-o", str(out), "--quiet", "-M", "json"])
    scan = Scan(code, out)
    assert code == 0
    (row,) = scan.report["functions"]
    assert row["id"].startswith(f"arn:aws-cn:lambda:{CHINA}:")
    assert row["identity"]["id"].startswith("arn:aws-cn:iam::")
    assert scan.status("jing", "policy-public") == "FAIL"
    assert scan.status("jing", "role-missing") == "PASS"
    assert scan.gaps() == {}
