"""Functions whose packages pass events on: fetched, followed, and judged by who can send the event; and replayed."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from moto_fixtures.aws.server import Server

WHERE = ("--provider", "aws", "--region", "us-east-1", "--quiet", "--no-progress")
BUCKET = "deployments"
PASSWORD = "Tq7" + "-vXw9" + "zLk2" + "Pm4s"
MARK = "a line that no snapshot and no report may hold"
SOURCES = {
    "injected.py": f"""\
import os
# {MARK}
def handler(event, context):
    name = event["queryStringParameters"]["file"]
    return os.system("convert " + name)
""",
    "escaped.py": """\
import os, shlex
def handler(event, context):
    name = event["queryStringParameters"]["file"]
    return os.system("convert " + shlex.quote(name))
""",
    "credential.py": f"""\
DB_PASSWORD = "{PASSWORD}"
def handler(event, context):
    return {{"statusCode": 200}}
""",
    "reading.py": """\
import boto3
def handler(event, context):
    return boto3.client("s3").get_object(Bucket="reports", Key="today")["ContentLength"]
""",
    "broken.py": "def handler(event, context:\n",
    "index.js": """\
const { exec } = require("child_process");
exports.handler = async (event) => exec("convert " + event.queryStringParameters.file);
""",
}
FUNCTIONS = {
    "public": ("injected.py", "python3.13", "injected.handler", True),
    "private": ("injected.py", "python3.13", "injected.handler", False),
    "scripted": ("index.js", "nodejs22.x", "index.handler", True),
    "escaped": ("escaped.py", "python3.13", "escaped.handler", True),
    "credential": ("credential.py", "python3.13", "credential.handler", True),
    "reading": ("reading.py", "python3.13", "reading.handler", True),
    "broken": ("broken.py", "python3.13", "broken.handler", True),
    "misnamed": ("escaped.py", "python3.13", "elsewhere.handler", True),
    "compiled": ("escaped.py", "java21", "com.example.App::handle", True),
    "damaged": ("", "python3.13", "app.handler", True),
}
"""The file in the package ("": no archive), the runtime, the handler, and whether everybody may call its URL."""


def package(file: str) -> bytes:
    if not file:
        return b"this is no archive"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(file), SOURCES[file])
    return out.getvalue()


def deploy() -> None:
    import boto3

    iam, functions, store = boto3.client("iam"), boto3.client("lambda"), boto3.client("s3")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="runs", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    reader = iam.create_role(RoleName="reads", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    wide = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:DeleteObject"], "Resource": "*"}
    allowed = json.dumps({"Version": "2012-10-17", "Statement": [wide]})
    iam.put_role_policy(RoleName="reads", PolicyName="objects", PolicyDocument=allowed)
    store.create_bucket(Bucket=BUCKET)
    for name, (file, runtime, handler, public) in FUNCTIONS.items():
        runs_as = reader if name == "reading" else role
        store.put_object(Bucket=BUCKET, Key=name, Body=package(file))
        code = {"S3Bucket": BUCKET, "S3Key": name}
        functions.create_function(FunctionName=name, Runtime=runtime, Role=runs_as, Handler=handler, Code=code)
        if public:
            functions.create_function_url_config(FunctionName=name, AuthType="NONE")
            everybody = {"FunctionName": name, "Principal": "*"}
            url = {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
            functions.add_permission(StatementId="url", **url, **everybody)
            via = {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}
            functions.add_permission(StatementId="function", **via, **everybody)


class Scanned(NamedTuple):
    root: Path
    report: dict[str, Any]

    def verdicts(self, check: str) -> dict[str, str]:
        names = {row["id"]: row["name"] for row in self.report["functions"]}
        return {name: self.report["verdicts"][identity][check] for identity, name in names.items()}

    def found(self, check: str) -> dict[str, dict[str, Any]]:
        names = {row["id"]: row["name"] for row in self.report["functions"]}
        rows = (row for row in self.report["findings"] if row["check_id"] == check)
        return {names[row["subject_id"]]: row for row in rows}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    out = tmp_path_factory.mktemp("injected") / "out"
    with Server() as server, pointed_at(server.environment):
        deploy()
        assert run(["scan", *WHERE, "--with-code", "--fail-on", "none", "-o", str(out)]) in (0, 3)
    return Scanned(out, json.loads((out / "report.json").read_bytes()))


def test_verdicts(scanned: Scanned) -> None:
    assert scanned.verdicts("command-injection") == {
        "public": "FAIL",
        "private": "FAIL",
        "scripted": "FAIL",
        "escaped": "PASS",
        "credential": "PASS",
        "reading": "PASS",
        "broken": "UNKNOWN",
        "misnamed": "UNKNOWN",
        "compiled": "NOT_EXAMINED",
        "damaged": "UNKNOWN",
    }
    assert scanned.verdicts("secret-in-code") == {
        **dict.fromkeys(FUNCTIONS, "PASS"),
        "credential": "FAIL",
        "damaged": "UNKNOWN",
    }
    assert set(scanned.verdicts("sql-injection").values()) == {"PASS", "UNKNOWN", "NOT_EXAMINED"}


def test_severity_is_that_of_who_can_send_the_event(scanned: Scanned) -> None:
    found = scanned.found("command-injection")
    assert {name: row["severity"] for name, row in found.items()} == {
        "public": "critical",
        "scripted": "critical",
        "private": "informational",
    }
    said = found["public"]["message"]
    assert said.startswith("Function public passes event.queryStringParameters.file to os.system in injected.py:5: ")
    assert "anyone can send it: https://" in said
    assert "injected.py:5 reaches os.system" in found["public"]["evidence"][0]["detail"]
    assert "subprocess.run(" in found["public"]["remediation"]["text"]


def test_what_the_code_never_calls_is_told_of_a_role_whose_calls_are_all_known(scanned: Scanned) -> None:
    assert scanned.verdicts("role-actions-uncalled") == {
        **dict.fromkeys(FUNCTIONS, "UNKNOWN"),  # they share a role with functions whose calls are not known
        "compiled": "NOT_EXAMINED",
        "reading": "FAIL",
    }
    found = scanned.found("role-actions-uncalled")["reading"]
    assert found["message"] == "Role reads allows s3:DeleteObject through policy objects, which no code of its functions calls"  # fmt: skip
    assert '"Action":["s3:GetObject"]' in found["remediation"]["command"]


def test_neither_code_nor_credential_nor_address_is_kept(scanned: Scanned) -> None:
    files = [path for path in scanned.root.rglob("*") if path.is_file()]
    held = {
        secret for path in files for secret in (MARK, PASSWORD, "X-Amz-Signature=") if secret.encode() in _bytes(path)
    }
    assert files
    assert held == set()


def _bytes(path: Path) -> bytes:
    import gzip

    content = path.read_bytes()
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def test_a_replay_without_the_packages_says_the_same(scanned: Scanned, tmp_path: Path) -> None:
    assert run(["evaluate", str(scanned.root), "--quiet", "-M", "json", "--fail-on", "none", "-o", str(tmp_path)]) in (
        0,
        3,
    )
    replayed = json.loads((tmp_path / "report.json").read_bytes())
    assert replayed["verdicts"] == scanned.report["verdicts"]
    assert replayed["findings"] == scanned.report["findings"]
