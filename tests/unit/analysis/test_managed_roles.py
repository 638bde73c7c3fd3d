"""The vendors' own audit roles: what they hold of what we need, and what the rest costs (S20)."""

import pytest

from auditor import plugins
from auditor.analysis.managed_roles import (
    ManagedRole,
    data_as_of,
    kind_of,
    kinds,
    lacking,
    managed_roles,
    operation_costs,
)
from auditor.model.ids import Cloud
from auditor.provider import BASE, Operation


def needs(cloud: Cloud, *tiers: str) -> list[Operation]:
    return [op for op in plugins.provider(cloud).operations if op.tier in (BASE, *tiers)]


def lost(cloud: Cloud, *names: str, tiers: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    known = managed_roles(cloud)
    return {item.permission: item.checks for item in lacking(cloud, needs(cloud, *tiers), [known[n] for n in names])}


def test_s20_what_security_audit_lacks_of_the_base_tier_and_what_it_costs() -> None:
    """Of API Gateway it names the paths that are asked, and no others."""
    found = lost(Cloud.AWS, "SecurityAudit")
    assert found.keys() == {
        "apigateway:GET",
        "budgets:ViewBudget",
        "ce:GetAnomalyMonitors",
        "iot:GetTopicRule",
        "kinesis:GetResourcePolicy",
        "lambda:GetFunctionRecursionConfig",
        "pipes:ListPipes",
        "scheduler:ListSchedules",
        "signer:GetSigningProfile",
    }
    assert found["apigateway:GET"] == ("api-usage-plan-unlimited",), "of /usageplans alone"
    assert found["lambda:GetFunctionRecursionConfig"] == ("recursion-allowed", "trigger-loop")
    assert found["signer:GetSigningProfile"] == ("signing-publishers",)
    assert "trigger-loop" in found["pipes:ListPipes"]
    assert "internet-reachable" not in {*found["pipes:ListPipes"], *found["scheduler:ListSchedules"]}
    assert lost(Cloud.AWS, "SecurityAudit", "ViewOnlyAccess") == found
    assert lost(Cloud.AWS, "ReadOnlyAccess", tiers=("code",)) == {}


def test_s20_what_security_audit_lacks_of_the_code_tier_is_the_signed_urls_alone() -> None:
    more = lost(Cloud.AWS, "SecurityAudit", tiers=("code",)).keys() - lost(Cloud.AWS, "SecurityAudit").keys()
    assert more == {"lambda:GetFunction", "lambda:GetLayerVersion"}


def test_s20_azure_reader_and_googles_roles_are_told_alike() -> None:
    assert lost(Cloud.AZURE, "Reader") == {}
    assert (
        "env-secret-value" in lost(Cloud.AZURE, "Reader", tiers=("settings",))["Microsoft.Web/sites/config/list/action"]
    )
    assert "policy-public" in lost(Cloud.GCP, "roles/viewer")["resourcemanager.organizations.getIamPolicy"]
    both = lost(Cloud.GCP, "roles/viewer", "roles/iam.securityReviewer")
    assert both.keys() < lost(Cloud.GCP, "roles/viewer").keys()


@pytest.mark.parametrize("cloud", Cloud, ids=str)
def test_the_excerpt_holds_every_kind_of_resource_that_operations_read(cloud: Cloud) -> None:
    read = {kind_of(cloud, op.permission) for op in plugins.provider(cloud).operations}
    assert read <= kinds(cloud), "write it again: python -m tests.managed_roles DIRECTORY"
    assert managed_roles(cloud)
    assert all(role.allows for role in managed_roles(cloud).values())


@pytest.mark.parametrize("cloud", Cloud, ids=str)
def test_the_costs_name_operations_and_checks_that_exist(cloud: Cloud) -> None:
    costs = operation_costs(cloud)
    assert costs.keys() == {op.id for op in plugins.provider(cloud).operations if op.makes_call}, "run 'make costs'"
    known = {check.id for check in plugins.checks()}
    assert {check for checks in costs.values() for check in checks} <= known


def test_patterns_are_compared_without_case_and_exclusions_win() -> None:
    role = ManagedRole("r", "r", ("lambda:list*", "*/read"), ("microsoft.authorization/*/READ",))
    assert role.grants("lambda:ListFunctions")
    assert role.grants("Microsoft.Web/sites/read")
    assert not role.grants("Microsoft.Authorization/locks/read")
    assert not role.grants("lambda:GetFunction")
    assert role.grants("sts:GetCallerIdentity")


def test_the_source_and_its_day_are_told() -> None:
    assert data_as_of() == ("iann0036/iam-dataset", "2026-08-22")
