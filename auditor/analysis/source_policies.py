"""The policies of event sources on AWS: who else may write, and the command that takes a statement back."""

from collections.abc import Iterator
from typing import Final

from auditor.analysis.policy_statements import Stated, judged
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.resource_names import written_to
from auditor.model.trigger import Trigger

ACCESS_CONTROL_LIST: Final = "access-control-list"
"""The statement id of what a bucket's access control list grants, beside its policy."""


def outside_writers(trigger: Trigger) -> Iterator[Stated]:
    """Statements by which others than the account and its organization may write to a trigger's source; then Unanswered
    where that could not be told.
    """
    fact = trigger.source_grants
    if isinstance(fact, Unknown) and fact.gap.reason is GapReason.NOT_OFFERED:
        return  # nothing that others could write to
    for stated in judged((fact,)):
        if not stated.grant.own_organization:
            yield stated


def says_itself(trigger: Trigger) -> bool:
    """Whether a source of AWS has no policy of its own, and tells by its settings who may send through it."""
    fact = trigger.source_grants
    without = isinstance(fact, Unknown) and fact.gap.reason is GapReason.NOT_OFFERED
    return without and isinstance(trigger.open_to, Known)


_BY_STATEMENT: Final = {
    "sqs": "aws sqs remove-permission --region {location} --queue-url {queue} --label {sid}",
    "sns": "aws sns remove-permission --region {location} --topic-arn {source} --label {sid}",
    "events": "aws events remove-permission --region {location} --event-bus-name {bus} --statement-id {sid}",
}
_BLOCK: Final = (
    "aws s3api put-public-access-block --bucket {bucket} --public-access-block-configuration"
    " BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
)
_WHOLE: Final = {
    "s3": "aws s3api put-bucket-policy --bucket {bucket} --policy <policy-without-the-statement>",
    "sqs": 'aws sqs set-queue-attributes --region {location} --queue-url {queue} --attributes \'{"Policy":""}\'',
    "sns": "aws sns set-topic-attributes --region {location} --topic-arn {source} --attribute-name Policy"
    " --attribute-value <policy-that-names-the-senders>",
    "events": "aws events remove-permission --region {location} --event-bus-name {bus} --remove-all-permissions",
    "kinesis": "aws kinesis delete-resource-policy --region {location} --resource-arn {source}",
    "dynamodb": "aws dynamodb delete-resource-policy --region {location} --resource-arn {source}",
}
_TERRAFORM: Final = {
    "sqs": ("aws_sqs_queue_policy", "queue_url", "sqs:SendMessage"),
    "sns": ("aws_sns_topic_policy", "arn", "sns:Publish"),
    "events": ("aws_cloudwatch_event_bus_policy", "event_bus_name", "events:PutEvents"),
    "kinesis": ("aws_kinesis_resource_policy", "resource_arn", "kinesis:PutRecords"),
    "s3": ("aws_s3_bucket_policy", "bucket", "s3:PutObject"),
    "dynamodb": ("aws_dynamodb_resource_policy", "resource_arn", "dynamodb:PutItem"),
}


def taking_back(stated: Stated, resource: str) -> str | None:
    """The command that removes a statement from the policy of a resource; the whole policy, where the statement has no
    id or the service knows no such command.
    """
    service = resource.split(":")[2]
    if blocked(stated, resource):
        return _BLOCK
    if stated.grant.sid == ACCESS_CONTROL_LIST:
        return "aws s3api put-bucket-acl --bucket {bucket} --acl private"
    command = _BY_STATEMENT.get(service) if stated.grant.sid else None
    return command or _WHOLE.get(service)


def blocked(stated: Stated, resource: str) -> bool:
    """Whether blocking public access closes it: a bucket that everyone may write to."""
    return resource.split(":")[2] == "s3" and stated.grant.reach.public


def policy_values(stated: Stated, resource: str) -> dict[str, str]:
    """The values of the placeholders of :func:`taking_back`, and of a policy in Terraform."""
    _, _, service, _, _, name = resource.split(":", 5)
    queue, bus = queue_url(resource), name.partition("/")[2]
    kind, key, sends = _TERRAFORM[service]
    return {
        "source": resource,
        "queue": queue,
        "bus": bus,
        "bucket": name,
        "sid": stated.grant.sid or "<statement>",
        "policy_kind": kind,
        "policy_key": key,
        "policy_of": {"sqs": queue, "events": bus, "s3": name}.get(service, resource),
        "sends": sends,
    }


def queue_url(arn: str) -> str:
    """The URL by which commands name the queue with this ARN."""
    _, partition, _, region, account, name = arn.split(":", 5)
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return f"https://sqs.{region}.{suffix}/{account}/{name}"


def policy_holder(trigger: Trigger) -> str:
    """The resource whose policy says who may write to a trigger's source."""
    return written_to(trigger.source) or trigger.source or ""
