"""No value judged secret, no unlisted value of eight characters or more, and no prefix of either, in any byte out.

Planted in a live (emulated) account as unique canaries; every file, stream and log of scan, collect, evaluate and
report is searched, compressed ones unpacked, with sane and with spoiled answers.
"""

import base64
import gzip
import io
import json
import os
import random
import re
import string
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from pypdf import PdfReader

from auditor.cli.demo import pointed_at
from auditor.formats import FORMATS
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from tests.unit.reports.printing import printable

_RANDOM = random.Random(20261123)
_LETTERS = string.ascii_letters + string.digits
_PREFIX = 7
"""Longer than the four characters of the law: five random letters would turn up in compressed data by chance."""


def noise(length: int, alphabet: str = _LETTERS) -> str:
    return "".join(_RANDOM.choice(alphabet) for _ in range(length))


def planted() -> dict[str, str]:
    """Name → value: credentials in many disguises, and plain values that nobody listed."""
    core = noise(24)
    return {
        "AWS_KEY": "AKIA" + noise(16, string.ascii_uppercase + "234567"),
        "AWS_SECRET_ACCESS_KEY_COPY": noise(40),
        "GITHUB_TOKEN": "ghp_" + noise(36),
        "STRIPE": "sk_" + "live_" + noise(24),
        "DATABASE_URL": f"postgres://app:{noise(14)}@db.internal:5432/orders",
        "JDBC": f"jdbc:mysql://h/db?user=u&password={noise(14)}",
        "ADO": f"Server=h;Database=d;User Id=u;Password={noise(14)};",
        "ENCODED": base64.b64encode(f"user:{noise(20)}".encode()).decode(),
        "JSON_BLOB": json.dumps({"client_secret": noise(32), "type": "x"}),
        "PEM": "-----BEGIN " + "PRIVATE KEY-----\n" + noise(64) + "\n-----END " + "PRIVATE KEY-----",
        "JWT": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIx" + noise(20) + "." + noise(43),
        "DB_PASSWORD": "Blue" + noise(6) + "!9",
        "WEBHOOK": "https://hooks.slack.com/services/T" + noise(8) + "/B" + noise(8) + "/" + core,
        "PLAIN_NOTE": "canary " + noise(18),
        "ENDPOINT": f"https://{noise(12).lower()}.example.org/{noise(12)}",
        "QUEUE_LABEL": noise(11),
        "FEATURE_LIST": ",".join(noise(9) for _ in range(4)),
        "UNICODE": "caf\u00e9-" + noise(16),
        "HOSTILE": f"</script><b>{noise(16)}</b>\x1b[31m",
        "FILE_PATH": f"/opt/{noise(12)}/{noise(12)}.txt",
        "LOG_LEVEL": noise(15),
        "AWS_REGION_COPY": noise(13),
    }


def needles(values: dict[str, str]) -> dict[str, str]:
    """What must not be found: every random run of the values, whole and cut short."""
    found = {}
    for name, value in values.items():
        runs = [run for run in re.findall(rf"[{_LETTERS}]+", value) if len(run) >= 9]
        for run in runs or [value]:
            if run in ("postgres", "eyJhbGciOiJIUzI1NiJ9", "services", "password", "internal"):
                continue
            found[run] = name
    return found


@pytest.fixture(scope="module")
def account() -> Iterator[tuple[Server, dict[str, str]]]:
    values = planted()
    with Server() as server, pointed_at(server.environment):
        iam, functions = boto3.client("iam"), boto3.client("lambda")
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam.create_role(RoleName="plain", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("app.py", "def handler(e, c): ...")
        for number, chunk in enumerate((dict(list(values.items())[:11]), dict(list(values.items())[11:]))):
            functions.create_function(
                FunctionName=f"planted-{number}",
                Runtime="python3.13",
                Role=role,
                Handler="app.handler",
                Code={"ZipFile": packed.getvalue()},
                Environment={"Variables": chunk},
                # the same credential where nobody would look for one
                Description=f"uses {values['GITHUB_TOKEN']} and {values['DATABASE_URL']}",
                Tags={"owner": values["STRIPE"]},
            )
        yield server, values


def auditor(*arguments: str, out: Path) -> bytes:
    environment = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-m", "auditor", *arguments], env=environment, cwd=out, capture_output=True, check=False
    )
    assert done.returncode in (0, 5), done.stderr.decode()
    return done.stdout + done.stderr


def everything(out: Path) -> bytes:
    parts = []
    for path in sorted(out.rglob("*")):
        if path.is_file():
            parts.append(str(path).encode())
            raw = path.read_bytes()
            parts.append(raw)
            if path.suffix == ".gz":
                parts.append(gzip.decompress(raw))
            if path.suffix == ".pdf":
                parts += [page.extract_text().encode("utf-8", "replace") for page in PdfReader(path).pages]
            if path.suffix == ".html":
                parts += [_unpacked(match) for match in re.findall(rb"[A-Za-z0-9+/=]{200,}", raw)]
    return b"\n".join(parts)


def _unpacked(text: bytes) -> bytes:
    try:
        return gzip.decompress(base64.b64decode(text))
    except (ValueError, OSError, EOFError):
        return b""


def search(haystack: bytes, values: dict[str, str]) -> list[str]:
    text = haystack.decode("utf-8", "replace")
    guilty = []
    for needle, name in needles(values).items():
        forms = (needle, needle[:_PREFIX], base64.b64encode(needle.encode()).decode().rstrip("="))
        guilty += [f"{name}: {form!r}" for form in forms if form in text]
    return guilty


FAULTS = [
    pytest.param((), id="sane"),
    pytest.param((Fault(Spoil.MALFORMED, operation="GetFunction"),), id="malformed"),
    pytest.param((Fault(Spoil.TRUNCATED, operation="ListFunctions"),), id="truncated"),
    pytest.param((Fault(Spoil.DENY, operation="GetPolicy"), Fault(Spoil.SERVER_ERROR, service="logs")), id="refused"),
]


@pytest.mark.parametrize("faults", FAULTS)
def test_nothing_planted_comes_out(
    account: tuple[Server, dict[str, str]], faults: tuple[Fault, ...], tmp_path: Path
) -> None:
    server, values = account
    server.faults.clear()
    for fault in faults:
        server.faults.add(fault)
    with pointed_at(server.environment):
        said = auditor(
            "scan", "--provider", "aws", "--region", "us-east-1", "--depth", "full", "--profile-level", "strict",
            "-o", "out", "--log-level", "debug", out=tmp_path,
        )  # fmt: skip
    said += auditor("evaluate", "out/snapshot", "-o", "again", "--profile-level", "strict", out=tmp_path)
    names = [name for name in FORMATS if name != "pdf" or printable()]
    said += auditor(
        "report", "out/report.json", "-M", ",".join(names), "-o", "third", "--framework", "aws-fsbp", out=tmp_path
    )
    assert all((tmp_path / "third" / FORMATS[name].filename).stat().st_size for name in names)
    server.faults.clear()
    assert search(said, values) == []
    assert search(everything(tmp_path), values) == []
    if not faults:
        report = json.loads((tmp_path / "out" / "report.json").read_bytes())
        verdicts = {v["name"]: v["secret_verdict"] for row in report["functions"] for v in row["environment"]}
        missed = {name for name in list(values)[:13] if verdicts[name] != "secret"}
        assert missed == set()
