"""Roles as SAM, the CDK, the Serverless Framework and the console make them for well-kept functions.

Their owners would call any finding above low wrong. Documents of managed policies are AWS's own, as moto ships them.
"""

import json
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from auditor.model.function import Function
from auditor.model.identity import PermissionPolicy, PolicyOrigin
from auditor.model.observed import Known
from checks.over_privilege.role_admin import role_admin
from checks.over_privilege.role_aws_managed_broad import role_aws_managed_broad
from checks.over_privilege.role_passrole_any import role_passrole_any
from checks.over_privilege.role_resource_wildcard import role_resource_wildcard
from checks.over_privilege.role_service_wildcard import role_service_wildcard
from providers.aws.iam.identity_policy import read_grants
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind
from tests.unit.checks.build import ACCOUNT, LISTED, ROLES, found, identity, make

CHECKS = (role_admin, role_service_wildcard, role_resource_wildcard, role_passrole_any, role_aws_managed_broad)
MANAGED = json.loads(aws_managed_policies_data)
OWN = PolicyOwner(ACCOUNT, "aws", ResourceKind.ROLE_TRUST)
HERE = f"eu-west-1:{ACCOUNT}"
TABLE = f"arn:aws:dynamodb:{HERE}:table/orders"
QUEUE = f"arn:aws:sqs:{HERE}:orders"
BUCKET = "arn:aws:s3:::orders-uploads"
GROUP = f"arn:aws:logs:{HERE}:log-group:/aws/lambda/shop-prod"
BASIC = "AWSLambdaBasicExecutionRole"

Statement = dict[str, Any]


def allow(actions: Any, resources: Any, **extra: Any) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **extra}


def function(managed: tuple[str, ...], statements: tuple[Statement, ...]) -> Function:
    """A function whose role has these managed policies, and the statements inline."""
    documents = [
        (f"arn:aws:iam::aws:policy/{name}", PolicyOrigin.PROVIDER, MANAGED[name]["Document"]) for name in managed
    ]
    if statements:
        documents.append(("needs", PolicyOrigin.INLINE, {"Version": "2012-10-17", "Statement": list(statements)}))
    policies = tuple(
        PermissionPolicy(name=name.rpartition("/")[2], id=name, origin=origin, document=Known(json.dumps(body), ROLES))
        for name, origin, body in documents
    )
    groups = tuple(
        Known(read_grants(body, policy=name, origin=origin, home=OWN), ROLES) for name, origin, body in documents
    )
    return make(identity=Known(identity(policies=Known(policies, ROLES), statements=groups), LISTED))


def findings(managed: tuple[str, ...], statements: tuple[Statement, ...]) -> dict[str, str]:
    """check → severity of what is found in a role."""
    asked = function(managed, statements)
    return {check.id: str(hit.severity or check.severity) for check in CHECKS for hit in found(check, asked)}


LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
CRUD = [
    *("dynamodb:GetItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:Scan", "dynamodb:Query"),
    *("dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:BatchGetItem", "dynamodb:DescribeTable"),
    "dynamodb:ConditionCheckItem",
]
ENI = [
    *("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"),
    *("ec2:DetachNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"),
]
TRACE = allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")
CDK_BUCKET = [
    *("s3:GetObject*", "s3:GetBucket*", "s3:List*", "s3:DeleteObject*", "s3:PutObject", "s3:PutObjectLegalHold"),
    *("s3:PutObjectRetention", "s3:PutObjectTagging", "s3:PutObjectVersionTagging", "s3:Abort*"),
]
NOTHING: dict[str, str] = {}

