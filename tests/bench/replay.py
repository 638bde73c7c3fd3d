"""Writes the snapshot of a large made-up account without waiting for its quotas, to time what follows collection."""

import json
from pathlib import Path
from typing import Any

from auditor import __version__, plugins
from auditor.engine.recorder import SnapshotRecorder
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from tests.bench.account import ACCOUNT, Account, Server

REGION = "us-east-1"


def write_snapshot(root: Path, functions: int, identities: dict[str, Any] | None = None) -> None:
    """A standard-depth capture of ``functions`` functions in one region. ``identities`` is what IAM tells of the account, with
    a role for each function; without it two functions share a role that may do next to nothing.
    """
    account = Account(functions, 1)
    operations = {operation.id: operation for operation in plugins.provider(Cloud.AWS).operations}
    run = SnapshotRecorder(root, Depth.STANDARD, __version__, ())
    recorder = run.for_cloud(Cloud.AWS)
    recorder.scope(ACCOUNT, [REGION])

    def answer(operation: str, body: Any, subject: str = "", page: int = 0, location: str = REGION) -> None:
        recorder.answer(operations[operation], ACCOUNT, location, subject, page, body)

    def configuration(number: int) -> dict[str, object]:
        made = account.configuration(REGION, number)
        return made if identities is None else made | {"Role": role(number)["Arn"]}

    answer("sts:GetCallerIdentity", {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/a"}, location="global")
    for page, start in enumerate(range(0, functions, 50)):
        rows = [configuration(n) for n in range(start, min(start + 50, functions))]
        answer("lambda:ListFunctions", {"Functions": rows}, page=page)
    for number in range(functions):
        arn = account.arn(REGION, number)
        answer("lambda:GetFunction", {"Configuration": configuration(number), "Tags": {"a": "b"}}, arn)
        answer("lambda:GetPolicy", account.policy(REGION, number), arn)
        answer("lambda:ListFunctionUrlConfigs", {"FunctionUrlConfigs": []}, arn)
    _bulk(account, answer, identities or _few(functions))
    run.close(interrupted=False)


def _few(functions: int) -> dict[str, Any]:
    roles = [role(n) for n in range((functions + 1) // 2)]
    return {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles, "Policies": []}


def _bulk(account: Account, answer: Any, identities: dict[str, Any]) -> None:
    answer("iam:GetAccountAuthorizationDetails", identities, location="global")
    for name, empty in (  # type: ignore[var-annotated]
        ("lambda:ListEventSourceMappings", {"EventSourceMappings": []}),
        ("lambda:ListCodeSigningConfigs", {"CodeSigningConfigs": []}),
        ("cloudtrail:DescribeTrails", {"trailList": []}),
        ("guardduty:ListDetectors", {"DetectorIds": []}),
    ):
        answer(name, empty)
    groups: list[dict[str, Any]] = []
    token: str | None = "0"
    while token:
        page: Any = Server(account, quotas=False).json_answer("DescribeLogGroups", {"nextToken": token}, REGION)
        groups += page["logGroups"]
        token = page.get("nextToken")
    answer("logs:DescribeLogGroups", {"logGroups": groups})


def role(number: int) -> dict[str, Any]:
    """A role that may read one bucket, as IAM tells it."""
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"arn:aws:s3:::bucket-{number}/*"}
    name = f"fn-role-{number:05d}"
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "RolePolicyList": [
            {
                "PolicyName": "inline",
                "PolicyDocument": json.loads(json.dumps({"Version": "2012-10-17", "Statement": [statement]})),
            }
        ],
        "AttachedManagedPolicies": [],
    }
