"""The fix plan keeps its promises: its first changes are made in the emulated accounts, which are scanned again."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from auditor import plugins
from auditor.cli import demo
from auditor.cli.run import scan
from auditor.model.ids import Cloud
from moto_fixtures.azure import company as azure
from moto_fixtures.gcp import company as gcp
from tests.scenario import printed_az, printed_commands, printed_gcloud

FIRST = 10
POINTS = 0.1
"""By how much the score may differ from the promised one."""

LEAST = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "arn:aws:logs:*:*:log-group:/aws/lambda/*",
}


EDIT = re.compile(
    r"aws iam get-policy-version --policy-arn (?P<policy>\S+) --version-id (?P<version>\S+) .* > (?P<file>\S+)\n"
    r"# in (?P=file), statement (?P<statement>\S+): take out (?P<action>\S+), and name only the actions and resources"
)
"""The commands that ask for a policy and say what to change in it."""


def edited(edit: re.Match[str]) -> str:
    """The policy that an edit asks for, changed as it says: of the statement, what the code uses is left."""
    asked = {"PolicyArn": edit["policy"], "VersionId": edit["version"]}
    policy: dict[str, Any] = boto3.client("iam").get_policy_version(**asked)["PolicyVersion"]["Document"]
    statements = policy["Statement"]
    (at,) = (at for at, each in enumerate(statements) if edit["statement"] in {str(at + 1), each.get("Sid")})
    actions = statements[at]["Action"]
    assert edit["action"] in (actions if isinstance(actions, list) else [actions])
    statements[at] = LEAST
    return json.dumps(policy)


@pytest.fixture(scope="module")
def account() -> Iterator[None]:
    """The company's AWS accounts, deployed; the SDKs point at them."""
    deployment = plugins.start_scenario("company", (Cloud.AWS,), lambda _: None)
    try:
        with demo.pointed_at(deployment.environment):
            yield
    finally:
        deployment.stop()


def scanned(cloud: Cloud, out: Path) -> dict[str, Any]:
    """The report of one more scan, asked for as `auditor demo` asks."""
    with demo.command.make_context("demo", ["-o", str(out), "--quiet"]) as asked:
        assert scan({**demo.DEFAULTS, **asked.params, "provider": (cloud.value,)}) == 0
    document: dict[str, Any] = json.loads((out / "report.json").read_bytes())
    return document


def answers(change: dict[str, Any], findings: dict[str, dict[str, Any]]) -> printed_commands.Answers:
    """What whoever makes this change writes for each placeholder."""
    lead = findings[change["closes"][0]]

    def answer(placeholder: str) -> str:
        match placeholder:
            case "REPLACE-policy-name":
                policies = boto3.client("logs", region_name=change["region"]).describe_resource_policies()
                return next(p["policyName"] for p in policies["resourcePolicies"] if '"*"' in p["policyDocument"])
            case "REPLACE-file-with-the-new-value":
                return "rotated"
            case "REPLACE-all-variables-but-this-one.json":
                client = boto3.client("lambda", region_name=change["region"])
                now = client.get_function_configuration(FunctionName=lead["function_name"])["Environment"]["Variables"]
                return json.dumps({"Variables": {name: now[name] for name in now if name != lead["locus"]}})
            case "REPLACE-name-of-a-policy-of-what-the-code-uses":
                return "what-the-code-uses"
            case "REPLACE-that-policy.json":
                return json.dumps({"Version": "2012-10-17", "Statement": [LEAST]})
        if edit := EDIT.search(change["command"]):
            assert edit["file"] == placeholder
            return edited(edit)
        raise AssertionError(f"no answer to {placeholder} of {change['check_id']}: {change['command']}")

    return answer


def kept(before: dict[str, Any], after: dict[str, Any], first: list[dict[str, Any]]) -> None:
    """Asserts that the changes closed what they promise, that nothing is new, and that the score is as promised."""
    findings = {finding["fingerprint"]: finding for finding in before["findings"]}
    still = {finding["fingerprint"] for finding in after["findings"]}
    promised = {fingerprint for change in first for fingerprint in change["closes"]}
    assert [findings[each]["message"] for each in promised & still] == []
    assert [each["message"] for each in after["findings"] if each["fingerprint"] not in findings] == []
    for end in ("low", "high"):
        assert after["score"][end] == pytest.approx(first[-1]["score_after"][end], abs=POINTS)


def test_the_first_changes_of_aws_close_what_they_promise_and_nothing_else_opens(account: None, tmp_path: Path) -> None:
    before = scanned(Cloud.AWS, tmp_path / "before")
    findings = {finding["fingerprint"]: finding for finding in before["findings"]}
    first = before["plan"][:FIRST]
    assert len(first) == FIRST
    for change in first:
        assert printed_commands.run(change["command"], answers(change, findings)), change["command"]
    kept(before, scanned(Cloud.AWS, tmp_path / "after"), first)


def test_the_first_changes_of_google_cloud_close_what_they_promise_and_nothing_else_opens(tmp_path: Path) -> None:
    server = gcp.start()
    try:
        with demo.pointed_at(server.environment):
            before = scanned(Cloud.GCP, tmp_path / "before")
            first = before["plan"][:FIRST]
            assert len(first) == FIRST
            for change in first:
                assert printed_gcloud.run(change["command"], server.estate), change["command"]
            kept(before, scanned(Cloud.GCP, tmp_path / "after"), first)
    finally:
        server.stop()


def test_the_first_changes_of_azure_close_what_they_promise_and_nothing_else_opens(tmp_path: Path) -> None:
    server = azure.start()
    try:
        with demo.pointed_at(server.environment):
            before = scanned(Cloud.AZURE, tmp_path / "before")
            first = before["plan"][:FIRST]
            assert len(first) == FIRST
            for change in first:
                assert printed_az.run(change["command"], server.tenant, change["account"]), change["command"]
            kept(before, scanned(Cloud.AZURE, tmp_path / "after"), first)
    finally:
        server.stop()
