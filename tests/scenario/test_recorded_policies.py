"""Policies that AWS Config has recorded count where the revision is the live one; whatever else is asked of Lambda."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import run
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.moto_extensions.config_query import ConfigMemory
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from tests.unit.providers.aws.collector.organization import HOME, HUB, client, deploy

NAMES = tuple(f"f{number:02}" for number in range(11))
BARE, BEHIND, AT_A_URL, PUBLISHED, OPEN = NAMES[3], NAMES[5], NAMES[7], NAMES[8], NAMES[10]
OF_URLS = {
    *("cors-local-origin", "exposure-path", "front-end-bypass", "public-and-unreserved", "spend-ceiling-high"),
    *("url-auth-none", "url-cors-any-origin", "url-cors-any-origin-credentials", "url-public-and-cors-any"),
}
"""The checks that ask which URLs a function has, opinions aside."""
LAMBDA = "AWS::Lambda::Function"
EVERYTHING = {"allSupported": True, "includeGlobalResourceTypes": False}
Report = dict[str, Any]
Scan = Callable[..., Report]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
        deploy(started, HUB, *NAMES)
        functions = client(started, "lambda")
        for name in NAMES:
            if name != BARE:
                _permit(functions, name, "events", Principal="events.amazonaws.com", SourceAccount=HUB)
        _permit(functions, OPEN, "open", Principal="*")
        functions.add_permission(
            FunctionName=AT_A_URL,
            StatementId="url",
            Action="lambda:InvokeFunctionUrl",
            Principal="*",
            FunctionUrlAuthType="NONE",
        )
        functions.create_function_url_config(FunctionName=AT_A_URL, AuthType="NONE")
        functions.publish_version(FunctionName=PUBLISHED)
        client(started, "s3").create_bucket(Bucket="config-logs")
        _record(started, EVERYTHING)
        started.account.of(ConfigMemory, HOME).page = 6
        yield started


def _permit(functions: Any, name: str, sid: str, **whom: str) -> None:
    functions.add_permission(FunctionName=name, StatementId=sid, Action="lambda:InvokeFunction", **whom)


def _record(server: Server, group: dict[str, Any], frequency: str = "CONTINUOUS") -> None:
    config = client(server, "config")
    recorder = {
        "name": "default",
        "roleARN": f"arn:aws:iam::{HUB}:role/recorder",
        "recordingGroup": group,
        "recordingMode": {"recordingFrequency": frequency},
    }
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "config-logs"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


@pytest.fixture
def scan(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scan]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)

    def scanned(place: str, *more: str) -> Report:
        server.forget_requests()
        out = ["-M", "json", "-o", str(tmp_path / place), "--quiet"]
        assert run(["scan", "--provider", "aws", "-f", HOME, *out, *more]) == 0
        report: Report = json.loads((tmp_path / place / "report.json").read_text("utf-8"))
        return report

    yield scanned
    server.faults.clear()
    server.account.of(ConfigMemory, HOME).behind.clear()
    _record(server, EVERYTHING)


def policies(server: Server) -> set[str]:
    return asked(server, "GetPolicy")


def asked(server: Server, operation: str) -> set[str]:
    return {seen.resource.rpartition(":")[2] for seen in server.requests if seen.operation == operation}


def judged(report: Report) -> Report:
    for finding in report["findings"]:
        for row in finding["evidence"]:
            row["detail"] = row["detail"].partition(" (unchanged since ")[0]
    return {key: report[key] for key in ("verdicts", "findings", "functions", "unknowns", "score", "causes")}


def different(recorded: Report, live: Report) -> set[tuple[str, str]]:
    """Which verdicts differ: on a name, by a check. Those of AWS Config's run are not examined, and live ones passed."""
    found = set()
    for subject, verdicts in live["verdicts"].items():
        for check, verdict in verdicts.items():
            if recorded["verdicts"][subject][check] != verdict:
                assert (recorded["verdicts"][subject][check], verdict) == ("NOT_EXAMINED", "PASS"), (subject, check)
                found.add((subject.rpartition(":")[2], check))
    return found


def test_only_what_is_not_recorded_at_its_revision_is_asked(scan: Scan, server: Server) -> None:
    scan("first", "--tier", "config")  # everything is recorded as it is
    server.account.of(ConfigMemory, HOME).behind.add(BEHIND)
    _permit(client(server, "lambda"), BEHIND, "since", Principal="*")
    recorded = scan("recorded", "--tier", "config")
    assert policies(server) == {BARE, BEHIND}
    assert sum(seen.operation == "SelectResourceConfig" for seen in server.requests) == 2
    details = [row["detail"] for finding in recorded["findings"] for row in finding["evidence"]]
    assert any(detail.endswith(" as recorded by AWS Config)") for detail in details)
    assert recorded["run"]["carried_over"]["unchanged"] == len(NAMES) - 2
    assert asked(server, "ListFunctionUrlConfigs") == {AT_A_URL, PUBLISHED}
    live = scan("live")
    assert policies(server) == set(NAMES)
    assert asked(server, "ListFunctionUrlConfigs") == set(NAMES)
    unlike = different(recorded, live)
    assert {name for name, _ in unlike} == set(NAMES) - {AT_A_URL, PUBLISHED}
    assert {check for _, check in unlike} == OF_URLS
    for part, mark in (("findings", "fingerprint"), ("causes", "id")):
        assert {(row[mark], row["severity"]) for row in recorded[part]} == {
            (row[mark], row["severity"]) for row in live[part]
        }
    public = {row["function_name"] for row in live["findings"] if row["check_id"] == "policy-public"}
    assert public == {AT_A_URL, OPEN, BEHIND}


@pytest.mark.parametrize(
    ("group", "selects"),
    [
        (EVERYTHING, True),
        ({"allSupported": False, "resourceTypes": [LAMBDA]}, True),
        ({"allSupported": False, "resourceTypes": ["AWS::S3::Bucket"]}, False),
        (
            {
                "allSupported": False,
                "exclusionByResourceTypes": {"resourceTypes": [LAMBDA]},
                "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
            },
            False,
        ),
    ],
)
def test_config_is_asked_only_where_it_records_functions(
    group: dict[str, Any], selects: bool, scan: Scan, server: Server
) -> None:
    _record(server, group, "DAILY")
    scan("some", "--tier", "config")
    assert any(seen.operation == "SelectResourceConfig" for seen in server.requests) is selects
    assert (policies(server) == set(NAMES)) is not selects


@pytest.mark.parametrize("how", ["stopped", "denied", "spoiled", "no tier"])
def test_without_an_answer_every_function_is_asked(how: str, scan: Scan, server: Server) -> None:
    match how:
        case "stopped":
            client(server, "config").stop_configuration_recorder(ConfigurationRecorderName="default")
        case "denied":
            server.faults.add(Fault(Spoil.DENY, operation="SelectResourceConfig"))
        case "spoiled":
            server.faults.add(
                Fault(
                    Spoil.REWRITE, operation="SelectResourceConfig", rewrite=lambda _: b'{"Results": ["{", "7", "[]"]}'
                )
            )
    report = scan(how, *(() if how == "no tier" else ("--tier", "config")))
    assert policies(server) == set(NAMES)
    gaps = {row["permission"] for row in report["coverage"]["gaps"]}
    assert ("config:SelectResourceConfig" in gaps) is (how == "denied")
    assert asked(server, "ListFunctionUrlConfigs") == set(NAMES)
    server.faults.clear()
    assert judged(report)["verdicts"] == judged(scan("live"))["verdicts"]
