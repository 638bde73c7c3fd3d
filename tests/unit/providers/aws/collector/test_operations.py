"""The table against the SDK's own descriptions: every call, page, token and expected field exists, and reads."""

from functools import cache
from typing import Any

import botocore.session
import pytest

from auditor.answer_shape import AnswerShape
from auditor.enricher import PACKAGES
from providers.aws.operations import OPERATIONS, QUOTAS, AwsOperation, quota
from providers.aws.session import _DECLARED, DeclaredLoader

CALLS = [operation for operation in OPERATIONS if operation.makes_call]
READS = ("Get", "List", "Describe", "BatchGet", "Head", "Select")
REPORTS = {"iam:GenerateServiceLastAccessedDetails"}
"""Has AWS make a report of what it has noted; the Service Authorization Reference calls it a read."""
KINDS = {"integer": int, "structure": dict, "map": dict, "list": list, "string": str, "boolean": bool}
OTHER_NAMES = {
    "budgets:DescribeBudgets": "budgets:ViewBudget",
    "access-analyzer:ListFindingsV2": "access-analyzer:ListFindings",
    "lambda:ListPublishedVersions": "lambda:ListFunctions",
    "lambda:GetFunctionCode": "lambda:GetFunction",
    "lambda:GetLayerVersionCode": "lambda:GetLayerVersion",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    **{each.id: "apigateway:GET" for each in CALLS if each.client in ("apigateway", "apigatewayv2")},
}
UNMODELLED = {
    "s3:GetBucketAcl": {"NoSuchBucket"},
    "s3:GetBucketEncryption": {"NoSuchBucket", "ServerSideEncryptionConfigurationNotFoundError"},
    "s3:GetBucketNotificationConfiguration": {"NoSuchBucket"},
    "s3:GetBucketPolicy": {"NoSuchBucket", "NoSuchBucketPolicy"},
    "s3:GetPublicAccessBlock": {"NoSuchBucket", "NoSuchPublicAccessBlockConfiguration"},
    "s3:HeadBucket": {"404", "NoSuchBucket"},
    "sns:GetTopicAttributes": {"NotFoundException"},
    "sqs:GetQueueAttributes": {"AWS.SimpleQueueService.NonExistentQueue"},
}
"""A HEAD has no body to hold a code; SNS and SQS answer by two names; S3's model leaves its errors to the manual."""


@cache
def described(client: str) -> Any:
    return botocore.session.Session().get_service_model(client)


def _at(answer: Any, path: str) -> Any:
    """The shape of a member, or of one of a map's or structure's."""
    name, _, key = path.partition(".")
    shape = answer[name]
    if not key:
        return shape
    return shape.value if shape.type_name == "map" else _at(shape.members, key)


@pytest.mark.parametrize("operation", CALLS, ids=lambda operation: operation.id)
def test_the_sdk_knows_the_call_and_its_fields(operation: AwsOperation) -> None:
    model = described(operation.client).operation_model(operation.method)
    answer = model.output_shape.members if model.output_shape else {}
    assert operation.method.startswith(READS) or operation.id in REPORTS
    assert operation.pages == "" or answer[operation.pages].type_name == "list"
    shape = operation.answer if operation.tier != PACKAGES else AnswerShape()  # those hold what we found in the package
    for member, kind in {**shape.required, **shape.identifying, **shape.optional}.items():
        assert KINDS[_at(answer, member).type_name] is kind, member
    asked, told = operation.token
    if asked:
        assert asked in model.input_shape.members
        assert told in answer
    assert bool(operation.pages) == bool(asked)


@pytest.mark.parametrize("operation", CALLS, ids=lambda operation: operation.id)
def test_lists_with_a_continuation_are_read_to_the_end(operation: AwsOperation) -> None:
    model = described(operation.client).operation_model(operation.method)
    tokens = {"NextToken", "nextToken", "NextMarker", "Marker", "NextPageToken", "PaginationToken", "position"}
    tokens.add("ContinuationToken")
    answer = set(model.output_shape.members) if model.output_shape else set()
    assert bool(answer & tokens) == bool(operation.pages)


