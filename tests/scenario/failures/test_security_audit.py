"""A scan with exactly what AWS's own SecurityAudit holds: two checks go without a verdict, and no other (S20)."""

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


def test_s20_the_role_is_what_was_withheld() -> None:
    assert {fault.operation for fault in WITHHELD} == {
        "GetFunction",
        "GetLayerVersionByArn",
        "GetFunctionRecursionConfig",
        "GetSigningProfile",
    }


def test_s20_at_full_depth_only_recursion_is_unknown(sane: Scan, audited: Scan) -> None:
    assert lost(sane, audited) == {"recursion-allowed": {"UNKNOWN"}}
    assert audited.gaps() == {"lambda:GetFunctionRecursionConfig": {"DENIED"}}
    assert audited.unknown("orders", "recursion-allowed")["permission"] == "lambda:GetFunctionRecursionConfig"


def test_s20_facts_that_get_function_used_to_bring_are_known(audited: Scan) -> None:
    rows = {row["name"]: row for row in audited.report["functions"]}
    assert rows["orders"]["tags"] == {"team": "shop"}
    hidden = [fact for row in rows.values() for fact in row["unknown_facts"] if fact["reason"] == "DENIED"]
    unknown = {field for fact in hidden for field in fact["fields"]}
    assert unknown == {"limits.recursion_allowed"}
    assert audited.status("orders", "public-and-unreserved") == "FAIL"


def test_s20_at_standard_depth_nothing_is_lost_and_the_run_is_complete(auditor: Auditor) -> None:
    whole = auditor.scan("--profile-level", "strict")
    scan = auditor.scan("--profile-level", "strict", faults=WITHHELD)
    assert lost(whole, scan) == {}
    assert scan.gaps() == {}
    assert scan.report["run"]["complete"] == whole.report["run"]["complete"]


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
