import json
from dataclasses import dataclass
from typing import Any

import pytest
from oscal_bindings.models import AssessmentResultsDocument
from pydantic import ValidationError

from auditor.compliance.catalogue import frameworks
from reports import oscal_report
from reports.oscal_report import OscalReporter, control_id
from reports.plain import line
from tests.unit.reports import hostile

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


def test_uuids_stay_the_same_in_the_next_run() -> None:
    again = json.loads(hostile.written(OscalReporter(), Later()))["assessment-results"]
    (result,) = again["results"]
    assert again["uuid"] != DOCUMENT["assessment-results"]["uuid"]
    assert [row["uuid"] for row in result["observations"]] == [row["uuid"] for row in RESULT["observations"]]


@dataclass
class Later:
    """The same findings, found later."""

    @property
    def head(self) -> Any:
        return {**SOURCE.head, "finished_at": "2027-01-01T00:00:00Z"}

    def __getattr__(self, name: str) -> Any:
        return getattr(SOURCE, name)


@pytest.mark.parametrize(("ours", "theirs"), [("AC-3", "ac-3"), ("AC-6(5)", "ac-6.5"), ("SC-7(20)", "sc-7.20")])
def test_a_control_has_the_id_of_nists_catalogue(ours: str, theirs: str) -> None:
    assert control_id(ours) == theirs


def test_the_catalogue_is_a_framework_that_findings_name() -> None:
    assert oscal_report._CATALOGUE.removesuffix(":") in frameworks()