SAMPLES: dict[str, tuple[tuple[str, ...], tuple[Statement, ...], dict[str, str]]] = {
    # SAM: what a property of the function attaches
    "sam-plain": ((BASIC,), (), NOTHING),
    "sam-tracing": ((BASIC, "AWSXrayWriteOnlyAccess"), (), NOTHING),
    "sam-tracing-older": ((BASIC, "AWSXRayDaemonWriteAccess"), (), NOTHING),
    "sam-vpc": ((BASIC, "AWSLambdaVPCAccessExecutionRole"), (), NOTHING),
    "sam-queue-event": ((BASIC, "AWSLambdaSQSQueueExecutionRole"), (), NOTHING),
    "sam-stream-event": ((BASIC, "AWSLambdaKinesisExecutionRole"), (), NOTHING),
    "sam-table-event": ((BASIC, "AWSLambdaDynamoDBExecutionRole"), (), NOTHING),
    "sam-kafka-event": ((BASIC, "AWSLambdaMSKExecutionRole"), (), NOTHING),
    "sam-insights": ((BASIC, "CloudWatchLambdaInsightsExecutionRolePolicy"), (), NOTHING),
    "sam-signals": ((BASIC, "CloudWatchLambdaApplicationSignalsExecutionRolePolicy"), (), NOTHING),
    # SAM: policy templates
    "sam-dynamodb-crud": ((BASIC,), (allow(CRUD, [TABLE, f"{TABLE}/index/*"]),), NOTHING),
    "sam-s3-read": (
        (BASIC,),
        (
            allow(
                ["s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation", "s3:GetObjectVersion",
                 "s3:GetLifecycleConfiguration"],
                [BUCKET, f"{BUCKET}/*"],
            ),
        ),
        NOTHING,
    ),
    "sam-queue-poller": (
        (BASIC,),
        (
            allow(
                ["sqs:ChangeMessageVisibility", "sqs:ChangeMessageVisibilityBatch", "sqs:DeleteMessage",
                 "sqs:DeleteMessageBatch", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
                QUEUE,
            ),
        ),
        NOTHING,
    ),
    "sam-metrics": ((BASIC,), (allow("cloudwatch:PutMetricData", "*"),), NOTHING),
    "sam-vpc-access": ((BASIC,), (allow(ENI, "*"),), NOTHING),
    "sam-parameters": (
        (BASIC,),
        (
            allow("ssm:DescribeParameters", "*"),
            allow(["ssm:GetParameters", "ssm:GetParameter", "ssm:GetParametersByPath"],
                  f"arn:aws:ssm:{HERE}:parameter/orders/*"),
        ),
        NOTHING,
    ),
    "sam-labels": ((BASIC,), (allow(["rekognition:DetectLabels", "rekognition:DetectModerationLabels"], "*"),), NOTHING),
    "sam-describe-clusters": (
        (BASIC,),
        (allow(["eks:DescribeCluster", "eks:ListClusters"], "*"),),
        {"role-resource-wildcard": "low"},
    ),
    "sam-rotation": (
        (BASIC,),
        (
            allow(
                ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue",
                 "secretsmanager:UpdateSecretVersionStage"],
                f"arn:aws:secretsmanager:{HERE}:secret:*",
                Condition={
                    "StringEquals": {
                        "secretsmanager:resource/AllowRotationLambdaArn": f"arn:aws:lambda:{HERE}:function:rotate"
                    }
                },
            ),
            allow("secretsmanager:GetRandomPassword", "*"),
        ),
        NOTHING,
    ),
    # SAM connectors
    "connector-to-table": (
        (BASIC,),
        (
            allow(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem",
                   "dynamodb:PartiQLSelect"], [TABLE, f"{TABLE}/index/*"]),
            allow(["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem",
                   "dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"],
                  [TABLE, f"{TABLE}/index/*"]),
        ),
        NOTHING,
    ),
    "connector-to-queue": ((BASIC,), (allow(["sqs:DeleteMessage", "sqs:SendMessage", "sqs:PurgeQueue"], QUEUE),), NOTHING),
    # CDK
    "cdk-table": (
        (BASIC,),
        (allow([*CRUD, "dynamodb:GetRecords", "dynamodb:GetShardIterator"], [TABLE, f"{TABLE}/index/*"]), TRACE),
        NOTHING,
    ),
    "cdk-bucket": ((BASIC,), (allow(CDK_BUCKET, [BUCKET, f"{BUCKET}/*"]),), NOTHING),
    "cdk-table-stream": (
        (BASIC,),
        (
            allow("dynamodb:ListStreams", "*"),
            allow(["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
                  f"{TABLE}/stream/2026-11-24T00:00:00.000"),
        ),
        NOTHING,
    ),
    "cdk-secret": (
        (BASIC,),
        (
            allow(["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                  f"arn:aws:secretsmanager:{HERE}:secret:orders-??????"),
            allow("kms:Decrypt", f"arn:aws:kms:{HERE}:key/11111111-2222-3333-4444-555555555555",
                  Condition={"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}),
        ),
        NOTHING,
    ),
    "cdk-invoke": (
        (BASIC,),
        (allow("lambda:InvokeFunction", [f"arn:aws:lambda:{HERE}:function:tax", f"arn:aws:lambda:{HERE}:function:tax:*"]),),
        NOTHING,
    ),
    # Serverless Framework
    "serverless-plain": (
        (),
        (
            allow(["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"], f"{GROUP}*:*"),
            allow("logs:PutLogEvents", f"{GROUP}*:*:*"),
        ),
        NOTHING,
    ),
    "serverless-queue-vpc": (
        ("AWSLambdaVPCAccessExecutionRole",),
        (allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], [QUEUE]), TRACE),
        NOTHING,
    ),
    # the console
    "console": (
        (),
        (
            allow("logs:CreateLogGroup", f"arn:aws:logs:{HERE}:*"),
            allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{GROUP}:*"),
        ),
        NOTHING,
    ),
    "hand-written-logs": ((), (allow(list(LOGS), "arn:aws:logs:*:*:*"),), NOTHING),
    "publishes-anywhere": ((BASIC,), (allow("sns:Publish", "*"),), {"role-resource-wildcard": "low"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_a_well_kept_role_has_nothing_above_low(name: str) -> None:
    managed, statements, expected = SAMPLES[name]
    assert findings(managed, statements) == expected
    assert set(expected.values()) <= {"low"}


CARELESS: dict[str, tuple[tuple[str, ...], tuple[Statement, ...], dict[str, str]]] = {
    "administrator": ((BASIC, "AdministratorAccess"), (), {"role-admin": "critical"}),
    "everything-inline": ((), (allow("*", "*"),), {"role-admin": "critical"}),
    "power-user": (("PowerUserAccess",), (), {"role-admin": "high"}),
    "whole-bucket-service": ((BASIC, "AmazonS3FullAccess"), (), {"role-aws-managed-broad": "high"}),
    "reads-every-object": ((BASIC, "AmazonS3ReadOnlyAccess"), (), {"role-aws-managed-broad": "medium"}),
    "invokes-everything": (("AWSLambdaRole",), (), {"role-aws-managed-broad": "medium"}),
    "whole-service-inline": ((BASIC,), (allow("s3:*", "*"),), {"role-service-wildcard": "high"}),
    "whole-service-on-one": ((BASIC,), (allow("dynamodb:*", TABLE),), {"role-service-wildcard": "medium"}),
    "every-secret": ((BASIC,), (allow("secretsmanager:GetSecretValue", "*"),), {"role-resource-wildcard": "high"}),
    "every-key": ((BASIC,), (allow("kms:Decrypt", "arn:aws:kms:*:*:key/*"),), {"role-resource-wildcard": "high"}),
    "every-table": ((BASIC,), (allow(CRUD, f"arn:aws:dynamodb:{HERE}:table/*"),), {"role-resource-wildcard": "medium"}),
    "passes-and-creates": (
        (BASIC,),
        (allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "*"),),
        {"role-passrole-any": "high", "role-resource-wildcard": "high"},
    ),
    "assumes-any-role": (
        (BASIC,),
        (allow("sts:AssumeRole", "arn:aws:iam::*:role/*"),),
        {"role-resource-wildcard": "high"},
    ),
}


@pytest.mark.parametrize("name", CARELESS)
def test_a_careless_role_is_found_once_a_cause(name: str) -> None:
    managed, statements, expected = CARELESS[name]
    assert findings(managed, statements) == expected
