"""Damaged answers: never an exception, never a fact that the sound answer does not hold."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.capture import Outcome
from auditor.model.observed import UNFILLED
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import MemoryCapture, capture, facts
from tests.unit.providers.aws.normalize.comparing import bolder

BASE = capture()
SOUND = normalize(BASE)
Path = tuple[str | int, ...]

DOCUMENTS = ("AssumeRolePolicyDocument", "PolicyDocument", "Document")
"""Policy documents: what damage to their text means is the policy reader's to say."""

ABSENCE_MEANS_NONE = {
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
    "iam:GetAccountAuthorizationDetails": {"RolePolicyList", "AttachedManagedPolicies", "PermissionsBoundary"},
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

NULL_IS_A_VALUE = {"value", "reference", "text", "confidence", "detector"}
"""Members of a judged variable, whose format is ours, in which null says "none"."""


def nodes(body: Any, path: Path = ()) -> Iterator[Path]:
    entries = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from nodes(value, (*path, key))


def changed(body: Any, path: Path, how: str, value: Any = None) -> Any:
    body = deepcopy(body)
    at = body
    for step in path[:-1]:
        at = at[step]
    if how == "drop":
        del at[path[-1]]
    elif how == "type":
        number = isinstance(at[path[-1]], (int, float)) and not isinstance(at[path[-1]], bool)
        at[path[-1]] = "seven" if number else 7.5
    else:
        at[path[-1]] = value
    return body


def damaged(index: int, body: Any) -> MemoryCapture:
    envelopes = list(BASE.envelopes)
    envelopes[index] = replace(envelopes[index], body=body)
    return MemoryCapture(BASE.facts, envelopes)


@pytest.mark.parametrize("how", ["type", "null"])
def test_a_wrong_type_or_a_null_makes_facts_unknown_and_nothing_else(how: str) -> None:
    complaints = []
    for index, envelope in enumerate(BASE.envelopes):
        for path in nodes(envelope.body):
            if any(step in DOCUMENTS for step in path[:-1]) or (how == "null" and path[-1] in NULL_IS_A_VALUE):
                continue
            after = normalize(damaged(index, changed(envelope.body, path, how)))
            complaints += [(envelope.operation, path, problem) for problem in bolder(SOUND, after)]
    assert complaints == []


def test_a_missing_member_makes_facts_unknown_unless_its_absence_is_documented() -> None:
    complaints = []
    for index, envelope in enumerate(BASE.envelopes):
        documented = ABSENCE_MEANS_NONE.get(envelope.operation, set())
        for path in nodes(envelope.body):
            if any(step in DOCUMENTS for step in path[:-1]) or isinstance(path[-1], int) or path[-1] in documented:
                continue
            after = normalize(damaged(index, changed(envelope.body, path, "drop")))
            complaints += [(envelope.operation, path, problem) for problem in bolder(SOUND, after)]
    assert complaints == []


def test_no_function_vanishes_while_its_list_can_be_walked() -> None:
    for index, envelope in enumerate(BASE.envelopes):
        if envelope.operation != "lambda:ListFunctions":
            continue
        for path in nodes(envelope.body):
            if len(path) < 2:
                continue
            inventory = normalize(damaged(index, changed(envelope.body, path, "type")))
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
    for index, envelope in enumerate(BASE.envelopes):
        for path in nodes(envelope.body):
            if path[-1] not in members or envelope.operation.startswith(("ec2:", "cloudtrail:")):
                continue
            value = members[str(path[-1])]
            after = normalize(damaged(index, changed(envelope.body, path, "set", value)))
            assert bolder(SOUND, after) == [], path
            assert "UNRECOGNISED" in repr(after), path


def test_a_date_that_is_none_is_damage() -> None:
    for index, envelope in enumerate(BASE.envelopes):
        for path in nodes(envelope.body):
            if path[-1] not in ("lastScannedAt", "LastAccessedDate"):
                continue
            for value in ("yesterday", "2026-13-41T00:00:00Z", ""):
                after = normalize(damaged(index, changed(envelope.body, path, "set", value)))
                assert bolder(SOUND, after) == [], (path, value)
                assert f"is not a date: {value!r}" in repr(after), (path, value)


def test_a_withheld_operation_never_adds_a_fact() -> None:
    for operation in sorted({envelope.operation for envelope in BASE.envelopes}):
        kept = [envelope for envelope in BASE.envelopes if envelope.operation != operation]
        assert bolder(SOUND, normalize(MemoryCapture(BASE.facts, kept))) == [], operation


WEIRD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True),
    st.sampled_from(["", "\ud800", "arn:", "arn:aws:x:::", "$LATEST", "{", "[]", "\x00", "a" * 5000]),
    st.lists(st.integers() | st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(st.data())
def test_any_mixture_of_damage_is_survived(data: st.DataObject) -> None:
    envelopes = list(BASE.envelopes)
    for index in data.draw(st.lists(st.integers(0, len(envelopes) - 1), min_size=1, max_size=6)):
        body = envelopes[index].body
        paths = list(nodes(body))
        if not paths or data.draw(st.integers(0, 9)) == 0:
            whole = data.draw(WEIRD)
            outcome = data.draw(st.sampled_from(list(Outcome)))
            envelopes[index] = replace(envelopes[index], body=whole, outcome=outcome)
        else:
            path = data.draw(st.sampled_from(paths))
            how = data.draw(st.sampled_from(["drop", "set"]))
            envelopes[index] = replace(envelopes[index], body=changed(body, path, how, data.draw(WEIRD)))
    inventory = normalize(MemoryCapture(facts(), envelopes))
    assert [place.location for place in inventory.locations] == ["eu-central-1"]


def test_the_sound_account_is_read_without_a_gap() -> None:
    assert repr(SOUND).replace(repr(UNFILLED), "").split("Unknown(")[1:] == []
