"""Inspector and GuardDuty: what is switched on, and which functions Inspector really scans."""

from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.lambda_memory import LambdaMemory, Remembered, now
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, window
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_TYPES = ("EC2", "ECR", "LAMBDA", "LAMBDA_CODE")
_MEMBER = {"EC2": "ec2", "ECR": "ecr", "LAMBDA": "lambda", "LAMBDA_CODE": "lambdaCode"}
_SCANNED_RUNTIMES = ("python3.", "nodejs", "java", "go1.x", "ruby3", "dotnet", "provided")
_GUARDDUTY_FEATURES = (
    "CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS", "S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION",
    "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS", "RUNTIME_MONITORING",
)  # fmt: skip
_ALWAYS_ON = frozenset({"CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"})
_PAGE = 200


@dataclass
class InspectorMemory:
    """The resource types Inspector scans in one region."""

    enabled: set[str] = field(default_factory=set)


def _state(status: str) -> dict[str, Any]:
    return {"status": status, "errorCode": "ALREADY_ENABLED", "errorMessage": ""}


def _account_row(call: Call, account: Account) -> dict[str, Any]:
    enabled = account.of(InspectorMemory, call.region).enabled
    states = {_MEMBER[kind]: _state("ENABLED" if kind in enabled else "DISABLED") for kind in _TYPES}
    return {
        "accountId": account.id,
        "state": _state("ENABLED" if enabled else "DISABLED"),
        "resourceState": states,
        "resourceStatus": {member: state["status"] for member, state in states.items()},
    }


@completes("inspector2", "Enable", "Disable")
def switch(call: Call, account: Account) -> Answer:
    """Switches scanning of some resource types on or off; code scanning needs standard scanning."""
    enabled = account.of(InspectorMemory, call.region).enabled
    kinds = set(call.json().get("resourceTypes") or _TYPES)
    if call.operation == "Enable" and "LAMBDA_CODE" in kinds and "LAMBDA" not in enabled | kinds:
        raise ServiceError("ValidationException", "LAMBDA_CODE requires LAMBDA to be enabled.")
    enabled.update(kinds) if call.operation == "Enable" else enabled.difference_update(kinds)
    row = _account_row(call, account)
    shown = {name: row[name] for name in ("accountId", "resourceStatus")} | {"status": row["state"]["status"]}
    return as_json({"accounts": [shown], "failedAccounts": []})


@completes("inspector2", "BatchGetAccountStatus")
def account_status(call: Call, account: Account) -> Answer:
    """This account's state; another account is reported as failed."""
    asked = call.json().get("accountIds") or [account.id]
    failed = [
        {"accountId": other, "errorCode": "ACCESS_DENIED", "errorMessage": "Invoking account does not have access."}
        for other in asked
        if other != account.id
    ]
    row = _account_row(call, account)
    shown = {"accountId": row["accountId"], "state": row["state"], "resourceState": row["resourceState"]}
    return as_json({"accounts": [shown] if account.id in asked else [], "failedAccounts": failed})


def _scan(function: Remembered, tags: dict[str, str], enabled: set[str]) -> dict[str, Any]:
    runtime = str(function.spec.get("Runtime") or "")
    reason = "SUCCESSFUL"
    if tags.get("InspectorExclusion") == "LambdaStandardScanning":
        reason = "EXCLUDED_BY_TAG"
    elif "ImageUri" in function.spec["Code"] or not runtime.startswith(_SCANNED_RUNTIMES):
        reason = "UNSUPPORTED_RUNTIME"
    return {
        "accountId": function.arn.split(":")[4],
        "resourceId": f"{function.arn}:$LATEST",
        "resourceType": "AWS_LAMBDA_FUNCTION",
        "scanType": "PACKAGE" if "LAMBDA" in enabled else "CODE",
        "scanStatus": {"statusCode": "ACTIVE" if reason == "SUCCESSFUL" else "INACTIVE", "reason": reason},
        "lastScannedAt": now().timestamp(),
        "resourceMetadata": {
            "lambdaFunction": {"functionName": function.name, "functionTags": tags, "runtime": _runtime(runtime)}
        },
    }


def _runtime(runtime: str) -> str:
    return runtime.upper().replace(".", "_") or "UNSUPPORTED"


def _tags(call: Call, account: Account) -> dict[str, dict[str, str]]:
    """Tags of the region's functions, by name, as the tagging API of Lambda tells them."""
    functions = account.of(LambdaMemory, call.region).functions.values()
    return {
        function.name: account.ask_rest(call, "lambda", f"/2017-03-31/tags/{function.arn}").json().get("Tags", {})
        for function in functions
    }


@completes("inspector2", "ListCoverage")
def list_coverage(call: Call, account: Account) -> Answer:
    """Every function Inspector knows of, scanned or not and why; nothing while Lambda scanning is off."""
    enabled = account.of(InspectorMemory, call.region).enabled
    rows: list[dict[str, Any]] = []
    if "LAMBDA" in enabled:
        tags = _tags(call, account)
        functions = account.of(LambdaMemory, call.region).functions.values()
        rows = [_scan(function, tags[function.name], enabled) for function in functions]
    body = call.json()
    size = min(int(body.get("maxResults") or _PAGE), _PAGE)
    start, end, token = window(len(rows), body.get("nextToken"), size, "ValidationException")
    members: dict[str, Any] = {"coveredResources": rows[start:end]}
    if token:
        members["nextToken"] = token
    return as_json(members)


@completes("guardduty", "GetDetector")
def get_detector(call: Call, account: Account) -> Answer:
    """Moto's detector with every feature AWS lists, the optional ones off unless they were switched on."""
    answer = account.moto(call)
    if answer.status != 200:
        return answer
    detector = answer.json()
    given = {feature["name"]: feature for feature in detector.get("features", [])}
    detector["features"] = [
        given.get(name) or {"name": name, "status": "ENABLED" if name in _ALWAYS_ON else "DISABLED"}
        for name in _GUARDDUTY_FEATURES
    ]
    return as_json(detector)
