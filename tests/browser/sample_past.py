"""What a sample report holds of the runs before it, and of a framework that was asked for."""

from typing import Any, TypeAlias

Row: TypeAlias = dict[str, Any]

NONE_SEEN = 12
"""The run (from 1) that found no function and so has no score."""


def remembered(findings: list[Row], runs: int, verdicts: int) -> Row:
    """The members of report.json that a history and ``--framework`` bring."""
    return {
        "totals": {"functions": 40, "causes": len(findings), "by_severity": _by_severity(findings)},
        "baseline": {"started_at": "2026-11-23T04:06:16Z", "depth": "standard", "tool_version": "0.1.0"},
        "new": sorted(row["fingerprint"] for row in findings[:9]),
        "resolved": ["a" * 16],
        "gone": ["b" * 16],
        "not_examined_again": ["c" * 16],
        "closed": [_past("a", "resolved-function", how="resolved"), _past("b", "deleted-function", how="gone")],
        "carried": [_past("c", "unread-function", why="the verdict is UNKNOWN")],
        "history": [_run(number, verdicts) for number in range(1, runs + 1)],
        "frameworks": [_framework(findings)],
        "accounts": [_account("522233334444", 12.0, "payments"), _account("411122223333", 70.0, "")],
        "shared_defects": [
            {
                "check_id": "role-admin",
                "title": "Role can do everything",
                "severity": "critical",
                "findings": 4,
                "functions": 3,
                "accounts": ["aws:411122223333", "aws:522233334444"],
            },
        ],
    }


def _by_severity(findings: list[Row]) -> dict[str, int]:
    names = ("critical", "high", "medium", "low", "informational")
    return {name: sum(row["severity"] == name for row in findings) for name in names}


def _run(number: int, verdicts: int) -> Row:
    scored = number != NONE_SEEN
    return {
        "run": number, "started_at": f"2026-10-{number:02}T04:00:00Z", "depth": "standard", "complete": number % 10 != 0,
        "low": 40.0 + number / 4 if scored else None, "high": 60.0 + number / 4 if scored else None, "grade": "F",
        "functions": 40, "causes": 200 - number, "by_severity": {"critical": 9, "high": 20}, "verdicts_total": verdicts,
        "verdicts_reached": verdicts - 5,
    }  # fmt: skip


def _past(letter: str, name: str, **more: str) -> Row:
    return {
        "fingerprint": letter * 16, "check_id": "role-admin", "severity": "high", "title": "Identity is an administrator",
        "message": f"{name} runs as an administrator", "subject_id": name, "function_name": name, "cloud": "aws",
        "account": "411122223333", "region": "eu-west-1", "first_seen": "2026-10-03T04:00:00Z", **more,
    }  # fmt: skip


def _account(scope: str, low: float, name: str) -> Row:
    return {
        "id": f"aws:{scope}", "cloud": "aws", "scope": scope, "name": name, "unit": "ou-root", "owners": ["ledger-team"],
        "status": "read", "functions": 20, "score": {"low": low, "high": low + 5, "grade": "F"}, "causes": 9,
        "by_severity": {"critical": 2, "high": 3}, "verdicts_reached": 90, "verdicts_total": 100, "worst": None,
        "directory": f"accounts/aws-{scope}" if name else "javascript:alert(1)",
    }  # fmt: skip


def _framework(findings: list[Row]) -> Row:
    failing = sorted(row["fingerprint"] for row in findings if row["check_id"] == "role-admin")
    link = {"check_id": "role-admin", "cloud": "aws", "strength": "full", "basis": "vendor", "verdicts": {"FAIL": 3}}
    bare: Row = {"limit": "", "wanted": "", "clouds": {}, "findings": [], "waived": [], "evidence": []}
    controls = [
        {**bare, "id": "A.1", "title": "Least privilege", "status": "failed", "reason": "role-admin: a defect was found.",
         "findings": failing, "evidence": [link]},
        {**bare, "id": "A.2", "title": "Reviews are held", "status": "not-assessed", "reason": "No check looks at it.",
         "limit": "it is a matter of records", "wanted": "minutes of the review"},
    ]  # fmt: skip
    return {
        "id": "made-up-1", "version": "1", "title": "A made-up framework", "publisher": "Nobody", "url": "https://example.invalid",
        "as_of": "2026-11-01", "scope": "The part about identities.", "size": "12 controls", "controls_total": 12, "controls_not_listed": 10, "notes": [],
        "by_status": {"failed": 1, "not-assessed": 1}, "controls": controls,
    }  # fmt: skip
