"""Statements as IAM stores them, and what is too broad in each."""

import json
from typing import Any

import pytest

from auditor.analysis.broad_statements import BroadStatement, broad_statements, passes_any_role
from auditor.analysis.resource_patterns import Owner
from auditor.model.identity import PolicyOrigin, PolicyStatement
from auditor.model.severity import Severity
from providers.aws.iam.identity_policy import read_grants
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind

ACCOUNT = "111122223333"
HERE = f"eu-west-1:{ACCOUNT}"
HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
CONDITION = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}


def allow(actions: Any, resources: Any = "*", **extra: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **extra}


def deny(actions: Any, resources: Any = "*", **extra: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": actions, "Resource": resources, **extra}


def all_but(actions: Any, effect: str = "Allow", resources: Any = "*") -> dict[str, Any]:
    return {"Effect": effect, "NotAction": actions, "Resource": resources}


def elsewhere(actions: Any, resources: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "NotResource": resources}


def read(*statements: dict[str, Any], partition: str = "aws") -> tuple[PolicyStatement, ...]:
    home = PolicyOwner(ACCOUNT, partition, ResourceKind.ROLE_TRUST)
    return read_grants(json.dumps({"Statement": statements}), policy="needs", origin=PolicyOrigin.INLINE, home=home)


def broad(*statements: dict[str, Any], partition: str = "aws") -> list[BroadStatement]:
    return list(broad_statements(read(*statements, partition=partition), Owner(ACCOUNT, partition)))


def said(*statements: dict[str, Any], partition: str = "aws") -> list[str]:
    return [
        f"{one.breadth} {one.severity}: {one.what} on {one.where}" for one in broad(*statements, partition=partition)
    ]


EVERY_OF_A_TYPE = [
    ("s3:GetObject", "arn:aws:s3:::*", MEDIUM),
    ("s3:GetObject", "arn:aws:s3:::*/*", MEDIUM),
    ("s3:PutObject", "arn:*:s3:::*", MEDIUM),
    ("s3:GetObject", "arn:aws:s3:::?*", MEDIUM),
    ("s3:GetObject", "arn:aws:s3:*:*:*", MEDIUM),
    ("s3:ListBucket", "arn:aws:s3:::*", LOW),
    ("s3:PutBucketPolicy", "arn:aws:s3:::*", HIGH),
    ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/*", MEDIUM),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/*", MEDIUM),
    ("dynamodb:PutItem", f"arn:aws:dynamodb:eu-*:{ACCOUNT}:table/*", MEDIUM),
    ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/*/index/*", MEDIUM),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:*:{ACCOUNT}:*", MEDIUM),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:*", HIGH),
    ("kms:Decrypt", "arn:aws:kms:*:*:key/*", HIGH),
    ("kms:Decrypt", f"arn:aws:kms:{HERE}:*", HIGH),
    ("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/*", HIGH),
    ("ssm:GetParametersByPath", "arn:aws:ssm:*:*:parameter*", HIGH),
    ("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:*", MEDIUM),
    ("lambda:UpdateFunctionCode", "arn:aws:lambda:*:function:*", HIGH),
    ("sts:AssumeRole", "arn:aws:iam::*:role/*", HIGH),
    ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/*", HIGH),
    ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:*", LOW),
    ("sqs:PurgeQueue", "arn:aws:sqs:*:*:*", MEDIUM),
    ("sns:Publish", "arn:aws:sns:*:*:*", LOW),
    ("states:StartExecution", "arn:aws:states:*:*:stateMachine:*", MEDIUM),
    ("logs:GetLogEvents", "arn:aws:logs:*:*:*", MEDIUM),
    ("s3:GetObject", "*:*", MEDIUM),
    ("s3:GetObject", "arn:aws:*:*:*:*", MEDIUM),
    ("s3:GetObject", "arn:*", MEDIUM),
]


@pytest.mark.parametrize(("action", "resource", "severity"), EVERY_OF_A_TYPE)
def test_a1_an_arn_that_covers_every_resource_of_a_type_is_as_the_star(
    action: str, resource: str, severity: Severity
) -> None:
    (found,) = broad(allow(action, resource))
    assert (found.actions, found.severity) == ((action,), severity)
    assert found.where.startswith("every resource")
    assert [one.severity for one in broad(allow(action))] == [severity]


SOME_OF_A_TYPE = [
    ("s3:GetObject", "arn:aws:s3:::uploads/*"),
    ("s3:GetObject", "arn:aws:s3:::uploads-*"),
    ("s3:GetObject", "arn:aws:s3:::${aws:PrincipalTag/team}/*"),
    ("s3:GetObject", "arn:aws-cn:s3:::*"),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/orders"),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/orders-*"),
    ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders/index/*"),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:prod/*"),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/app/*"),
    ("kms:Decrypt", f"arn:aws:kms:{HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:orders*"),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/app/*"),
]


@pytest.mark.parametrize(("action", "resource"), SOME_OF_A_TYPE)
def test_a1_a_pattern_for_some_of_a_type_is_not(action: str, resource: str) -> None:
    assert said(allow(action, resource)) == []


def test_a1_in_other_partitions_too() -> None:
    assert said(allow("s3:GetObject", "arn:aws-cn:s3:::*"), partition="aws-cn") == [
        "resource medium: s3:GetObject on every resource of its type (arn:aws-cn:s3:::*)"
    ]
    assert said(allow("kms:Decrypt", "arn:aws-us-gov:kms:*:*:key/*"), partition="aws-us-gov") == [
        "resource high: kms:Decrypt on every resource of its type (arn:aws-us-gov:kms:*:*:key/*)"
    ]


def test_a1_a_whole_service_on_all_it_has_is_as_the_star_for_that_service() -> None:
    assert said(allow("s3:*", "arn:aws:s3:::*")) == [
        "service high: s3:* on every resource of its type (arn:aws:s3:::*)"
    ]
    assert said(allow("*", "arn:aws:s3:::*")) == ["service high: s3:* on every resource of its type (arn:aws:s3:::*)"]
    assert said(allow("dynamodb:*", "arn:aws:dynamodb:*:*:table/*")) == [
        "service high: dynamodb:* on every resource of its type (arn:aws:dynamodb:*:*:table/*)"
    ]
    assert said(allow("s3:*", ["arn:aws:s3:::uploads", "arn:aws:s3:::uploads/*"])) == [
        "service medium: s3:* on arn:aws:s3:::uploads, arn:aws:s3:::uploads/*"
    ]


def test_a1_not_resource_leaves_everything_but_what_it_names() -> None:
    assert said(elsewhere("s3:GetObject", "arn:aws:s3:::logs/*")) == [
        "resource medium: s3:GetObject on every resource except arn:aws:s3:::logs/*"
    ]
    assert said(elsewhere("s3:GetObject", "arn:aws:s3:::*")) == []
    assert said(elsewhere("dynamodb:Query", "arn:aws:dynamodb:*:*:table/*/index/*")) == [
        "resource medium: dynamodb:Query on every resource except arn:aws:dynamodb:*:*:table/*/index/*"
    ]
    assert said(elsewhere("*", "arn:aws:s3:::logs")) == [
        "administrator critical: every action on every resource except arn:aws:s3:::logs"
    ]
    assert said(elsewhere("s3:GetObject", "*")) == []


def test_a1_of_types_that_a_call_needs_together_the_narrow_one_limits_it() -> None:
    catalog = [f"arn:aws:glue:{HERE}:catalog", f"arn:aws:glue:{HERE}:database/d", f"arn:aws:glue:{HERE}:table/d/*"]
    assert said(allow("glue:GetTable", catalog)) == []
    assert said(allow("ec2:RunInstances", ["arn:aws:ec2:*:*:instance/*", f"arn:aws:ec2:{HERE}:subnet/subnet-1"])) == []


NO_RESOURCE = [
    "states:SendTask*",
    "iot:DescribeEndpoint",
    "ses:VerifyEmailIdentity",
    "lambda:ListFunctions",
    "lambda:CreateEventSourceMapping",
    "xray:PutTraceSegments",
    "ec2:Describe*",
    "s3:ListAllMyBuckets",
    "textract:DetectDocumentText",
    "organizations:ListAccounts",
    "s3:GetObjects",
    "lambda:InvokeFunctions",
    "nosuchservice:Get*",
    "nosuchservice:*",
]


@pytest.mark.parametrize("action", NO_RESOURCE)
def test_a2_actions_that_take_no_resource_or_do_not_exist_are_nothing(action: str) -> None:
    assert said(allow(action)) == []


ORDINARY = [
    ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"],
    ["ec2:DetachNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"],
    ["cloudwatch:PutMetricData"],
    ["rekognition:DetectModerationLabels", "comprehend:DetectEntities"],
]


@pytest.mark.parametrize("actions", ORDINARY)
def test_a2_what_the_platform_tells_every_function_to_hold_is_nothing(actions: list[str]) -> None:
    assert said(allow(actions)) == []


BY_ACTION = [
    ("secretsmanager:GetSecretValue", HIGH),
    ("ssm:GetParameters", HIGH),
    ("kms:Decrypt", HIGH),
    ("iam:CreateUser", HIGH),
    ("iam:AttachRolePolicy", HIGH),
    ("sts:AssumeRole", HIGH),
    ("lambda:UpdateFunctionCode", HIGH),
    ("codebuild:StartBuild", HIGH),
    ("cloudformation:UpdateStack", HIGH),
    ("ssm:SendCommand", HIGH),
    ("s3:PutObjectAcl", HIGH),
    ("sns:AddPermission", HIGH),
    ("rds-db:connect", HIGH),
    ("dynamodb:PutItem", MEDIUM),
    ("dynamodb:DeleteTable", MEDIUM),
    ("s3:DeleteObject", MEDIUM),
    ("s3:GetObject", MEDIUM),
    ("dynamodb:Scan", MEDIUM),
    ("lambda:InvokeFunction", MEDIUM),
    ("logs:FilterLogEvents", MEDIUM),
    ("athena:GetQueryResults", MEDIUM),
    ("lambda:GetFunctionConfiguration", MEDIUM),
    ("sns:Publish", LOW),
    ("sqs:SendMessage", LOW),
    ("sqs:ReceiveMessage", LOW),
    ("events:PutEvents", LOW),
    ("kinesis:PutRecords", LOW),
    ("firehose:PutRecordBatch", LOW),
    ("sqs:GetQueueAttributes", LOW),
    ("s3:GetBucketLocation", LOW),
    ("kms:DescribeKey", LOW),
    ("iam:GetRole", LOW),
    ("sts:TagSession", LOW),
    ("dynamodb:DescribeTable", LOW),
]


@pytest.mark.parametrize(("action", "severity"), BY_ACTION)
def test_the_action_decides_how_bad_every_resource_is(action: str, severity: Severity) -> None:
    (found,) = broad(allow(["sqs:GetQueueUrl", action]))
    assert found.severity is severity


def test_a4_action_and_resource_of_different_kinds_grant_nothing() -> None:
    stream = f"arn:aws:firehose:{HERE}:deliverystream/clicks"
    assert said(allow("cloudwatch:*", stream)) == []
    assert said(allow("dynamodb:*", f"arn:aws:sqs:{HERE}:orders")) == []
    assert said(allow("s3:*", f"arn:aws:s3:{HERE}:uploads")) == []
    assert said(allow(["firehose:*", "cloudwatch:*"], stream)) == [f"service medium: firehose:* on {stream}"]
    assert said(allow("kms:Decrypt", "arn:aws:s3:::*")) == []


def test_a5_star_minus_a_deny_is_what_is_left() -> None:
    everything = allow("*")
    assert said(everything, deny("iam:*")) == ["administrator high: every action except iam:* on every resource"]
    assert said(everything, deny("iam:*", "arn:aws:iam::*:*")) == [
        "administrator high: every action except iam:* on every resource"
    ]
    assert said(everything, deny(["iam:*", "sts:AssumeRole"])) == [
        "administrator high: every action except iam:*, sts:AssumeRole on every resource"
    ]
    assert said(everything, deny("iam:CreateUser")) == [
        "administrator critical: every action except iam:CreateUser on every resource"
    ]
    assert said(everything, deny(["iam:Put*", "iam:Attach*"])) == [
        "administrator critical: every action except iam:Put*, iam:Attach* on every resource"
    ]
    assert said(everything, all_but(["s3:*", "sqs:SendMessage"], "Deny")) == ["service high: s3:* on every resource"]
    assert said(everything, all_but("dynamodb:GetItem", "Deny")) == [
        "resource medium: dynamodb:GetItem on every resource"
    ]
    assert said(everything, deny("*")) == []
    assert said(allow("s3:*"), deny("s3:Delete*")) == ["service high: s3:* except s3:Delete* on every resource"]
    assert said(allow("s3:*"), deny("s3:*")) == []


def test_a5_a_deny_that_does_not_certainly_apply_takes_nothing() -> None:
    whole = ["administrator critical: every action on every resource"]
    assert said(allow("*"), deny("iam:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})) == whole
    assert said(allow("*"), deny("iam:*", f"arn:aws:iam::{ACCOUNT}:role/x")) == whole
    assert said(allow("*"), deny("*", "arn:aws:s3:::logs")) == whole


def test_a5_not_action_is_what_it_leaves() -> None:
    assert said(all_but(["iam:*", "organizations:*"])) == [
        "administrator high: every action except iam:*, organizations:* on every resource"
    ]
    assert said(all_but("s3:DeleteBucket")) == [
        "administrator critical: every action except s3:DeleteBucket on every resource"
    ]
    assert said(all_but("s3:Delete*", resources="arn:aws:s3:::uploads/*")) == [
        "service medium: s3:* except s3:Delete* on arn:aws:s3:::uploads/*"
    ]
    assert said(all_but("s3:*", resources="arn:aws:s3:::uploads/*")) == []
    assert said(all_but("*")) == []


def test_a_statement_is_told_once_under_its_broadest_name() -> None:
    assert said(allow(["*", "s3:*", "dynamodb:GetItem"])) == ["administrator critical: every action on every resource"]
    assert said(allow(["sqs:*", "secretsmanager:GetSecretValue", "sns:Publish"])) == [
        "service high: sqs:*, secretsmanager:GetSecretValue on every resource"
    ]
    assert said(allow("s3:*"), allow("dynamodb:GetItem")) == [
        "service high: s3:* on every resource",
        "resource medium: dynamodb:GetItem on every resource",
    ]


def test_a_condition_lowers_or_narrows() -> None:
    owned = {"StringEquals": {"aws:ResourceTag/team": "orders"}}
    assert said(allow("*", Condition=CONDITION)) == ["administrator high: every action on every resource"]
    assert said(allow("kms:Decrypt", Condition=CONDITION)) == ["resource medium: kms:Decrypt on every resource"]
    assert said(allow("s3:GetObject", Condition=CONDITION)) == ["resource low: s3:GetObject on every resource"]
    assert said(allow("kms:Decrypt", Condition=owned)) == ["resource None: kms:Decrypt on every resource"]
    assert said(allow("s3:*", Condition=owned)) == ["service medium: s3:* on every resource"]


def test_a_service_whose_actions_take_no_resource_can_only_be_narrowed_by_action() -> None:
    assert said(allow("ssmmessages:*")) == ["service low: ssmmessages:* on every resource"]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((allow("iam:PassRole"),), True),
        ((allow("iam:Pass*"),), True),
        ((allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*"),), True),
        ((allow("iam:PassRole", "arn:aws:iam::*:role/*"),), True),
        ((allow("iam:PassRole", "arn:*:iam::*:*"),), True),
        ((elsewhere("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin"),), True),
        ((allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/x"),), False),
        ((allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/app/*"),), False),
        ((allow("iam:PassRole", "arn:aws:iam::*:user/*"),), False),
        ((allow("iam:PassRole"), deny("iam:PassRole")), False),
        ((allow("iam:PassRole"), deny("iam:*", "arn:aws:iam::*:role/*")), False),
        ((all_but("iam:*"),), False),
        ((all_but("s3:*"),), True),
    ],
)
def test_passes_any_role(statements: tuple[dict[str, Any], ...], expected: bool) -> None:
    assert bool(passes_any_role(read(*statements), Owner(ACCOUNT, "aws"))) is expected
