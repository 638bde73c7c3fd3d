"""The causes, summary and fix plan of a sample report, from its own rows."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, Any]

ONE_CAUSE = {"policy-public-invoke": "anonymous-endpoint"}
"""A check whose finding on a function is a facet of the other check's finding there."""
PLAN = 40


def lead_check(check_id: str, failing: Iterable[str]) -> str:
    """The check that leads the cause of a finding of this check on a function where these checks fail."""
    lead = ONE_CAUSE.get(check_id, check_id)
    return lead if lead in failing else check_id


def causes(findings: Iterable[Row]) -> Iterator[Row]:
    """The rows of ``causes``, in the order of their first finding."""
    groups: dict[str, list[Row]] = {}
    for finding in findings:
        groups.setdefault(finding["cause"], []).append(finding)
    for cause, rows in groups.items():
        lead = next(row for row in rows if row["check_id"] not in ONE_CAUSE or len(rows) == 1)
        same = {key: lead[key] for key in ("check_id", "title", "message", "risk", "severity", "confidence", "cloud",
                                           "account", "region", "remediation")}  # fmt: skip
        yield {
            **same, "id": cause, "site": lead["resource_id"], "lead": lead["fingerprint"],
            "findings": [lead["fingerprint"], *(row["fingerprint"] for row in rows if row is not lead)],
            "functions": sorted({row["function_id"] for row in rows if row["function_id"]}), "points": 0.25,
            "breaks": "Callers that do not sign their requests." if lead["check_id"] == "anonymous-endpoint" else "",
        }  # fmt: skip


def plan(rows: Iterable[Row], low: float, high: float) -> list[Row]:
    """The rows of ``plan``: the causes of functions in their order, gravest first."""
    order = ("critical", "high", "medium", "low", "informational")
    steps = sorted((row for row in rows if row["functions"]), key=lambda row: order.index(row["severity"]))[:PLAN]
    same = ("check_id", "severity", "title", "message", "cloud", "account", "region", "breaks", "functions", "points")
    return [
        {
            **{key: row[key] for key in same}, "rank": rank, "cause": row["id"], "change": row["remediation"]["text"],
            "command": row["remediation"]["command"], "terraform": row["remediation"]["terraform"],
            "closes": row["findings"], "eases": [],
            "score_after": {"low": low + rank / 4, "high": high + rank / 4},
        }
        for rank, row in enumerate(steps, 1)
    ]  # fmt: skip


def summary(functions: Iterable[Row]) -> Row:
    """The row of ``summary``."""
    count = {"functions": 0, "unauthenticated": 0, "administrator": 0, "both": 0}
    count |= {"unauthenticated_unknown": 0, "administrator_unknown": 0}
    for function in functions:
        count["functions"] += 1
        for trait in function["traits"]:
            count[trait] += 1
        for trait in function["unknown_traits"]:
            count[f"{trait}_unknown"] += 1
        count["both"] += len(function["traits"]) == 2
    return count
