"""The three uses from end to end: a job over three nights of a changing account, an ad-hoc scan, a compliance export."""

import csv
import hashlib
import hmac
import io
import json
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pypdf import PdfReader

from auditor.cli.main import run
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from tests.unit.lifecycle.test_notification import Receiver, receiving
from tests.unit.providers.aws.collector.organization import HOME, HUB, client, deploy

KEY = "a key of both sides"
FRAMEWORK = "soc2-tsc-2017"
SIGNER = """import hashlib, pathlib, sys
manifest, signature = map(pathlib.Path, sys.argv[1:])
signature.write_text(hashlib.sha256(manifest.read_bytes()).hexdigest())
"""


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
    with Server() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        deploy(server, HUB, "orders", "reports")
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        allowed = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
        iam = client(server, "iam")
        iam.update_assume_role_policy(RoleName="worker", PolicyDocument=document(trust))
        iam.put_role_policy(RoleName="worker", PolicyName="secrets", PolicyDocument=document(allowed))
        yield server


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def opened(server: Server, name: str) -> None:
    """Gives a function a URL that asks nobody who they are."""
    functions = client(server, "lambda")
    functions.create_function_url_config(FunctionName=name, AuthType="NONE")
    everyone = {"FunctionName": name, "Principal": "*"}
    url = {"StatementId": "url", "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
    functions.add_permission(**everyone, **url)
    functions.add_permission(**everyone, StatementId="via", Action="lambda:InvokeFunction", InvokedViaFunctionUrl=True)


def open_urls(marks: list[str], report: dict[str, Any]) -> set[str]:
    """The functions whose open URL is among the findings with these fingerprints."""
    found = {row["fingerprint"]: row for row in (*report["findings"], *report.get("closed", ()))}
    return {found[mark]["function_name"] for mark in marks if found[mark]["check_id"] == "url-auth-none"}


def metric(path: Path, name: str, **labels: str) -> float:
    (value,) = {
        sample.value
        for family in text_string_to_metric_families(path.read_text("utf-8"))
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    }
    return value


class Job:
    """The job of docs/nightly.md."""

    def __init__(self, root: Path, hook: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.hook = root, hook
        self.waivers, self.metrics = root / "waivers.toml", root / "auditor.prom"
        monkeypatch.setenv("AUDITOR_NOTIFY_SECRET", KEY)

    def night(self, number: int) -> tuple[int, dict[str, Any], list[dict[str, Any]]]:
        """Exit code, report, and what the webhook was told."""
        self.hook.got.clear()
        options = {
            "--output-dir": self.root / f"night-{number}",
            "--history": self.root / "history.sqlite",
            "--metrics-file": self.metrics,
            "--notify": self.hook.url,
            "--fail-on": "new:high",
        }
        if self.waivers.exists():
            options["--waivers"] = self.waivers
        told = [str(word) for pair in options.items() for word in pair]
        code = run(
            ["scan", "--provider", "aws", "-f", HOME, "-M", "json", "--full", "--quiet", "--fail-on-incomplete", *told]
        )
        report = json.loads((self.root / f"night-{number}" / "report.json").read_text("utf-8"))
        return code, report, [self._heard(headers, body) for headers, body in self.hook.got]

    @staticmethod
    def _heard(headers: dict[str, str], body: bytes) -> dict[str, Any]:
        signed = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
        assert headers["X-Auditor-Signature"] == f"sha256={signed}"
        heard: dict[str, Any] = json.loads(body)
        return heard


def test_a_job_over_three_nights(
    account: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    today = datetime.now(UTC).date()
    opened(account, "orders")
    with receiving() as hook:
        job = Job(tmp_path, hook, monkeypatch)

        code, first, heard = job.night(1)
        assert code == 3
        assert open_urls(first["new"], first) == {"orders"}
        assert [row["function_name"] for row in heard[0]["new"] if row["check_id"] == "url-auth-none"] == ["orders"]
        assert metric(job.metrics, "auditor_last_success_timestamp_seconds") > 0

        (mark,) = (row["fingerprint"] for row in first["findings"] if row["check_id"] == "url-auth-none")
        reason, last = ["--reason", "verified by the code"], (today + timedelta(days=1)).isoformat()
        into = ["--expires", last, "--waivers", str(job.waivers)]
        assert run(["waive", mark, str(tmp_path / "night-1"), *reason, *into]) == 0
        opened(account, "reports")
        client(account, "lambda").delete_function_url_config(FunctionName="orders")
        for statement in ("url", "via"):
            client(account, "lambda").remove_permission(FunctionName="orders", StatementId=statement)
        account.faults.add(Fault(Spoil.DENY, operation="GetPolicy"))
        account.faults.add(Fault(Spoil.DENY, operation="ListFunctionUrlConfigs"))
        code, second, heard = job.night(2)
        assert second["run"]["complete"] is False
        assert second["resolved"] == []
        assert mark in second["not_examined_again"]
        assert not open_urls(second["new"], second)
        assert code == 4
        assert [(message["events"], message["new"]) for message in heard] == [(["incomplete"], [])]
        assert metric(job.metrics, "auditor_gaps", reason="DENIED") > 0
        account.faults.clear()

        code, third, heard = job.night(3)
        assert code == 3
        assert open_urls(third["new"], third) == {"reports"}
        assert mark in third["resolved"]
        assert {row["function_name"] for row in heard[0]["new"]} == {"reports"}
    capsys.readouterr()
    assert run(["diff", str(tmp_path / "night-1"), str(tmp_path / "night-3"), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert mark in [row["fingerprint"] for row in told["resolved"]]
    assert [row["fingerprint"] for row in told["new"]] == third["new"]


def test_a_waiver_of_the_job_ends_with_its_last_day(
    account: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = datetime.now(UTC).date()
    opened(account, "orders")
    with receiving() as hook:
        job = Job(tmp_path, hook, monkeypatch)
        _, first, _ = job.night(1)
        grave = [row["fingerprint"] for row in first["findings"] if row["severity"] in ("critical", "high")]
        for last, waived in ((today, True), (today - timedelta(days=1), False)):
            job.waivers.write_text("".join(entry(mark, last) for mark in grave), "utf-8")
            _, report, _ = job.night(2)
            rows = [row for row in report["findings"] if row["fingerprint"] in grave]
            assert [bool(row["waived"]) for row in rows] == [waived] * len(grave)
            assert {row["status"] for row in rows} == {"FAIL"}


def entry(mark: str, last: date) -> str:
    return f'[[waivers]]\nfingerprint = "{mark}"\nreason = "moves in May"\nexpires = {last.isoformat()}\n'


def test_an_ad_hoc_scan_of_one_function_says_what_to_change(
    account: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(account, "orders")
    out = tmp_path / "out"
    told = ["scan", "--provider", "aws", "-f", HOME, "--function", "orders", "--no-color", "-o", str(out)]
    assert run([*told, "--fail-on", "high"]) == 3
    shown = capsys.readouterr()
    assert "gate failed" in shown.err
    assert "orders" in shown.out
    assert run(["plan", str(out), "--top", "1"]) == 0
    assert "orders" in capsys.readouterr().out
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert [function["name"] for function in report["functions"]] == ["orders"]
    (finding,) = (row for row in report["findings"] if row["check_id"] == "url-auth-none")
    assert run(["explain", finding["fingerprint"], str(out)]) == 0
    assert "orders" in capsys.readouterr().out


def test_a_compliance_export_is_signed_checked_and_says_the_same_in_every_format(
    azure_scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "export"
    signer = tmp_path / "sign.py"
    signer.write_text(SIGNER, "utf-8")
    sign = f"{sys.executable} {signer} {{manifest}} {{signature}}"
    formats = "json,html,csv,oscal,pdf"
    if shutil.which("chromium") is None:
        pytest.importorskip("weasyprint")
    options = ["--framework", FRAMEWORK, "-M", formats, "-o", str(out), "--sign-command", sign, "--quiet"]
    assert run(["evaluate", str(azure_scanned), *options]) == 0
    capsys.readouterr()
    assert run(["verify", str(out)]) == 0

    report = json.loads((out / "report.json").read_text("utf-8"))
    (assessed,) = report["frameworks"]
    status = {control["id"]: control["status"] for control in assessed["controls"]}
    assert {"failed", "not-assessed"} <= set(status.values())
    asked = {check["id"] for check in report["checks"]}
    assert {row["check_id"] for row in report["findings"]} <= asked

    rows = list(csv.DictReader(io.StringIO((out / "findings.csv").read_text("utf-8-sig"))))
    assert {row["fingerprint"] for row in rows} == {row["fingerprint"] for row in report["findings"]}
    controls = csv.DictReader(io.StringIO((out / "controls.csv").read_text("utf-8"), newline=""))
    assert {row["control"]: row["status"] for row in controls} == status
    text = " ".join(page.extract_text() for page in PdfReader(out / "report.pdf").pages)
    missing = [control for control in status if control not in text]
    assert missing == []
    assert "Not assessed" in text
    oscal = json.loads((out / "assessment-results.oscal.json").read_text("utf-8"))
    said = json.dumps(oscal)
    failed = [control for control, value in status.items() if value == "failed"]
    assert [control for control in failed if control.lower() not in said.lower()] == []

    (out / "findings.csv").write_bytes((out / "findings.csv").read_bytes() + b"x")
    assert run(["verify", str(out)]) != 0
    assert "findings.csv" in capsys.readouterr().out
