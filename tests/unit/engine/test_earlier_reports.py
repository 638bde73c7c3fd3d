"""A report.json of before keys moved is read as one of today."""

import copy
from typing import Any

from auditor.engine.earlier_reports import renew

MONEY = {"low": 1.0, "high": 2.0}
STEP = {"source": "own", "target": "admin", "object": "admin", "technique": "assume-role", "sentence": "assumes admin"}
EARLIER: dict[str, Any] = {
    "spend": {"currency": "EUR"},
    "functions": [
        {
            "id": "f",
            "spend_ceiling": {
                "hour": MONEY,
                "day": MONEY,
                "triggers": [{"name": "url", "legs": [{"leg": "compute", "hour": MONEY, "day": MONEY}]}],
                "assumptions": ["the throttle of API Gateway is best effort: the ceiling is soft"],
            },
            "effective_permissions": {
                "takers": 1,
                "capabilities": [{"kind": "spend", "scope": "set", "conditions": ["aws:SourceIp"], "proof": []}],
                "escalation": [
                    {
                        "source": "own",
                        "target": "admin",
                        "administrator": True,
                        "gains": [],
                        "conditions": [],
                        "steps": [{**STEP, "actions": [], "conditions": [], "proof": [{"policy": "p", "text": "{}"}]}],
                    }
                ],
                "takeover": [],
            },
            "code": {
                "layers": [{"id": "l", "analysis": None}],
                "analysis": {
                    "components": [{"purl": "pkg:pypi/a@1"}],
                    "vulnerabilities": [{"purl": "pkg:pypi/a@1", "id": "GHSA-1"}],
                    "findings": [],
                    "facts": {
                        "api_uses": [{"call": "s3.GetObject", "actions": ["s3:GetObject"], "resources": [], "file": "a", "line": 1}]
                    },
                },
            },
        }
    ],
}  # fmt: skip


def test_what_moved_is_found_where_it_is_today() -> None:
    document = copy.deepcopy(EARLIER)
    renew(document)
    (row,) = document["functions"]
    assert (row["ceiling"]["currency"], row["ceiling"]["soft"], row["ceiling"]["legs"][0]["name"]) == (
        "EUR",
        True,
        "compute",
    )
    assert [(each["capability"], each["conditional"]) for each in row["capabilities"]] == [("spend", True)]
    assert row["effective_permissions"] == {"takers": 1}
    (path,) = document["paths"]
    assert (path["kind"], path["severity"], path["reaches"], path["function_id"]) == (
        "escalation",
        "critical",
        "admin",
        "f",
    )
    assert (path["steps"][0]["by"], path["steps"][0]["proof"]) == ("assumes admin", [{"source": "", "detail": "p: {}"}])
    assert row["code"]["components"] == [{"purl": "pkg:pypi/a@1", "advisories": ["GHSA-1"]}]
    assert [(each["action"], each["certain"]) for each in row["code"]["calls"]] == [("s3:GetObject", True)]
    assert row["code"]["layers"] == [{"id": "l", "analysis": None, "components": None, "findings": None, "calls": None}]


def test_a_report_of_today_stays_as_it_is() -> None:
    document = copy.deepcopy(EARLIER)
    renew(document)
    again = copy.deepcopy(document)
    renew(again)
    assert again == document


def test_what_is_no_report_is_left_to_the_validation() -> None:
    for wrong in (
        {},
        {"functions": 3},
        {"functions": [1, {"effective_permissions": 2, "spend_ceiling": 3, "code": 4}]},
    ):
        renew(wrong)
