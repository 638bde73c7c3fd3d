"""Everything we can do to a cloud is one table, and all of it reads."""

import json
import re

import pytest

from auditor import plugins
from auditor.model.ids import Cloud
from auditor.provider import Operation, Provider

READS = re.compile(r"[\w.-]+:(Get|List|Describe|BatchGet|Head|Lookup|Search)[A-Z]\w*")
OPERATIONS = [operation for cloud in plugins.PROVIDERS for operation in plugins.provider(cloud).operations]


@pytest.fixture(scope="module")
def aws() -> Provider:
    return plugins.provider(Cloud.AWS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_operation_is_a_read_with_a_permission_and_a_purpose(operation: Operation) -> None:
    if operation.makes_call:
        assert READS.fullmatch(operation.id), "not named like a read"
    assert re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", operation.permission)
    assert len(operation.purpose) > 10
    assert operation.bucket or not operation.makes_call


def test_ids_are_unique() -> None:
    ids = [operation.id for operation in OPERATIONS]
    assert sorted(set(ids)) == sorted(ids)


def test_the_printed_policy_is_the_table(aws: Provider) -> None:
    policy = aws.policy(["base"])
    actions = {action for statement in policy["Statement"] for action in statement["Action"]}
    assert {statement["Effect"] for statement in policy["Statement"]} == {"Allow"}
    assert actions == {op.permission for op in aws.operations if op.tier == "base"}
    assert policy["Version"] == "2012-10-17"
    json.dumps(policy)


def test_decrypting_is_opt_in(aws: Provider) -> None:
    base = json.dumps(aws.policy(["base"]))
    assert "kms:Decrypt" not in base
    assert "kms:Decrypt" in json.dumps(aws.policy(["base", "decrypt"]))


def test_nothing_that_hands_out_a_secret_is_in_the_table() -> None:
    permissions = {operation.permission for operation in OPERATIONS if operation.tier == "base"}
    handing_out = {
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "lambda:GetLayerVersionCode",
    }
    assert not permissions & handing_out