@pytest.mark.parametrize("operation", CALLS, ids=lambda operation: operation.id)
def test_codes_that_mean_none_are_the_services_own(operation: AwsOperation) -> None:
    model = described(operation.client).operation_model(operation.method)
    known = set()
    for shape in model.error_shapes:
        known |= {shape.name, shape.error_code}
    assert operation.absent_codes - known <= UNMODELLED.get(operation.id, set())


@pytest.mark.parametrize("operation", CALLS, ids=lambda operation: operation.id)
def test_the_permission_is_the_operations_own_unless_aws_names_it_otherwise(operation: AwsOperation) -> None:
    assert operation.permission == OTHER_NAMES.get(operation.id, operation.id)
    assert quota(operation.bucket).rate > 0
    assert quota(operation.bucket).source


def test_lambdas_quotas_are_the_published_ones() -> None:
    assert QUOTAS["lambda:GetFunction"].rate == 100
    assert QUOTAS["lambda:GetPolicy"].rate == 15
    assert QUOTAS["lambda"].rate == 15
    in_bucket = {operation.id for operation in CALLS if operation.bucket == "lambda"}
    lambdas = {operation.id for operation in CALLS if operation.client == "lambda"}
    assert lambdas - in_bucket == {"lambda:GetFunction", "lambda:GetFunctionCode", "lambda:GetPolicy"}


def test_variables_and_signed_addresses_are_declared() -> None:
    declared = {op.id: dict(op.redact) for op in OPERATIONS if op.redact}
    for name, rows in (
        ("ListFunctions", "Functions"),
        ("ListPublishedVersions", "Functions"),
        ("ListVersionsByFunction", "Versions"),
    ):
        assert declared[f"lambda:{name}"] == {f"{rows}[].Environment.Variables": "variables"}
    assert declared["lambda:GetFunction"] == {
        "Configuration.Environment.Variables": "variables",
        "Code.Location": "url",
    }
    assert declared["lambda:GetLayerVersion"] == {"Content.Location": "url"}


def test_every_field_that_is_redacted_exists() -> None:
    for operation in CALLS:
        for path in operation.redact:
            shape = described(operation.client).operation_model(operation.method).output_shape
            for step in path.split("."):
                shape = shape.value if shape.type_name == "map" else shape.members[step.removesuffix("[]")]
                shape = shape.member if step.endswith("[]") else shape


def test_clients_hold_the_declared_calls_and_no_other() -> None:
    for client, methods in _DECLARED.items():
        if client == "sts":
            continue
        model = DeclaredLoader().load_service_model(client, "service-2")
        assert set(model["operations"]) == set(methods)


def test_depths_are_those_promised() -> None:
    depth = {operation.id: operation.depth.value for operation in OPERATIONS}
    assert depth["lambda:ListFunctions"] == "quick"
    assert depth["iam:GetAccountAuthorizationDetails"] == "quick"
    assert {depth[i] for i in ("lambda:GetPolicy", "lambda:GetFunction", "lambda:ListFunctionUrlConfigs")} == {
        "standard"
    }
    full = ("ListVersionsByFunction", "ListFunctionEventInvokeConfigs", "GetFunctionRecursionConfig")
    assert {depth[f"lambda:{name}"] for name in full} == {"full"}
    assert {depth[i] for i in ("lambda:ListAliases", "lambda:GetFunctionConcurrency")} == {"standard"}


def test_s20_what_hands_out_signed_urls_of_code_is_a_tier_of_its_own() -> None:
    signed = {operation.id for operation in CALLS if "url" in operation.redact.values()}
    led_to = {operation.id for operation in CALLS if operation.client == "ecr"}
    assert signed == {"lambda:GetFunction", "lambda:GetLayerVersion"}
    assert {operation.id for operation in OPERATIONS if operation.tier == "code"} == signed | led_to
