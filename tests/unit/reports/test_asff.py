import json
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator

from reports import asff_report
from reports.asff_report import AsffReporter
from tests.unit.checks.build import ACCOUNT, make
from tests.unit.reports import hostile

SOURCE = hostile.report()
BYTES = hostile.written(AsffReporter(), SOURCE)
BATCHES: list[list[dict[str, Any]]] = [json.loads(text) for text in BYTES.decode("ascii").splitlines()]
FINDINGS = [finding for batch in BATCHES for finding in batch]


@cache
def shape():
    client = boto3.client("securityhub", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    return client.meta.service_model.operation_model("BatchImportFindings").input_shape


def faults(batch: list[dict[str, Any]]) -> str:
    return ParamValidator().validate({"Findings": batch}, shape()).generate_report()


def test_every_batch_is_what_botocore_sends() -> None:
    assert [faults(batch) for batch in BATCHES] == [""]
    assert "Missing required parameter" in faults([{**FINDINGS[0], "Resources": [{}]}])
    assert "Unknown parameter" in faults([{**FINDINGS[0], "Strange": 1}])


def test_every_aws_finding_is_in_it_with_an_id_of_its_own_and_no_other() -> None:
    rows = [row for row in SOURCE.findings() if row["cloud"] == "aws"]
    assert [finding["Id"].rpartition("/")[2] for finding in FINDINGS] == [row["fingerprint"] for row in rows]
    assert len({finding["Id"] for finding in FINDINGS}) == len(FINDINGS)
    assert {finding["AwsAccountId"] for finding in FINDINGS} == {ACCOUNT}
    assert {finding["ProductArn"] for finding in FINDINGS} == {
        f"arn:aws:securityhub:us-east-1:{ACCOUNT}:product/{ACCOUNT}/default"
    }
    assert all(
        finding["Severity"]["Label"] == row["severity"].upper() for finding, row in zip(FINDINGS, rows, strict=True)
    )
    assert all(finding["Resources"][0]["Type"] == "AwsLambdaFunction" for finding in FINDINGS)


def test_texts_keep_to_what_security_hub_takes() -> None:
    for finding in FINDINGS:
        assert 0 < len(finding["Title"]) <= 256
        assert 0 < len(finding["Description"]) <= 1024
        assert 0 < len(finding["Remediation"]["Recommendation"]["Text"]) <= 512
        assert all(0 < len(value) <= 2048 for value in finding["ProductFields"].values())
        tags = finding["Resources"][0]["Tags"]
        assert all(0 < len(key) <= 128 and len(value) <= 256 for key, value in tags.items())


def test_waived_findings_are_suppressed_and_still_failed() -> None:
    waived = [finding for finding in FINDINGS if finding["Workflow"]["Status"] == "SUPPRESSED"]
    assert len(waived) == 3
    assert {finding["Compliance"]["Status"] for finding in FINDINGS} == {"FAILED"}
    assert all(finding["Description"].startswith("Waived until 2099-12-31: accepted") for finding in waived)
    assert all("serverless-auditor/waived" in finding["ProductFields"] for finding in waived)


def test_times_are_the_reports() -> None:
    assert {finding["UpdatedAt"] for finding in FINDINGS} == {"2026-11-23T00:01:00Z"}
    assert sorted({finding["CreatedAt"] for finding in FINDINGS}) in (
        ["2026-11-23T00:00:00Z"],
        [hostile.EARLY, "2026-11-23T00:00:00Z"],
    )


def test_a_batch_is_at_most_a_hundred_findings_of_one_place_and_240_kilobytes() -> None:
    many = hostile.report(made=tuple(make(f"orders-{number}") for number in range(120)))
    lines = hostile.written(AsffReporter(), many).splitlines()
    sizes = [len(json.loads(text)) for text in lines]
    assert sizes == [100, 100, 100, 60]
    assert all(len(text) <= 240 * 1024 for text in lines)


@pytest.mark.parametrize(("limit", "value"), [("SIZE", 5000), ("_HELD", 9000)])
def test_batches_end_where_bytes_or_memory_do(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(asff_report, limit, value)
    lines = hostile.written(AsffReporter(), SOURCE).splitlines()
    assert len(lines) > 3
    assert sorted(one["Id"] for text in lines for one in json.loads(text)) == sorted(one["Id"] for one in FINDINGS)
    assert limit != "SIZE" or all(len(text) <= value for text in lines if len(json.loads(text)) > 1)


def test_a_finding_of_an_account_names_the_account_and_goes_to_the_partitions_home() -> None:
    row = {
        **next(SOURCE.findings()),
        "function_id": None,
        "function_name": None,
        "region": None,
        "subject_id": "aws/1",
        "resource_id": "aws/1",
        "tags": {},
        "waived": None,
    }

    head = {**SOURCE.head, "scopes": [{"cloud": "aws", "scope": ACCOUNT, "locations": ["cn-north-1"]}]}
    china = hostile.Picked(head, [{**row, "cloud": "aws", "account": ACCOUNT}])
    (text,) = hostile.written(AsffReporter(), china).splitlines()
    batch = json.loads(text)
    assert faults(batch) == ""
    assert batch[0]["Resources"] == [
        {"Type": "AwsAccount", "Id": f"AWS::::Account:{ACCOUNT}", "Partition": "aws-cn", "Region": "cn-north-1"}
    ]
