"""AccessDenied on each single operation, live: the report names the permission and nothing becomes PASS."""

import pytest

from auditor.cli.main import run
from auditor.model.capture import Depth
from moto_fixtures.aws.faults import Fault
from moto_fixtures.emulation.faults import Spoil
from providers.aws.operations import BY_ID
from tests.scenario.failures.account import Auditor, Scan

USED = (
    "access-analyzer:ListAnalyzers",
    "apigateway:GetRestApis",
    "apigatewayv2:GetApis",
    "apigatewayv2:GetDomainNames",
    "appsync:ListGraphqlApis",
    "budgets:DescribeBudgets",
    "ce:GetAnomalyMonitors",
    "cloudfront:ListDistributions",
    "cloudtrail:DescribeTrails",
    "cloudwatch:DescribeAlarms",
    "codepipeline:ListPipelines",
    "config:DescribeConfigurationRecorderStatus",
    "config:DescribeConfigurationRecorders",
    "ec2:DescribeFlowLogs",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "events:ListEventBuses",
    "events:ListRules",
    "guardduty:ListDetectors",
    "iam:GetAccountAuthorizationDetails",
    "inspector2:BatchGetAccountStatus",
    "inspector2:ListCoverage",
    "kms:DescribeKey",
    "kms:GetKeyRotationStatus",
    "lambda:GetAccountSettings",
    "lambda:GetFunctionConcurrency",
    "lambda:GetFunctionRecursionConfig",
    "lambda:GetPolicy",
    "lambda:GetRuntimeManagementConfig",
    "lambda:ListAliases",
    "lambda:ListCodeSigningConfigs",
    "lambda:ListEventSourceMappings",
    "lambda:ListFunctionEventInvokeConfigs",
    "lambda:ListFunctionUrlConfigs",
    "lambda:ListFunctions",
    "lambda:ListVersionsByFunction",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "organizations:DescribeOrganization",
    "pipes:ListPipes",
    "s3control:GetPublicAccessBlock",
    "scheduler:ListSchedules",
    "sns:ListSubscriptions",
    "sqs:GetQueueAttributes",
    "sqs:ListQueues",
    "states:ListStateMachines",
    "sts:GetCallerIdentity",
    "tag:GetResources",
    "xray:GetEncryptionConfig",
)


def test_the_matrix_has_every_operation_this_account_uses(sane: Scan) -> None:
    used = {row["operation"] for row in sane.report["coverage"]["operations"] if row["ok"] or row["absent"]}
    used -= {"lambda:ListPublishedVersions"}  # that is lambda:ListFunctions asked twice
    assert (used - set(USED), set(USED) - used) == (set(), set())


@pytest.fixture(scope="module")
def standard(auditor: Auditor) -> Scan:
    return auditor.scan("--profile-level", "strict")


@pytest.mark.parametrize("id", USED)
def test_a_denied_operation_is_named_and_proves_nothing(auditor: Auditor, sane: Scan, standard: Scan, id: str) -> None:
    operation = BY_ID[id]
    depth = max(operation.depth, Depth.STANDARD, key=lambda depth: depth.rank)
    whole = sane if depth is Depth.FULL else standard
    denied = Fault(Spoil.DENY, service=operation.client, operation=operation.method)
    scan = auditor.scan("--depth", depth.value, "--profile-level", "strict", faults=(denied,))
    listing = id == "lambda:ListFunctions"
    assert scan.code == (5 if listing else 0)
    assert scan.gaps() == {id: {"DENIED"}}
    assert scan.gap(id, "DENIED")["permission"] == operation.permission
    assert not scan.report["run"]["complete"]
    (scope,) = scan.report["scopes"]
    assert scope["status"] == ("unreadable" if listing else "partial")
    before, after = whole.verdicts(), scan.verdicts()
    assert {key: (before.get(key), status) for key, status in after.items() if worse(before.get(key), status)} == {}
    if not listing:
        assert set(before) <= set(after), "a verdict vanished"
    changed = {key for key in before if after.get(key, "UNKNOWN") != before[key]}
    explained = {(name, row["check_id"]) for row in scan.report["unknowns"] for name in named(scan, row["subjects"])}
    assert changed & set(after) <= explained
    assert all(operation.permission == row["permission"] for row in scan.report["unknowns"])
    again = auditor.out()
    verdict = run(["evaluate", str(scan.out), "-o", str(again), "--fail-on-incomplete", "--quiet", "-M", "json"])
    assert verdict == (5 if listing else 4)


def worse(before: str | None, after: str) -> bool:
    """Whether silence was taken for safety."""
    return (
        (after == "PASS" and before != "PASS")
        or (after == "NOT_APPLICABLE" and before in ("FAIL", "UNKNOWN"))
        or after == "ERROR"
        or (after == "NOT_EXAMINED" and before != "NOT_EXAMINED")
        or (after == "FAIL" and before != "FAIL")
    )


def named(scan: Scan, subjects: list[str]) -> set[str]:
    names = {row["id"]: row["name"] for row in scan.report["functions"]}
    return {names.get(subject, subject) for subject in subjects}


def test_an_incomplete_scan_ends_with_4_when_asked(auditor: Auditor) -> None:
    scan = auditor.scan("--fail-on-incomplete", faults=(Fault(Spoil.DENY, operation="GetPolicy"),))
    assert scan.code == 4
    assert scan.report["run"]["exit_code"] == 4
    gate = scan.report["run"]["gate"]
    assert (gate["fail_on"], gate["only_new"], gate["passed"]) == ("none", False, True)
    assert scan.status("mailer", "policy-service-no-source") == "UNKNOWN"
    assert scan.unknown("mailer", "policy-service-no-source")["permission"] == "lambda:GetPolicy"


def test_a_caller_denied_everything_but_its_own_name(auditor: Auditor, sane: Scan) -> None:
    refused = Fault(Spoil.DENY)
    scan = auditor.scan(faults=(refused,))
    assert scan.code == 5
    assert scan.report["run"]["exit_code"] == 5
    assert scan.report["functions"] == []
    (scope,) = scan.report["scopes"]
    assert (scope["id"], scope["status"]) == (sane.report["scopes"][0]["id"], "unreadable")
    assert scan.gap("lambda:ListFunctions", "DENIED")["permission"] == "lambda:ListFunctions"
    assert "PASS" not in scan.verdicts().values()
    assert "NOT_APPLICABLE" not in scan.verdicts().values()
    assert scan.report["score"]["low"] is None
