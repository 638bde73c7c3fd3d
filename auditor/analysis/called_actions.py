"""Which actions of AWS the code of a role's functions calls, with what Lambda does in the role's name for them."""

from collections.abc import Iterable, Iterator
from typing import Final

from auditor.analysis.code_findings import analysis_of, raise_unfollowed, raise_unread
from auditor.analysis.service_authorization import matching, prefixes, service
from auditor.analysis.triggers import of_outsiders
from auditor.model.code_analysis import CodeAnalysis
from auditor.model.function import Function
from auditor.model.identity import ServiceUsage, ServiceUse
from auditor.model.observed import Gap, GapReason, Known, Unanswered
from auditor.model.trigger import TriggerVia

_ALWAYS: Final = (
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
    "kms:CreateGrant",
)
"""What Lambda, and services that encrypt by a key of the account, do in the role's name; by which keys is not known."""

_TRACING: Final = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSampling*",
)
_NETWORK: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcs",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
    "ec2:GetSecurityGroupsForVpc",
)
_MAPPINGS: Final = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"),
    "kinesis": (
        "kinesis:DescribeStream*",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:List*",
        "kinesis:SubscribeToShard",
    ),
    "dynamodb": (
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
    ),
    "kafka": ("kafka:*", "kafka-cluster:*", "secretsmanager:GetSecretValue", "glue:GetSchemaVersion", *_NETWORK),
    "mq": ("mq:DescribeBroker", "secretsmanager:GetSecretValue", *_NETWORK),
    "rds": ("rds:Describe*", "secretsmanager:GetSecretValue", *_NETWORK),
}
"""What the poller of an event source mapping does, by the service of the source: the actions of AWS's managed policies
AWSLambda…ExecutionRole, and those that the pages of the mappings name (docs.aws.amazon.com/lambda, 2026-11-29)."""

_FAILURES: Final = (
    "sqs:SendMessage",
    "sns:Publish",
    "lambda:InvokeFunction",
    "events:PutEvents",
    "s3:PutObject",
    "s3:ListBucket",
)
"""What Lambda does to deliver failed and finished events."""

_MOUNTS: Final = ("elasticfilesystem:Client*", "elasticfilesystem:DescribeMountTargets")
_COMPANIONS: Final = {
    "s3:getobject": ("s3:GetObjectVersion", "s3:GetObjectTagging", "s3:ListBucket"),
    "s3:putobject": (
        "s3:PutObjectAcl",
        "s3:PutObjectTagging",
        "s3:PutObjectRetention",
        "s3:PutObjectLegalHold",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
        "s3:ListBucketMultipartUploads",
    ),
    "s3:deleteobject": ("s3:DeleteObjectVersion",),
    "dynamodb:putitem": ("dynamodb:ConditionCheckItem",),
    "lambda:invokefunction": ("lambda:InvokeAsync",),
}
"""What the same call needs with other parameters, or to answer that something is not there (Amazon S3 User Guide,
"Required permissions for Amazon S3 API operations", 2026-11-29)."""


def calls_of(functions: Iterable[Function]) -> ServiceUsage:
    """What functions that run as one role use of it, as AWS's own report would say. Raises Unanswered where more may be
    called than was found.
    """
    needed = frozenset(action.key for function in functions for each in _needed(function) for action in matching(each))
    used, unused = [], []
    for prefix in prefixes():
        known = service(prefix)
        actions = known.actions.values() if known is not None else ()
        idle = tuple(action.name for action in actions if action.key not in needed)
        if len(idle) < len(actions):
            used.append(ServiceUse(service=prefix, last_used="", idle_actions=idle))
        else:
            unused.append(prefix)
    return ServiceUsage(used=tuple(used), unused=tuple(unused))


def _needed(function: Function) -> Iterator[str]:
    analysis = analysis_of(function)
    raise_unfollowed(function, analysis)
    _raise_more(function, analysis)
    for use in (*analysis.facts.api_uses, *analysis.facts.other_uses):
        for action in use.actions:
            yield action
            yield from _COMPANIONS.get(action.lower(), ())
            for known in matching(action):
                yield from known.dependent
    yield from _on_its_behalf(function)


def _raise_more(function: Function, analysis: CodeAnalysis) -> None:
    """Raises Unanswered where the function may call more than was found in its package."""
    source = function.code.analysis.source
    said = [f"{step.file}:{step.line} {step.text}" for step in analysis.facts.dynamic]
    raise_unread((*said, *analysis.facts.more_calls), source)
    if function.code.layers.need():
        raise Unanswered(Gap(GapReason.NOT_COLLECTED, source, None, "calls of its layers are not followed"))
    for served in function.served.need():
        said_of = f"published version {served.version} is invoked, and its code was not read"
        raise Unanswered(Gap(GapReason.NOT_COLLECTED, source, None, said_of))


def _on_its_behalf(function: Function) -> Iterator[str]:
    """What Lambda does in the role's name; where the configuration was not read, what it may do."""
    yield from _ALWAYS
    if not (isinstance(function.tracing, Known) and not function.tracing.value):
        yield from _TRACING
    if not (isinstance(function.network, Known) and function.network.value is None):
        yield from _NETWORK
    if not (isinstance(function.mounts, Known) and not function.mounts.value):
        yield from _MOUNTS
    failures = function.failures
    unset = isinstance(failures.dead_letter, Known) and failures.dead_letter.value is None
    settings = failures.settings.value if isinstance(failures.settings, Known) else None
    if not unset or settings is None or any(one.on_failure or one.on_success for one in settings):
        yield from _FAILURES
    if any(of_outsiders(function)):
        yield from (action for actions in _MAPPINGS.values() for action in actions)
    for group in function.triggers:
        for trigger in group.value if isinstance(group, Known) else ():
            if trigger.via is TriggerVia.MAPPING:
                yield from _MAPPINGS.get(trigger.service, (f"{trigger.service}:*",))
