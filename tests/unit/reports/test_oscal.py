import json
from dataclasses import dataclass
from typing import Any

import pytest
from oscal_bindings.models import AssessmentResultsDocument
from pydantic import ValidationError

from auditor.compliance.catalogue import frameworks
from auditor.model.control_status import ControlStatus
from reports.oscal_controls import NIST, control_id
from reports.oscal_report import OscalReporter
from reports.plain import line
from tests.unit.cli.finished import RUN
from tests.unit.reports import hostile, pdf_frameworks

SOURCE = hostile.report()
TEXT = hostile.written(OscalReporter(), SOURCE).decode("ascii")
DOCUMENT: dict[str, Any] = json.loads(TEXT)
(RESULT,) = DOCUMENT["assessment-results"]["results"]
MINE = [row for row in RESULT["observations"] if row["types"] == ["finding"]]


def props(row: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in row["props"]}


def test_it_is_valid_by_the_models_that_are_generated_from_nists_schema() -> None:
    AssessmentResultsDocument.model_validate_json(TEXT)
    with pytest.raises(ValidationError):
        AssessmentResultsDocument.model_validate(
            {"assessment-results": {**DOCUMENT["assessment-results"], "strange": 1}}
        )


def test_each_finding_is_an_observation_of_its_function() -> None:
    findings = list(SOURCE.findings())
    assert [props(row)["fingerprint"] for row in MINE] == [row["fingerprint"] for row in findings]
    items = {row["uuid"]: props(row)["function-id"] for row in RESULT["local-definitions"]["inventory-items"]}
    assert len(items) == len(list(SOURCE.functions()))
    for row, finding in zip(MINE, findings, strict=True):
        (subject,) = row["subjects"]
        assert items[subject["subject-uuid"]] == line(finding["function_id"])
        assert props(row)["severity"] == finding["severity"]
        assert {one["value"] for one in row["props"] if one["name"] == "control"} == set(finding["controls"])


def test_references_meet_what_they_name() -> None:
    known = {row["uuid"] for row in RESULT["observations"]}
    assert len(known) == len(RESULT["observations"])
    for row in (*RESULT["risks"], *RESULT["findings"]):
        assert {one["observation-uuid"] for one in row["related-observations"]} <= known
    (resource,) = DOCUMENT["assessment-results"]["back-matter"]["resources"]
    assert DOCUMENT["assessment-results"]["import-ap"]["href"] == f"#{resource['uuid']}"
    assert [props(row)["cause"] for row in RESULT["risks"]] == [row["id"] for row in SOURCE.causes()]


def test_no_control_is_called_satisfied_and_one_with_findings_is_not() -> None:
    (finding,) = RESULT["findings"]
    assert finding["target"]["target-id"] == "ac-3_smt"
    assert finding["target"]["status"]["state"] == "not-satisfied"
    assert len(finding["related-observations"]) == sum(row["check_id"] == "open-url" for row in SOURCE.findings())
    assert '"satisfied"' not in TEXT
    (selection,) = RESULT["reviewed-controls"]["control-selections"]
    assert selection["include-controls"] == [{"control-id": "ac-3"}]


def test_what_is_unknown_is_an_observation_and_the_run_is_said_to_be_incomplete() -> None:
    (unknown,) = (row for row in RESULT["observations"] if row["types"] == ["discovery"])
    assert props(unknown)["status"] == "UNKNOWN"
    assert "lambda:GetPolicy" in unknown["description"]
    assert props(RESULT)["run-complete"] == "false"
    assert "crashed" in RESULT["remarks"]


def test_waived_findings_are_told_and_their_risk_is_accepted() -> None:
    waived = [row for row in MINE if "waived" in props(row)]
    assert len(waived) == 3
    assert all(props(row)["waived"].startswith("waived until 2099-12-31: accepted") for row in waived)
    accepted = [row for row in RESULT["risks"] if row["status"] == "deviation-approved"]
    assert len(accepted) == len([row for row in SOURCE.causes() if row["waived"]]) > 0


def test_a_control_says_until_when_and_why_findings_against_it_are_waived() -> None:
    (finding,) = RESULT["findings"]
    assert ", 1 of them waived." in finding["description"]
    assert finding["remarks"].startswith("1 finding waived until 2099-12-31: accepted ]]>")


def test_who_asked_is_a_party_and_how_it_was_judged_is_in_the_plan() -> None:
    metadata = DOCUMENT["assessment-results"]["metadata"]
    (party,) = metadata["parties"]
    assert party["name"] == SOURCE.head["run"]["caller"]["aws"]
    assert metadata["responsible-parties"] == [{"role-id": "prepared-by", "party-uuids": [party["uuid"]]}]
    (plan,) = DOCUMENT["assessment-results"]["back-matter"]["resources"]
    assert "With 1 waiver: 1 over-broad." in plan["description"]
    assert f"Evaluated as of {RUN.as_of}" in plan["description"]


def test_an_account_that_could_not_be_read_is_not_called_operational() -> None:
    scopes = [{**row, "status": status} for row, status in zip(SOURCE.head["scopes"], STATUSES, strict=True)]
    document = json.loads(hostile.written(OscalReporter(), Other({"scopes": scopes})))
    components = document["assessment-results"]["results"][0]["local-definitions"]["components"]
    assert [row["status"]["state"] for row in components] == ["operational", "operational", "other"]
    assert ["remarks" in row["status"] for row in components] == [False, True, True]
    AssessmentResultsDocument.model_validate(document)


