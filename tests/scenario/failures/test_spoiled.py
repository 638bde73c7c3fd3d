"""Answers that are wrong, late, half or gone: each becomes its own gap, and nothing else is lost."""

import pytest

from moto_fixtures.aws.faults import Fault
from moto_fixtures.emulation.faults import Spoil
from tests.scenario.failures.account import NAMES, Auditor, Scan

POLICY_CHECKS = ("policy-public", "policy-service-no-source", "policy-cross-account")


@pytest.fixture(scope="module")
def standard(auditor: Auditor) -> Scan:
    return auditor.scan()


def differing(before: Scan, after: Scan) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """(subject, check) → (before, after) of every verdict that changed, came or went."""
    was, now = before.verdicts(), after.verdicts()
    return {key: (was.get(key), now.get(key)) for key in was.keys() | now.keys() if was.get(key) != now.get(key)}


def only_became_unknown(before: Scan, after: Scan, names: set[str]) -> None:
    """What changed became UNKNOWN, on the named subjects alone."""
    changed = differing(before, after)
    assert {verdicts[1] for verdicts in changed.values()} <= {"UNKNOWN"}, changed
    assert {key[0] for key in changed} <= names, changed
    assert changed, "nothing depended on the spoiled answer"


def names(scan: Scan) -> list[str]:
    return sorted(row["name"] for row in scan.report["functions"])


def test_variables_that_may_not_be_decrypted(auditor: Auditor, standard: Scan) -> None:
    withheld = (
        Fault(Spoil.KMS_DENIED, service="lambda", operation="ListFunctions"),
        Fault(Spoil.KMS_DENIED, service="lambda", operation="ListVersionsByFunction"),
    )
    scan = auditor.scan(faults=withheld)
    assert scan.code == 0
    assert standard.status("vault", "wrapper-env") == "PASS"
    assert scan.status("vault", "wrapper-env") == "UNKNOWN"
    assert scan.unknown("vault", "wrapper-env")["permission"] == "kms:Decrypt"
    assert scan.unknown("vault", "wrapper-env")["reason"] == "DENIED"
    assert scan.status("loner", "wrapper-env") == "PASS"
    assert not scan.report["run"]["complete"]
    assert {key[0] for key in differing(standard, scan)} == {"vault"}
    row = next(row for row in scan.report["functions"] if row["name"] == "vault")
    assert any("environment" in fact["fields"] for fact in row["unknown_facts"])


def test_a_function_deleted_between_list_and_get(auditor: Auditor, standard: Scan) -> None:
    urls = "lambda:ListFunctionUrlConfigs"
    scan = auditor.scan(
        faults=(Fault(Spoil.VANISH, service="lambda", operation="ListFunctionUrlConfigs", resource="mailer"),)
    )
    assert scan.code == 0
    assert scan.gaps() == {urls: {"NOT_FOUND"}}
    assert scan.touched(urls, "NOT_FOUND") == {"mailer"}
    assert {key[0] for key in differing(standard, scan)} <= {"mailer"}
    assert names(scan) == sorted(NAMES)


def test_a_function_deleted_before_its_policy_was_read(auditor: Auditor, standard: Scan) -> None:
    scan = auditor.scan(faults=(Fault(Spoil.VANISH, service="lambda", operation="GetPolicy", resource="loner"),))
    assert scan.touched("lambda:GetPolicy", "NOT_FOUND") == {"loner"}
    assert standard.status("loner", "policy-public") == "PASS"
    assert [scan.status("loner", check) for check in POLICY_CHECKS] == ["UNKNOWN"] * 3
    only_became_unknown(standard, scan, {"loner"})


@pytest.mark.parametrize(
    ("operation", "spoil", "reason"),
    [
        ("GetPolicy", Spoil.MALFORMED, "MALFORMED"),
        ("GetPolicy", Spoil.TRUNCATED, "MALFORMED"),
        ("GetPolicy", Spoil.DROP_CONNECTION, "UNREACHABLE"),
        ("GetPolicy", Spoil.SERVER_ERROR, "SERVICE_ERROR"),
        ("ListFunctionUrlConfigs", Spoil.MALFORMED, "MALFORMED"),
        ("ListFunctionUrlConfigs", Spoil.TRUNCATED, "MALFORMED"),
    ],
)
def test_a_spoiled_answer_about_one_function(
    auditor: Auditor, standard: Scan, operation: str, spoil: Spoil, reason: str
) -> None:
    scan = auditor.scan(faults=(Fault(spoil, service="lambda", operation=operation, resource="mailer"),))
    assert scan.code == 0
    assert scan.gaps() == {f"lambda:{operation}": {reason}}
    assert scan.touched(f"lambda:{operation}", reason) == {"mailer"}
    only_became_unknown(standard, scan, {"mailer"})


@pytest.mark.parametrize(
    ("spoil", "reason"), [(Spoil.DENY, "DENIED"), (Spoil.SERVER_ERROR, "SERVICE_ERROR"), (Spoil.VANISH, "NOT_FOUND")]
)
def test_s20_reserved_concurrency_that_cannot_be_read_is_unknown_where_it_matters(
    auditor: Auditor, standard: Scan, spoil: Spoil, reason: str
) -> None:
    concurrency = "lambda:GetFunctionConcurrency"
    scan = auditor.scan(faults=(Fault(spoil, service="lambda", operation="GetFunctionConcurrency"),))
    assert scan.touched(concurrency, reason) == {"orders"}
    assert (standard.status("orders", "public-and-unreserved"), scan.status("orders", "public-and-unreserved")) == (
        "FAIL",
        "UNKNOWN",
    )
    assert scan.unknown("orders", "public-and-unreserved")["permission"] == concurrency
    only_became_unknown(standard, scan, {"orders"})


