import json
from datetime import UTC, datetime
from typing import Any

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from reports.ocsf_report import OcsfReporter
from tests.unit.reports import hostile

SCHEMA = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.5.0")).get_class_schema("compliance_finding", ["cloud"])
SOURCE = hostile.report()
EVENTS: list[dict[str, Any]] = json.loads(hostile.written(OcsfReporter(), SOURCE).decode("ascii"))
FAILED = [event for event in EVENTS if event["compliance"]["status_id"] == 3]
UNKNOWN = [event for event in EVENTS if event["compliance"]["status_id"] == 0]


def test_every_event_is_valid_by_the_published_schema() -> None:
    validator = Draft202012Validator(SCHEMA)
    assert [fault.message for event in EVENTS for fault in validator.iter_errors(event)] == []
    assert not validator.is_valid({**EVENTS[0], "compliance": None})
    assert not validator.is_valid({key: value for key, value in EVENTS[0].items() if key != "cloud"})


def test_each_finding_is_one_failed_event() -> None:
    findings = list(SOURCE.findings())
    assert [event["finding_info"]["uid"] for event in FAILED] == [row["fingerprint"] for row in findings]
    for event, row in zip(FAILED, findings, strict=True):
        assert event["severity"] == row["severity"].capitalize()
        assert event["cloud"]["account"]["uid"] == row["account"]
        assert event["compliance"]["requirements"] == list(row["controls"])
        assert row["remediation"]["text"][:12] in event["remediation"]["desc"]
        assert event["resources"][0]["name"].split()[:1] == event["message"].split()[:1]
    providers = {(event["cloud"]["provider"], event["cloud"]["account"]["type_id"]) for event in EVENTS}
    assert providers == {("AWS", 10), ("Azure", 13), ("GCP", 11)}
    assert {event["type_uid"] for event in EVENTS} == {200301}


def test_what_is_unknown_is_unknown_and_nothing_passes() -> None:
    (event,) = UNKNOWN
    assert "lambda:GetPolicy, which needs lambda:GetPolicy: DENIED" in event["message"]
    assert len(FAILED) + len(UNKNOWN) == len(EVENTS)
    assert len({each["finding_info"]["uid"] for each in EVENTS}) == len(EVENTS)


def test_waived_findings_are_suppressed_and_still_failed() -> None:
    waived = [event for event in EVENTS if event["status_id"] == 3]
    assert len(waived) == 3
    assert all(event["compliance"]["status"] == "Fail" for event in waived)
    assert all(event["comment"].startswith("waived until 2099-12-31: accepted") for event in waived)


def test_times_are_the_reports() -> None:
    (known,) = (event for event in EVENTS if "first_seen_time" in event["finding_info"])
    assert (
        datetime.fromtimestamp(known["finding_info"]["first_seen_time"] / 1000, UTC).isoformat()
        == "2026-01-01T00:00:00+00:00"
    )
    assert {datetime.fromtimestamp(event["time"] / 1000, UTC).isoformat() for event in EVENTS} == {
        "2026-11-23T00:01:00+00:00"
    }


def test_a_report_without_findings_is_an_empty_array() -> None:
    empty = hostile.Picked({**SOURCE.head, "unknowns": []})
    assert json.loads(hostile.written(OcsfReporter(), empty)) == []
