"""Compute that moto does not keep: App Runner, AgentCore's interpreters and browsers, and agents of Systems Manager."""

from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.lambda_memory import identifier
from moto_fixtures.aws.moto_extensions.registry import as_json, completes
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_AGENTS = "bedrock-agentcore-control"


@dataclass
class ComputeMemory:
    """What was made in one region, by id."""

    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    interpreters: dict[str, dict[str, Any]] = field(default_factory=dict)
    browsers: dict[str, dict[str, Any]] = field(default_factory=dict)
    managed: list[str] = field(default_factory=list)


def managed(account: Account, region: str, instance: str) -> None:
    """Lets the agent of an instance report to Systems Manager, which no call of a customer does."""
    account.of(ComputeMemory, region).managed.append(instance)


@completes("ssm", "DescribeInstanceInformation")
def instances(call: Call, account: Account) -> Answer:
    """The instances whose agents reported."""
    listed = account.of(ComputeMemory, call.region).managed
    return as_json({"InstanceInformationList": [{"InstanceId": each, "PingStatus": "Online"} for each in listed]})


@completes("apprunner", "CreateService")
def create_service(call: Call, account: Account) -> Answer:
    """A service that runs at once."""
    asked, kept = call.json(), account.of(ComputeMemory, call.region).services
    name, number = asked["ServiceName"], identifier("service", call.region, len(kept)).replace("-", "")
    arn = f"arn:aws:apprunner:{call.region}:{account.id}:service/{name}/{number}"
    kept[arn] = asked | {"ServiceArn": arn, "ServiceId": number, "Status": "RUNNING"}
    return as_json({"Service": kept[arn], "OperationId": number})


@completes("apprunner", "ListServices")
def services(call: Call, account: Account) -> Answer:
    """The services without what only their description holds."""
    listed = account.of(ComputeMemory, call.region).services.values()
    names = ("ServiceName", "ServiceId", "ServiceArn", "Status")
    return as_json({"ServiceSummaryList": [{name: row[name] for name in names} for row in listed]})


@completes("apprunner", "DescribeService")
def describe_service(call: Call, account: Account) -> Answer:
    """One service."""
    found = account.of(ComputeMemory, call.region).services.get(call.json()["ServiceArn"])
    if found is None:
        raise ServiceError("ResourceNotFoundException", "The service does not exist.", 400)
    return as_json({"Service": found})


@completes(_AGENTS, "CreateCodeInterpreter")
def create_interpreter(call: Call, account: Account) -> Answer:
    """A code interpreter of the account's own."""
    return _create(call, account, account.of(ComputeMemory, call.region).interpreters, "codeInterpreter")


@completes(_AGENTS, "CreateBrowser")
def create_browser(call: Call, account: Account) -> Answer:
    """A browser of the account's own."""
    return _create(call, account, account.of(ComputeMemory, call.region).browsers, "browser")


def _create(call: Call, account: Account, kept: dict[str, dict[str, Any]], kind: str) -> Answer:
    asked = call.json()
    number = f"{asked['name']}-{identifier(kind, call.region, len(kept))[:10]}"
    resource = "code-interpreter-custom" if kind == "codeInterpreter" else "browser-custom"
    arn = f"arn:aws:bedrock-agentcore:{call.region}:{account.id}:{resource}/{number}"
    made = {f"{kind}Id": number, f"{kind}Arn": arn, "status": "READY", "createdAt": "2026-01-01T00:00:00Z"}
    kept[number] = {**asked, **made, "lastUpdatedAt": made["createdAt"]}
    return as_json(made, 202)


@completes(_AGENTS, "ListCodeInterpreters")
def interpreters(call: Call, account: Account) -> Answer:
    """The code interpreters of the account's own, without their roles."""
    return _summaries(account.of(ComputeMemory, call.region).interpreters, "codeInterpreterSummaries")


@completes(_AGENTS, "ListBrowsers")
def browsers(call: Call, account: Account) -> Answer:
    """The browsers of the account's own, without their roles."""
    return _summaries(account.of(ComputeMemory, call.region).browsers, "browserSummaries")


def _summaries(kept: dict[str, dict[str, Any]], member: str) -> Answer:
    hidden = ("executionRoleArn", "networkConfiguration", "clientToken")
    return as_json({member: [{k: v for k, v in row.items() if k not in hidden} for row in kept.values()]})


@completes(_AGENTS, "GetCodeInterpreter")
def interpreter(call: Call, account: Account) -> Answer:
    """One code interpreter."""
    return _one(account.of(ComputeMemory, call.region).interpreters, call.labels["codeInterpreterId"])


@completes(_AGENTS, "GetBrowser")
def browser(call: Call, account: Account) -> Answer:
    """One browser."""
    return _one(account.of(ComputeMemory, call.region).browsers, call.labels["browserId"])


def _one(kept: dict[str, dict[str, Any]], number: str) -> Answer:
    if number not in kept:
        raise ServiceError("ResourceNotFoundException", "It does not exist.", 404)
    return as_json(kept[number])