STATUSES = ("read", "partial", "unreadable")


def by_control(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["value"]: row for row in rows for one in row["props"] if one["name"] == "control"}


def test_a_framework_is_told_control_by_control_with_every_status() -> None:
    source = pdf_frameworks.report()
    (toy,) = source.head["frameworks"]
    nist = {**toy, "id": NIST, "controls": [{**toy["controls"][0], "id": "AC-6(5)"}]}
    source.assessed(
        [toy, nist, {**toy, "id": "none", "controls": [toy["controls"][1]], "by_status": {"not-assessed": 1}}]
    )
    text = hostile.written(OscalReporter(), source)
    AssessmentResultsDocument.model_validate_json(text)
    (result,) = json.loads(text)["assessment-results"]["results"]
    states = {
        name: (row["target"]["target-id"], *(row["target"]["status"][key] for key in ("state", "reason")))
        for name, row in by_control(result["findings"]).items()
    }
    assert states == {
        "toy:C.1": ("toy_C.1", "not-satisfied", "fail"),
        "toy:C.unknown": ("toy_C.unknown", "not-satisfied", "other"),
        "toy:C.waived": ("toy_C.waived", "not-satisfied", "fail"),
        "toy:C.satisfied": ("toy_C.satisfied", "satisfied", "pass"),
        f"{NIST}:AC-6(5)": ("ac-6.5_smt", "not-satisfied", "fail"),
    }
    undecided = [row for row in result["observations"] if row["types"] == ["control-objective"]]
    claimed = by_control(undecided)
    assert {name: row["methods"] for name, row in claimed.items()} == {
        "toy:C.2": ["UNKNOWN"],
        "toy:C.no-failure-seen": ["TEST"],
        "toy:C.not-applicable": ["TEST"],
        "none:C.2": ["UNKNOWN"],
    }
    told = [props(row)["control-status"] for row in (*result["findings"], *claimed.values())]
    assert sorted(told) == sorted([*ControlStatus, ControlStatus.FAILED, ControlStatus.NOT_ASSESSED])
    assert "only people know" in claimed["toy:C.2"]["description"]
    known = {row["uuid"]: row for row in result["observations"]}
    assert len(known) == len(result["observations"])
    failed = by_control(result["findings"])["toy:C.1"]
    evidence = [known[one["observation-uuid"]] for one in failed["related-observations"]]
    assert {props(row).get("check") for row in evidence} == {"slow"}
    marks = {props(row).get("fingerprint") for row in evidence} - {None}
    assert marks == {*toy["controls"][0]["findings"], *(row["fingerprint"] for row in toy["controls"][0]["waived"])}
    waived = by_control(result["findings"])["toy:C.waived"]["remarks"]
    assert waived.startswith("1 finding waived until 2099-12-31: moved in May")
    assert waived.endswith("(payments, T-17)")
    mine, theirs, none = result["reviewed-controls"]["control-selections"]
    assert mine["exclude-controls"] == [{"control-id": "toy_C.2"}]
    assert {"control-id": "toy_C.unknown"} in mine["include-controls"]
    assert theirs["include-controls"] == [{"control-id": "ac-6.5"}]
    assert none["include-controls"] == none["exclude-controls"] == [{"control-id": "none_C.2"}]
    assert "1 of 9 controls failed" in mine["description"]


def test_what_a_linked_check_could_not_read_is_evidence_of_a_control_that_is_unknown() -> None:
    source = pdf_frameworks.report()
    (toy,) = source.head["frameworks"]
    link = {**toy["controls"][0]["evidence"][0], "check_id": "open-url", "cloud": "aws"}
    control = {**toy["controls"][2], "status": "unknown", "evidence": [link], "findings": [], "waived": []}
    source.assessed([{**toy, "controls": [control, {**control, "id": "C.9", "evidence": [{**link, "cloud": "gcp"}]}]}])
    (result,) = json.loads(hostile.written(OscalReporter(), source))["assessment-results"]["results"]
    kinds = {row["uuid"]: row["types"] for row in result["observations"]}
    here, there = (
        [kinds[one["observation-uuid"]] for one in row["related-observations"]] for row in result["findings"]
    )
    assert (here, there) == ([["control-objective"], ["discovery"]], [["control-objective"]])


def test_uuids_stay_the_same_in_the_next_run() -> None:
    again = json.loads(hostile.written(OscalReporter(), Other({"finished_at": "2027-01-01T00:00:00Z"})))[
        "assessment-results"
    ]
    (result,) = again["results"]
    assert again["uuid"] != DOCUMENT["assessment-results"]["uuid"]
    assert [row["uuid"] for row in result["observations"]] == [row["uuid"] for row in RESULT["observations"]]


@dataclass
class Other:
    """The same findings, with another head."""

    changed: dict[str, Any]

    @property
    def head(self) -> Any:
        return {**SOURCE.head, **self.changed}

    def __getattr__(self, name: str) -> Any:
        return getattr(SOURCE, name)


@pytest.mark.parametrize(("ours", "theirs"), [("AC-3", "ac-3"), ("AC-6(5)", "ac-6.5"), ("SC-7(20)", "sc-7.20")])
def test_a_control_has_the_id_of_nists_catalogue(ours: str, theirs: str) -> None:
    assert control_id(ours) == theirs


def test_the_catalogue_is_a_framework_that_findings_name() -> None:
    assert NIST in frameworks()
