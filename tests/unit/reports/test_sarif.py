import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator

from auditor.model.ids import Cloud
from reports import sarif_report
from reports.sarif_report import SCORES, SarifReporter, address
from tests.unit.checks.build import make
from tests.unit.reports import hostile

SCHEMA = json.loads((Path(__file__).parents[2] / "data" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
SOURCE = hostile.report()


def run_of(source: Any = SOURCE) -> dict[str, Any]:
    document = json.loads(hostile.written(SarifReporter(), source).decode("ascii"))
    assert [fault.message for fault in Draft4Validator(SCHEMA).iter_errors(document)] == []
    (run,) = document["runs"]
    return dict(run)


RUN = run_of()


def test_the_schema_is_one_that_can_fail() -> None:
    Draft4Validator.check_schema(SCHEMA)
    assert not Draft4Validator(SCHEMA).is_valid({"version": "2.1.0", "runs": [{"results": []}]})


def test_each_finding_is_a_result_with_its_own_fingerprint() -> None:
    findings = list(SOURCE.findings())
    assert [row["partialFingerprints"]["serverlessAuditor/v1"] for row in RUN["results"]] == [
        row["fingerprint"] for row in findings
    ]
    lines = [row["partialFingerprints"]["primaryLocationLineHash"] for row in RUN["results"]]
    assert len(set(lines)) == len(findings)
    assert all(re.fullmatch(r"[0-9a-f]{16}:1", each) for each in lines)


def test_code_scanning_finds_what_it_asks_of_a_rule() -> None:
    rules = RUN["tool"]["driver"]["rules"]
    assert {row["ruleId"] for row in RUN["results"]} == {rule["id"] for rule in rules} == {"open-url", "slow"}
    for result in RUN["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert 0 <= float(rule["properties"]["security-severity"]) <= 10
        assert rule["properties"]["tags"][0] == "security"
        assert len(rule["properties"]["tags"]) <= 20
    (public,) = (rule for rule in rules if rule["id"] == "open-url")
    assert public["properties"]["security-severity"] == "9.5"
    assert public["properties"]["tags"] == [
        "security",
        "exposure",
        "external/cwe/cwe-306",
        "nist-800-53-r5:AC-3",
        "csa-serverless-12:SAS-2",
    ]
    assert public["properties"]["controls"] == ["nist-800-53-r5:AC-3", "csa-serverless-12:SAS-2"]
    assert public["helpUri"] == "https://docs.example/open"


def test_each_function_has_a_relative_path_of_its_own() -> None:
    paths: dict[str, set[str]] = {}
    for row, result in zip(SOURCE.findings(), RUN["results"], strict=True):
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert location["physicalLocation"]["region"] == {"startLine": 1}
        assert re.fullmatch(r"serverless/(?:[A-Za-z0-9._~%-]+/)+[A-Za-z0-9._~%-]+\.json", uri)
        assert "/../" not in f"/{unquote(uri.replace('%2F', ''))}/"
        paths.setdefault(row["function_id"], set()).add(uri)
    assert all(len(each) == 1 for each in paths.values())
    assert len({path for each in paths.values() for path in each}) == len(paths)


@pytest.mark.parametrize(("row", "expected"), [
    ({"cloud": "aws", "account": "1", "region": None, "function_id": None}, "serverless/aws/1.json"),
    ({"cloud": "aws", "account": "1", "region": "eu-west-1", "function_id": "arn", "function_name": "a b"}, "serverless/aws/1/eu-west-1/a%20b.json"),
    ({"cloud": "aws", "account": "1", "region": "r", "function_id": "arn", "function_name": ".."}, "serverless/aws/1/r/%2E%2E.json"),
    ({"cloud": "gcp", "account": "p", "region": "r", "function_name": "f", "function_id": "//run.googleapis.com/projects/p/services/f"}, "serverless/gcp/run.googleapis.com/projects/p/services/f.json"),
])  # fmt: skip
def test_a_path_is_made_of_what_does_not_change(row: dict[str, Any], expected: str) -> None:
    assert address(row) == expected


def test_waived_findings_are_suppressed_with_their_reason_and_no_others_are() -> None:
    suppressed = [row for row in RUN["results"] if row.get("suppressions")]
    assert len(suppressed) == sum(row["waived"] is not None for row in SOURCE.findings()) == 3
    for row in suppressed:
        (one,) = row["suppressions"]
        assert one["status"] == "accepted"
        assert "waived until 2099-12-31" in one["justification"]


def test_what_is_not_known_is_a_notification_and_no_result() -> None:
    (invocation,) = RUN["invocations"]
    said = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    assert any("open-url is UNKNOWN for 1 subject" in text and "lambda:GetPolicy" in text for text in said)
    assert any("crashed" in text for text in said)
    assert invocation["executionSuccessful"] is False  # a check crashed
    assert {row["level"] for row in RUN["results"]} == {"error", "note"}
    assert "pass" not in {row.get("kind") for row in RUN["results"]}


def test_a_message_holds_no_link_placeholder_or_control_character() -> None:
    for row in RUN["results"]:
        text = row["message"]["text"]
        assert not re.search(r"(?<!\\)\[[^\]]*\]\(", text)
        assert text.replace("\n", "").isprintable()


def test_what_goes_beyond_the_limits_is_the_mildest_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    source = hostile.report(made=tuple(make(f"orders-{number}") for number in range(20)))
    monkeypatch.setattr(sarif_report, "RESULTS", 25)
    monkeypatch.setattr(sarif_report, "TAGS", 3)
    run = run_of(source)
    assert [row["level"] for row in run["results"]] == ["error"] * 20 + ["note"] * 5
    said = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert any(text.startswith("35 findings, the least severe ones, are not in this file") for text in said)
    assert any(text.startswith("Rules with more than 3 tags") and "open-url" in text for text in said)


def test_the_compressed_size_is_a_limit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    source = hostile.report(made=tuple(make(f"orders-{number}-{number * 7919}") for number in range(300)))
    monkeypatch.setattr(sarif_report, "COMPRESSED", sarif_report._MARGIN + 5_000)
    run = run_of(source)
    assert 0 < len(run["results"]) < 900
    assert any(
        "least severe" in note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]
    )


def test_a_graver_finding_has_a_rule_of_its_own_severity() -> None:
    rows = [{**row, "severity": "high"} for row in SOURCE.findings() if row["check_id"] == "slow"]
    run = run_of(hostile.Picked(SOURCE.head, rows))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["slow/high"]
    assert run["tool"]["driver"]["rules"][0]["properties"]["security-severity"] == SCORES["high"]


def test_two_functions_of_one_name_have_two_paths() -> None:
    twins = [
        make("f", cloud=Cloud.AZURE, id=f"/subscriptions/s/resourcegroups/{group}/providers/x/f") for group in "ab"
    ]
    source = hostile.report(made=tuple(replace(each, scope="azure/s") for each in twins))
    uris = {row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for row in run_of(source)["results"]}
    assert len(uris) == 2


@pytest.mark.parametrize(("said", "shown"), [
    ("[x](https://evil.example)", "\\[x](https://evil.example)"),
    ("{0} and {12}", "{{0}} and {{12}}"),
    ("""aws x --cli-input-json '{"a": [1, 2], "b": {}}'""", """aws x --cli-input-json '{"a": [1, 2], "b": {}}'"""),
])  # fmt: skip
def test_only_what_a_viewer_would_read_as_a_link_or_placeholder_is_escaped(said: str, shown: str) -> None:
    rows = [{**next(SOURCE.findings()), "message": said}]
    (result,) = run_of(hostile.Picked(SOURCE.head, rows))["results"]
    assert result["message"]["text"].startswith(f"{shown}\nFix: ")
    assert result["properties"]["fix_command"] == rows[0]["remediation"]["command"]
