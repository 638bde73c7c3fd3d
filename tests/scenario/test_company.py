"""The demo company: every verdict as expected, nothing vanished, every call declared and every declared call used."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from auditor import plugins
from auditor.code.taint.scan import RULES
from auditor.engine.schemas import schema
from auditor.model.ids import Cloud
from moto_fixtures.company import expected
from tests.scenario.expect import by_name, differences, read
from tests.scenario.replaying import Replay
from tests.strict_schema import strict


@pytest.fixture(params=Cloud, ids=str)
def cloud(request: pytest.FixtureRequest) -> Cloud:
    return request.param


def promised(cloud: Cloud) -> dict[str, dict[str, str]]:
    return read(expected(cloud))


def test_every_verdict_is_as_expected(report: dict, cloud: Cloud) -> None:
    changed = differences(promised(cloud), by_name(report, cloud))
    assert not changed, "look at each, then run 'make expect':\n" + "\n".join(changed)


def test_every_check_fails_somewhere_or_is_proved_elsewhere(cloud: Cloud) -> None:
    never = {check for check, verdicts in promised(cloud).items() if "FAIL" not in verdicts.values()}
    assert never <= UNPROVOKED[cloud], f"no demo function fails {sorted(never - UNPROVOKED[cloud])}"


_EVERYWHERE = {
    # the operator must name the locations first; its own tests make it fail
    "location-not-approved",
    # depends on the day: on the day of the expected verdicts no runtime is within its notice
    "runtime-near-eol",
    # the demo looks into no package: it would need advisories; their own tests make them fail, and so does
    # test_injected_code.py
    "dependency-vulnerable",
    "dependency-malicious",
    "secret-in-code",
    "tls-verification-disabled",
    "cleartext-endpoint",
    "signature-not-verified",
    "debug-enabled",
    "verbose-error",
    "event-data-in-module-variable",
    "event-data-in-temporary-file",
    *(rule for rule, _ in RULES.values()),
}

_AWS = {
    # weaknesses of the code and what it calls, as above
    "role-actions-uncalled",
    "authorizer-allows-on-error",
    "authorizer-trusts-spoofable-field",
    # the operator must set an allow-list first; its own tests make it fail
    "settings-not-as-expected",
    # no public function of the company has a role with more than its own resources; its own tests make it fail
    "exposure-path",
    # the operator must name variables first; its own tests make it fail
    "env-sensitive-not-client-encrypted",
    # AWS fills LoggingConfig in for every function; only a damaged answer lacks it
    "loggingconfig-absent",
    # no URL of the company admits a local origin; its own tests make it fail, and so do apps on Azure
    "cors-local-origin",
    # the emulated Inspector covers every function it can; its own tests make these fail
    "inspector-blind-cmk",
    "inspector-coverage-inactive",
    # the emulated security groups open IPv4 only; its own tests make it fail
    "ipv6-egress",
    # no role of the company in the old network names a service by its own actions; its own tests make it fail
    "vpc-no-endpoints",
    # the emulated GuardDuty finds nothing, and no quota of the company is nearly used up; their own tests make them fail
    *("threat-detected", "unreserved-pool-small", "code-storage-near-limit"),
    # no version of the company keeps a credential that the function has lost; its own tests make it fail
    "revision-secret",
}


_BY_ROLES = {
    # how and where roles are held: no account of the company holds one so; tests/unit/checks/over_privilege makes them fail
    *("assignment-condition-loose", "role-disrupts-logging", "role-in-other-account"),
}

_AZURE = {*_BY_ROLES, "custom-role-owner", "handler-needs-master-key", "identity-on-other-compute"}

_GCP = {
    *(*_BY_ROLES, "invoker-policy-writable-by-others", "secret-in-other-project", "secrets-readable-beyond-references"),
    *("service-account-duties-unseparated", "service-agent-basic-role"),
}

UNPROVOKED: dict[Cloud, set[str]] = {
    Cloud.AWS: _EVERYWHERE | _AWS,
    Cloud.AZURE: _EVERYWHERE | _AZURE,
    Cloud.GCP: _EVERYWHERE | _GCP,
}


def test_the_report_fits_its_schema(report: dict) -> None:
    errors = list(Draft202012Validator(strict(schema("report"))).iter_errors(report))
    assert errors == []


def test_fingerprints_are_unique(report: dict) -> None:
    marks = [finding["fingerprint"] for finding in report["findings"]]
    assert len(set(marks)) == len(marks)


def test_every_finding_has_evidence_and_a_whole_fix(report: dict) -> None:
    for finding in report["findings"]:
        assert finding["evidence"], finding["check_id"]
        assert all(item["source"] and item["detail"] for item in finding["evidence"]), finding["check_id"]
        assert all(finding["remediation"].values()), finding["check_id"]


def test_the_calls_made_are_the_calls_declared(replays: dict[Cloud, Replay], cloud: Cloud) -> None:
    declared = {op.id for op in plugins.provider(cloud).operations if op.makes_call}
    asked = {key.operation for key in replays[cloud].capture.shards()}
    assert asked <= declared
    assert declared - asked <= FALLBACKS[cloud]


FALLBACKS: dict[Cloud, set[str]] = {
    Cloud.AWS: {
        # asked only where GetFunction, which tells it too, is not asked (the demo asks for its tier) or is refused
        "lambda:GetFunctionConcurrency",
        # asked only where a destination is an event bus; the company sends to queues, topics, buckets and functions
        "events:DescribeEventBus",
        # asked only of buckets that a policy or an access control list opens to everyone; none of the company's is
        "s3:GetPublicAccessBlock",
        # asked only where a run is to read the accounts of an organization
        "organizations:ListAccounts",
        # asked only then, or where their tier is asked for: what binds the accounts of an organization from above
        "organizations:DescribePolicy",
        "organizations:ListParents",
        "organizations:ListPolicies",
        "organizations:ListTargetsForPolicy",
        # asked only where the tier of reports on roles is
        "iam:GenerateServiceLastAccessedDetails",
        "iam:GetServiceLastAccessedDetails",
        # asked only where GuardDuty has findings about functions
        "guardduty:GetFindings",
        # asked only where the tier of AWS Config is
        "config:SelectResourceConfig",
        # asked only where packages are looked into
        "lambda:GetFunctionCode",
        "lambda:GetLayerVersionCode",
        "organizations:ListAccountsForParent",
        "organizations:ListOrganizationalUnitsForParent",
    },
    Cloud.AZURE: {
        # asked only where a run takes over the answers of an earlier one
        "insights:ListActivityEvents",
        # asked only where the scan is told a management group in place of subscriptions
        "management:ListDescendants",
        # recorded only where packages are looked into
        "web:GetPackageCode",
        # asked only where Resource Graph refused, or ended early, the list that holds them in bulk
        "authorization:ListRoleDefinitions",
        "web:ListPlans",
        # asked only for an app or account that Resource Graph left out or told in part
        "app:GetContainerApp",
        "storage:GetAccount",
        "web:ListPrivateEndpoints",
        # asked only for an identity that is not on the list of its subscription
        "msi:GetIdentity",
    },
    Cloud.GCP: {
        # asked only where packages are looked into
        "functions:GetDownloadUrl",
        "functions:GetSourceCode",
        # asked only where the scan is told the projects to read
        "resourcemanager:GetProject",
    },
}


def test_the_manifest_names_every_file(scanned: Path) -> None:
    manifest = json.loads((scanned / "manifest.json").read_bytes())
    files = {path.relative_to(scanned).as_posix() for path in scanned.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == files - {"manifest.json"}


def test_what_was_proved_for_which_qualifier_is_said(report: dict) -> None:
    rows = [row for row in report["functions"] if row["cloud"] == Cloud.AWS]
    proved = {row["name"]: row["invoke_reach"]["proved_for"] for row in rows}
    assert all("$LATEST" in qualifiers for qualifiers in proved.values())
    assert any(len(qualifiers) > 1 for qualifiers in proved.values())
