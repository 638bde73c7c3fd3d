"""Everything we can do to a cloud is one table, and all of it reads."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from auditor import plugins
from auditor.model.ids import Cloud
from auditor.provider import Operation, Provider

TABLE = [(cloud, operation) for cloud in Cloud for operation in plugins.provider(cloud).operations]
NAMED_LIKE_A_READ = re.compile(r"[\w.-]+:(Get|List|Describe|BatchGet|Head|Lookup|Search|Select)[A-Z]\w*|graph:[A-Z]\w+")
MAKES_A_REPORT = {"iam:GenerateServiceLastAccessedDetails"}
"""Reads by AWS's own classification (access level Read), which have a report made that another call then reads."""
INSIDE = {"cloudfront:ListDistributions"}
"""Lists inside a member of the answer, beside which the collection records how they go on."""
PERMISSION = {
    Cloud.AWS: re.compile(r"[a-z0-9-]+:[A-Za-z]+(V2)?"),
    Cloud.AZURE: re.compile(r"Microsoft\.\w+(/[A-Za-z]+)+/(read|list/action)"),
    Cloud.GCP: re.compile(
        r"[a-z]+(\.[A-Za-z]+)+\.(get|list|search|getIamPolicy|listResource|listIamPolicy|sourceCodeGet)"
    ),
}
READING_POSTS = re.compile(
    r"/providers/Microsoft\.ResourceGraph/resources"  # a query language that only reads
    r"|.*/config/\w+/list"  # settings are read by POST; what they answer is judged and dropped
    r"|\{version\}/\{function\}:generateDownloadUrl"  # makes a signed address; nothing is changed
    r"|(v3/(projects|folders|organizations)|v1/projects/-/serviceAccounts)/.+:getIamPolicy"
)


@pytest.mark.parametrize(("cloud", "operation"), TABLE, ids=lambda value: getattr(value, "id", str(value)))
def test_every_operation_is_a_read_with_a_permission_and_a_purpose(cloud: Cloud, operation: Operation) -> None:
    if operation.makes_call and operation.id not in MAKES_A_REPORT:
        assert NAMED_LIKE_A_READ.fullmatch(operation.id), "not named like a read"
    assert PERMISSION[cloud].fullmatch(operation.permission)
    assert len(operation.purpose) > 10
    assert operation.bucket or not operation.makes_call


@pytest.mark.parametrize("cloud", [Cloud.AZURE, Cloud.GCP], ids=str)
def test_what_is_sent_over_http_is_a_get_or_a_post_that_reads(cloud: Cloud) -> None:
    for operation in plugins.provider(cloud).operations:
        method, path = getattr(operation, "method", ""), getattr(operation, "path", "")
        if method == "POST":
            assert READING_POSTS.fullmatch(path), operation.id
        else:
            assert method == "GET", operation.id


@pytest.mark.parametrize(("cloud", "operation"), TABLE, ids=lambda value: getattr(value, "id", str(value)))
def test_s2_every_operation_says_what_a_whole_answer_holds(cloud: Cloud, operation: Operation) -> None:
    shape = operation.answer
    if operation.makes_call:
        assert shape.required or shape.identifying or shape.empty
    assert not (shape.required and shape.empty), "an answer that must hold something is never empty"
    known = {*shape.required, *shape.identifying}
    assert not operation.pages or operation.pages in known
    assert bool(operation.pages or operation.id in INSIDE) == bool(operation.continuation)
    kinds = {*shape.required.values(), *shape.identifying.values(), *shape.optional.values()}
    assert kinds <= {dict, list, str, bool, int}


def test_ids_are_unique() -> None:
    ids = [operation.id for _, operation in TABLE]
    assert sorted(set(ids)) == sorted(ids)


@pytest.fixture(scope="module")
def aws() -> Provider:
    return plugins.provider(Cloud.AWS)


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


def _actions(tiers: list[str]) -> Mapping[str, Any]:
    return plugins.provider(Cloud.AZURE).policy(tiers, "11111111-2222-3333-4444-555555555555")


def test_reading_settings_is_opt_in_on_azure() -> None:
    base, wider = json.dumps(_actions(["base"])), json.dumps(_actions(["base", "settings"]))
    assert "config/list/action" not in base
    assert "Microsoft.Web/sites/config/list/action" in wider
    assert "Microsoft.Web/sites/slots/config/list/action" in wider


def test_nothing_that_hands_out_a_secret_is_in_the_table() -> None:
    permissions = {operation.permission for _, operation in TABLE if operation.tier == "base"}
    handing_out = {
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "lambda:GetLayerVersionCode",
        "Microsoft.Web/sites/config/list/action",
        "Microsoft.Web/sites/host/listkeys/action",
        "Microsoft.Web/sites/publishxml/action",
        "secretmanager.versions.access",
        "cloudfunctions.functions.sourceCodeGet",
        "storage.objects.get",
    }
    assert not permissions & handing_out
