"""A small account in us-east-1 whose every part is there to be withheld, and the command line run against it."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server

HOME = "us-east-1"
NAMES = ("orders", "mailer", "vault", "loner")
_ROOT = Path(__file__).resolve().parents[3]


def package() -> bytes:
    """A deployment package."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "def handler(e, c): ...")
    return packed.getvalue()


def document(*statements: Mapping[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def role(name: str, *statements: Mapping[str, Any]) -> str:
    """A role Lambda may assume; returns its ARN."""
    iam = boto3.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
    return arn


def deploy() -> None:
    """Four functions.

    ``orders`` is open to the world (URL and policy), runs as an administrator, reads a queue, has an alias;
    ``mailer`` lets any topic invoke it and sends failures to a queue that is there, from inside a VPC;
    ``vault`` keeps its variables under a customer key; ``loner`` has nothing but code signing.
    """
    functions, kms = boto3.client("lambda"), boto3.client("kms")
    queues, logs, ec2 = boto3.client("sqs"), boto3.client("logs"), boto3.client("ec2")
    write_logs = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
    admin = role("orders-role", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    plain = {name: role(f"{name}-role", write_logs) for name in NAMES[1:]}
    key = kms.create_key(Description="variables")["KeyMetadata"]["Arn"]
    made = {name: queues.create_queue(QueueName=name)["QueueUrl"] for name in ("work", "failed")}
    queue = {
        name: queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        for name, url in made.items()
    }
    common = {"Runtime": "python3.13", "Handler": "app.handler", "Code": {"ZipFile": package()}}
    functions.create_function(FunctionName="orders", Role=admin, Publish=True, Tags={"team": "shop"}, **common)
    functions.create_alias(FunctionName="orders", Name="live", FunctionVersion="1")
    functions.create_function_url_config(FunctionName="orders", AuthType="NONE")
    grant = {"FunctionName": "orders", "StatementId": "world", "Principal": "*"}
    functions.add_permission(Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE", **grant)
    functions.add_permission(Action="lambda:InvokeFunction", Qualifier="live", **grant)
    functions.create_event_source_mapping(FunctionName="orders", EventSourceArn=queue["work"], BatchSize=1)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="mailer", Description="mailer", VpcId=vpc)["GroupId"]
    functions.create_function(
        FunctionName="mailer", Role=plain["mailer"], DeadLetterConfig={"TargetArn": queue["failed"]},
        VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": [group]}, Tags={"team": "post"}, **common,
    )  # fmt: skip
    functions.add_permission(
        FunctionName="mailer", StatementId="topics", Principal="sns.amazonaws.com", Action="lambda:InvokeFunction"
    )
    functions.create_function(
        FunctionName="vault", Role=plain["vault"], KMSKeyArn=key, Environment={"Variables": {"MODE": "fast"}},
        Tags={"team": "shop"}, **common,
    )  # fmt: skip
    functions.create_function(FunctionName="loner", Role=plain["loner"], **common)
    for name in ("orders", "mailer", "vault"):
        logs.create_log_group(logGroupName=f"/aws/lambda/{name}")


@dataclass
class Scan:
    """What a command came to."""

    code: int
    out: Path
    said: str = ""
    report: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        path = self.out / "report.json"
        if path.is_file():
            self.report = json.loads(path.read_bytes())

    def status(self, name: str, check: str) -> str | None:
        """The verdict of a check on a function."""
        ids = {row["name"]: row["id"] for row in self.report["functions"]}
        verdict: str | None = self.report["verdicts"][ids[name]].get(check)
        return verdict

    def verdicts(self) -> dict[tuple[str, str], str]:
        """(subject's name, check) → status; places and accounts by their id."""
        names = {row["id"]: row["name"] for row in self.report["functions"]}
        return {
            (names.get(subject, subject), check): status
            for subject, row in self.report["verdicts"].items()
            for check, status in row.items()
        }

    def gaps(self) -> dict[str, set[str]]:
        """Operation → reasons of its gaps, but for what the depth leaves out."""
        found: dict[str, set[str]] = {}
        for gap in self.report["coverage"]["gaps"]:
            if gap["reason"] not in ("NOT_AT_DEPTH", "NOT_IN_TIER"):
                found.setdefault(gap["operation"], set()).add(gap["reason"])
        return found

    def gap(self, operation: str, reason: str) -> dict[str, Any]:
        """The one group of gaps of an operation for a reason."""
        (found,) = [
            gap for gap in self.report["coverage"]["gaps"] if gap["operation"] == operation and gap["reason"] == reason
        ]
        return dict(found)

    def touched(self, operation: str, reason: str) -> set[str]:
        """Names of the functions a group of gaps is about, whatever their qualifiers."""
        return {subject.rsplit(":", 1)[-1].partition("#")[0] for subject in self.gap(operation, reason)["resources"]}

    def unknown(self, name: str, check: str) -> dict[str, Any]:
        """The row that explains an UNKNOWN verdict."""
        ids = {row["name"]: row["id"] for row in self.report["functions"]}
        (found,) = [
            row
            for row in self.report["unknowns"]
            if row["check_id"] == check and ids.get(name, name) in row["subjects"]
        ]
        return dict(found)


@dataclass
class Auditor:
    """The command line against one emulated account."""

    server: Server
    made: Path

    def out(self) -> Path:
        """A fresh directory."""
        path = self.made / str(len(list(self.made.iterdir())))
        path.mkdir()
        return path

    def scan(self, *arguments: str, faults: tuple[Fault, ...] = (), out: Path | None = None) -> Scan:
        """Runs ``auditor scan`` in this process."""
        out = out or self.out()
        with self.spoiled(*faults):
            code = run([*self.command(out), "--quiet", "-M", "json", *arguments])
        return Scan(code, out)

    def command(self, out: Path) -> list[str]:
        """The arguments of a scan of the home region."""
        return ["scan", "--provider", "aws", "--region", HOME, "--no-progress", "-o", str(out)]

    @contextmanager
    def spoiled(self, *faults: Fault) -> Iterator[None]:
        """The server with faults, for the length of the block."""
        for fault in faults:
            self.server.faults.add(fault)
        try:
            with pointed_at(self.server.environment):
                yield
        finally:
            self.server.faults.clear()

    def start(self, *arguments: str, faults: tuple[Fault, ...] = ()) -> subprocess.Popen[str]:
        """Starts the command line as a process; the faults stay until the caller clears them."""
        for fault in faults:
            self.server.faults.add(fault)
        with pointed_at(self.server.environment):
            return start(*arguments)


def start(*arguments: str, program: str = "from auditor.cli.main import main; main()") -> subprocess.Popen[str]:
    """Starts the command line as a process with this process's environment."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "COLUMNS": "200"},
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str], out: Path) -> Scan:
    """Waits for a process."""
    said, errors = process.communicate(timeout=600)
    return Scan(process.returncode, out, said + errors)
