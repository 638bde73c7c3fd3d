"""Damaged answers: never an exception, never a fact that the sound answer does not hold."""

import pytest
from hypothesis import given

from auditor.model.capture import Envelope
from auditor.model.code import NOT_READ
from auditor.model.observed import UNFILLED
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import capture
from tests.unit.providers.aws.normalize.comparing import bolder
from tests.unit.providers.damaging import (
    NULL_IS_A_VALUE,
    Path,
    bolder_without,
    changed,
    complaints,
    damaged,
    mixtures,
    nodes,
)
from tests.unit.providers.memory import MemoryCapture

BASE = capture()
SOUND = normalize(BASE)

DOCUMENTS = ("AssumeRolePolicyDocument", "PolicyDocument", "Document")
"""Policy documents: what damage to their text means is the policy reader's to say."""

ABSENCE_MEANS_NONE = {
    "s3:GetBucketEncryption": {"ApplyServerSideEncryptionByDefault", "KMSMasterKeyID"},
    "lambda:ListFunctions": {
        "KMSKeyArn",
        "SigningJobArn",
        # a Runtime proves an archive; the other four have the API's documented defaults
        "PackageType",
        "Architectures",
        "EphemeralStorage",
        "TracingConfig",
        "OptimizationStatus",
        "SnapStart",
        "LoggingConfig",
        "LogFormat",
        "ApplicationLogLevel",
        "Layers",
        "DeadLetterConfig",
        "TargetArn",
        "FileSystemConfigs",
        "VpcConfig",
        "Environment",
        "LOG_LEVEL",
        "DB_PARAMETER",
        "DB_SECRET",
        "API_KEY",
    },
    "lambda:GetFunction": {"SourceKMSKeyArn", "Concurrency"},
    "lambda:ListFunctionUrlConfigs": {"Cors", "AllowOrigins", "AllowMethods", "AllowCredentials"},
    "sqs:ListQueues": {"QueueUrls"},
    "lambda:ListAliases": {"RoutingConfig", "AdditionalVersionWeights", "8"},
    "lambda:ListFunctionEventInvokeConfigs": {
        "MaximumRetryAttempts",
        "MaximumEventAgeInSeconds",
        "DestinationConfig",
        "OnSuccess",
        "OnFailure",
        "Destination",
    },
    "iam:GetAccountAuthorizationDetails": {
        "RolePolicyList",
        "UserPolicyList",
        "GroupPolicyList",
        "GroupList",
        "AttachedManagedPolicies",
        "PermissionsBoundary",
        "Tags",
    },
    "logs:DescribeLogGroups": {"retentionInDays", "kmsKeyId"},
    "inspector2:ListCoverage": {"lastScannedAt"},
    "access-analyzer:ListFindingsV2": {"resource"},
    "config:DescribeConfigurationRecorders": {"recordingGroup"},
    "ec2:DescribeSecurityGroups": {"FromPort", "ToPort"},
    "ec2:DescribeRouteTables": {"SubnetId", "GatewayId"},
    "ecr:DescribeRepositories": {"imageScanningConfiguration", "encryptionConfiguration"},
    "secretsmanager:DescribeSecret": {"KmsKeyId", "RotationEnabled", "LastAccessedDate"},
    "elasticfilesystem:DescribeAccessPoints": {"PosixUser"},
}
"""The members whose absence the API documents as "there is none": only these may be taken away and conclude anything."""


def claims(damage: MemoryCapture) -> list[str]:
    return bolder(SOUND, normalize(damage))


def in_a_document(path: Path) -> bool:
    return any(step in DOCUMENTS for step in path[:-1])


@pytest.mark.parametrize("how", ["type", "null"])
def test_a_wrong_type_or_a_null_makes_facts_unknown_and_nothing_else(how: str) -> None:
    def leaves_out(_envelope: Envelope, path: Path) -> bool:
        return in_a_document(path) or (how == "null" and path[-1] in NULL_IS_A_VALUE)

    assert complaints(BASE, claims, how, leaves_out) == []


def test_a_missing_member_makes_facts_unknown_unless_its_absence_is_documented() -> None:
    def leaves_out(envelope: Envelope, path: Path) -> bool:
        documented = ABSENCE_MEANS_NONE.get(envelope.operation, set())
        return in_a_document(path) or isinstance(path[-1], int) or path[-1] in documented

    assert complaints(BASE, claims, "drop", leaves_out) == []


def test_no_function_vanishes_while_its_list_can_be_walked() -> None:
    for index, envelope in enumerate(BASE.envelopes):
        if envelope.operation != "lambda:ListFunctions":
            continue
        for path in nodes(envelope.body):
            if len(path) < 2:
                continue
            inventory = normalize(damaged(BASE, index, changed(envelope.body, path, "type")))
            assert len(inventory.functions) == 2, path


def test_an_enum_value_newer_than_our_tables_is_unrecognised() -> None:
    members = {
        "PackageType": "Wasm",
        "State": "Paused",
        "KeyState": "Sleeping",
        "RecursiveLoop": "Perhaps",
        "UpdateRuntimeOn": "Weekly",
        "UntrustedArtifactOnDeployment": "Ask",
        "imageTagMutability": "SOMETIMES",
        "statusCode": "PAUSED",
        "Mode": "Sampled",
        "ApplyOn": "Everything",
    }
    others = ("ec2:", "cloudtrail:", "lambda:ListPublishedVersions")  # at full depth each function's own list is read
    for index, envelope in enumerate(BASE.envelopes):
        for path in nodes(envelope.body):
            if (
                path[-1] not in members or envelope.operation.startswith(others) or path[:2] == ("Versions", 0)
            ):  # $LATEST
                continue
            value = members[str(path[-1])]
            after = normalize(damaged(BASE, index, changed(envelope.body, path, "set", value)))
            assert bolder(SOUND, after) == [], path
            assert "UNRECOGNISED" in repr(after), path


def test_a_date_that_is_none_is_damage() -> None:
    for index, envelope in enumerate(BASE.envelopes):
        for path in nodes(envelope.body):
            if path[-1] not in ("lastScannedAt", "LastAccessedDate"):
                continue
            for value in ("yesterday", "2026-13-41T00:00:00Z", ""):
                after = normalize(damaged(BASE, index, changed(envelope.body, path, "set", value)))
                assert bolder(SOUND, after) == [], (path, value)
                assert f"is not a date: {value!r}" in repr(after), (path, value)


def test_a_withheld_operation_never_adds_a_fact() -> None:
    assert bolder_without(BASE, normalize, bolder) == {}


@given(mixtures(BASE, "arn:", "arn:aws:x:::", "$LATEST"))
def test_any_mixture_of_damage_is_survived(mixture: MemoryCapture) -> None:
    inventory = normalize(mixture)
    assert [place.location for place in inventory.locations] == ["eu-central-1"]


def test_the_sound_account_is_read_without_a_gap() -> None:
    gaps = repr(SOUND).replace(repr(UNFILLED), "").replace(repr(NOT_READ), "").split("Unknown(")[1:]
    assert [gap for gap in gaps if not gap.startswith(("Gap(NOT_OFFERED,", "Gap(NOT_IN_TIER,"))] == []
