"""A scan with exactly what AWS's own SecurityAudit holds: what goes without a verdict, and nothing else (S20)."""

import pytest

from auditor.analysis.managed_roles import managed_roles
from auditor.model.ids import Cloud
from moto_fixtures.aws.faults import Fault
from moto_fixtures.emulation.faults import Spoil
from providers.aws.operations import OPERATIONS
from tests.scenario.failures.account import Auditor, Scan

ROLE = managed_roles(Cloud.AWS)["SecurityAudit"]
WITHHELD = tuple(
    Fault(Spoil.DENY, service=operation.client, operation=operation.method)
    for operation in OPERATIONS
    if operation.makes_call and not ROLE.grants(operation.permission, operation.resource)
)


@pytest.fixture(scope="module")
def audited(auditor: Auditor) -> Scan:
    return auditor.scan("--depth", "full", "--profile-level", "strict", faults=WITHHELD)


def lost(whole: Scan, scan: Scan) -> dict[str, set[str | None]]:
    """Check → the verdicts that subjects lost."""
    found: dict[str, set[str | None]] = {}
    after = scan.verdicts()
    for key, status in whole.verdicts().items():
        if after[key] != status:
            found.setdefault(key[1], set()).add(after[key])
    return found


UNLISTED = {
    "pipes:ListPipes": {"DENIED"},
    "scheduler:ListSchedules": {"DENIED"},
    "budgets:DescribeBudgets": {"DENIED"},
}
"""A pipe or a schedule may start any function, and the role lists neither; nor does it see budgets."""
UNSETTLED = {
    "async-no-failure-path": {"UNKNOWN"},
    "async-retry-default": {"UNKNOWN"},
    "spend-alert-absent": {"UNKNOWN"},
    "spend-ceiling-high": {"UNKNOWN"},
    "trigger-loop": {"UNKNOWN"},
}


def test_s20_the_role_is_what_was_withheld() -> None:
    assert {fault.operation for fault in WITHHELD} == {
        "GetFunction",
        "GetLayerVersionByArn",
        "GetResourcePolicy",
        "GetFunctionRecursionConfig",
        "GetSigningProfile",
        "GetTopicRule",
        "DescribeBudgets",
        "GetAnomalyMonitors",
        "ListPipes",
        "ListSchedules",
        "GetMetricData",
        "GetUsagePlans",
    }


def test_s20_at_full_depth_recursion_and_unlisted_sources_are_unknown(sane: Scan, audited: Scan) -> None:
    assert lost(sane, audited) == {"recursion-allowed": {"UNKNOWN"}, **UNSETTLED}
    at_full = {"lambda:GetFunctionRecursionConfig": {"DENIED"}, "ce:GetAnomalyMonitors": {"DENIED"}}
    assert audited.gaps() == {**at_full, **UNLISTED}
    assert audited.unknown("orders", "recursion-allowed")["permission"] == "lambda:GetFunctionRecursionConfig"


def test_s20_facts_that_get_function_used_to_bring_are_known(audited: Scan) -> None:
    rows = {row["name"]: row for row in audited.report["functions"]}
    assert rows["orders"]["tags"] == {"team": "shop"}
    hidden = [fact for row in rows.values() for fact in row["unknown_facts"] if fact["reason"] == "DENIED"]
    unknown = {field for fact in hidden for field in fact["fields"]}
    assert unknown == {"limits.recursion_allowed", "triggers"}
    assert audited.status("orders", "public-and-unreserved") == "FAIL"


def test_s20_at_standard_depth_only_what_pipes_and_schedules_would_tell_is_lost(auditor: Auditor) -> None:
    whole = auditor.scan("--profile-level", "strict")
    scan = auditor.scan("--profile-level", "strict", faults=WITHHELD)
    assert lost(whole, scan) == UNSETTLED
    assert scan.gaps() == UNLISTED
    unknown = [row for row in scan.report["unknowns"] if row["check_id"] == "trigger-loop"]
    assert {row["permission"] for row in unknown} == {"pipes:ListPipes"}


def test_s20_regions_are_discovered_with_the_role(auditor: Auditor) -> None:
    out = auditor.out()
    with auditor.spoiled(*WITHHELD):
        from auditor.cli.main import run

        code = run(
            ["scan", "--provider", "aws", "--depth", "quick", "--no-progress", "--quiet", "-M", "json", "-o", str(out)]
        )
    scan = Scan(code, out)
    assert len(scan.report["scopes"][0]["locations"]) > 10
    assert scan.report["run"]["errors"] == []