@pytest.mark.parametrize(("spoil", "reason"), [(Spoil.MALFORMED, "MALFORMED"), (Spoil.TRUNCATED, "MALFORMED")])
def test_a_list_of_functions_that_cannot_be_read(auditor: Auditor, spoil: Spoil, reason: str) -> None:
    scan = auditor.scan(faults=(Fault(spoil, service="lambda", operation="ListFunctions"),))
    assert scan.code == 5
    assert scan.gap("lambda:ListFunctions", reason)["permission"] == "lambda:ListFunctions"
    assert scan.report["scopes"][0]["status"] == "unreadable"
    assert scan.report["functions"] == []
    # settings of the account and the region were read and are judged; nothing is said of functions
    assert {subject for subject, _ in scan.verdicts()} == {"aws/123456789012", "aws/123456789012/us-east-1"}


@pytest.mark.parametrize(
    ("client", "operation", "id", "reason", "spoil"),
    [
        ("iam", "GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", "MALFORMED", Spoil.MALFORMED),
        ("logs", "DescribeLogGroups", "logs:DescribeLogGroups", "MALFORMED", Spoil.MALFORMED),
        ("ec2", "DescribeSecurityGroups", "ec2:DescribeSecurityGroups", "MALFORMED", Spoil.TRUNCATED),
        ("lambda", "ListEventSourceMappings", "lambda:ListEventSourceMappings", "MALFORMED", Spoil.MALFORMED),
        ("cloudtrail", "DescribeTrails", "cloudtrail:DescribeTrails", "MALFORMED", Spoil.MALFORMED),
        ("guardduty", "ListDetectors", "guardduty:ListDetectors", "SERVICE_ERROR", Spoil.SERVER_ERROR),
        ("inspector2", "BatchGetAccountStatus", "inspector2:BatchGetAccountStatus", "MALFORMED", Spoil.MALFORMED),
        ("config", "DescribeConfigurationRecorders", "config:DescribeConfigurationRecorders", "MALFORMED",
         Spoil.MALFORMED),
        ("kms", "DescribeKey", "kms:DescribeKey", "UNREACHABLE", Spoil.DROP_CONNECTION),
        ("resourcegroupstaggingapi", "GetResources", "tag:GetResources", "MALFORMED", Spoil.MALFORMED),
        ("access-analyzer", "ListAnalyzers", "access-analyzer:ListAnalyzers", "MALFORMED", Spoil.MALFORMED),
    ],
)  # fmt: skip
def test_a_spoiled_list_is_a_gap_and_proves_nothing(
    auditor: Auditor, standard: Scan, client: str, operation: str, id: str, reason: str, spoil: Spoil
) -> None:
    scan = auditor.scan(faults=(Fault(spoil, service=client, operation=operation),))
    assert scan.code == 0
    assert scan.gaps() == {id: {reason}}
    changed = differing(standard, scan)
    assert {verdicts[1] for verdicts in changed.values()} <= {"UNKNOWN"}, changed
    assert names(scan) == sorted(NAMES)


def test_an_answer_that_comes_too_late(auditor: Auditor, standard: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.aws.session.READ_SECONDS", 0.4)
    late = Fault(Spoil.SLOW, service="lambda", operation="GetPolicy", resource="mailer", delay=1.0)
    scan = auditor.scan(faults=(late,))
    assert scan.gaps() == {"lambda:GetPolicy": {"UNREACHABLE"}}
    assert scan.touched("lambda:GetPolicy", "UNREACHABLE") == {"mailer"}
    only_became_unknown(standard, scan, {"mailer"})


def test_a_token_that_expires_on_the_way(auditor: Auditor, standard: Scan) -> None:
    expired = Fault(Spoil.EXPIRED_TOKEN, service="lambda", operation="GetPolicy", resource="orders")
    auditor.server.forget_requests()
    scan = auditor.scan("--depth", "full", faults=(expired,))
    asked = [seen for seen in auditor.server.requests if (seen.operation, seen.resource) == ("GetPolicy", "orders")]
    # the function's own policy and its alias's may be under way together: neither is asked for a second time
    assert 1 <= len(asked) <= 2, "an expired token is not tried again"
    assert scan.code == 0
    assert {reason for reasons in scan.gaps().values() for reason in reasons} == {"EXPIRED"}
    assert "orders" in scan.touched("lambda:GetPolicy", "EXPIRED")
    assert names(scan) == sorted(NAMES)
    assert scan.status("orders", "policy-public") == "UNKNOWN"
    assert scan.unknown("orders", "policy-public")["reason"] == "EXPIRED"
    before = standard.verdicts()
    for key, status in scan.verdicts().items():
        assert status != "PASS" or before[key] in ("PASS", "NOT_EXAMINED"), key


def test_six_in_ten_throttled_and_nothing_lost(auditor: Auditor, standard: Scan) -> None:
    throttle = Fault(Spoil.THROTTLE, service="lambda", operation="GetPolicy", share=0.6)
    scan = auditor.scan(faults=(throttle,))
    assert differing(standard, scan) == {}
    assert scan.gaps() == {}
    assert scan.report["coverage"]["throttles"].keys() == {"lambda:GetPolicy"}
    assert scan.report["run"]["complete"]


def test_throttled_to_the_end(auditor: Auditor, standard: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.calls.retry.TRIES", 3)
    scan = auditor.scan(faults=(Fault(Spoil.THROTTLE, service="lambda", operation="GetPolicy"),))
    assert scan.code == 0
    assert scan.touched("lambda:GetPolicy", "THROTTLED") == set(NAMES)
    assert scan.gaps() == {"lambda:GetPolicy": {"THROTTLED"}}
    assert scan.status("mailer", "policy-service-no-source") == "UNKNOWN"
    only_became_unknown(standard, scan, set(NAMES))
