"""Who else may write to what sets functions off, and how that is set up: each source, asked once."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from auditor.model.capture import Depth
from auditor.model.resource_names import written_to
from providers.answers.json_paths import rows, text
from providers.aws.arn import Arn, parse_arn
from providers.aws.collect.dependencies import Dependencies
from providers.aws.collect.region_context import RegionContext

_BY_ARN: Final = {
    "sns": ("sns:GetTopicAttributes", "TopicArn"),
    "kinesis": ("kinesis:GetResourcePolicy", "ResourceARN"),
    "dynamodb": ("dynamodb:GetResourcePolicy", "ResourceArn"),
}
"""Services that are asked by a source's ARN: the call, and what its request names the ARN."""
_CLUSTERS: Final = 100


class SourcePolicies:
    """Queues the questions about one region's sources; nothing below standard depth."""

    def __init__(self, context: RegionContext, referred: Dependencies) -> None:
        self._context = context
        self._referred = referred
        self._described: dict[str, Callable[[Arn, str], None]] = {
            "dynamodb": self._table,
            "kafka": self._clusters,
            "kinesis": self._stream,
            "mq": self._broker,
        }

    def source(self, reference: str) -> None:
        """A source as a mapping, a policy or a subscription names it: its policy is asked for where it is our own."""
        arn, context = parse_arn(written_to(reference)), self._context
        if arn is None or not context.at_least(Depth.STANDARD):
            return
        if (arn.account, arn.region) != (context.account.id, context.region):
            return
        if arn.service == "sqs":
            self._once("queue policy", arn.text, partial(self._queue, arn), "sqs")
        elif arn.service == "sns":
            self._once("target", arn.text, self._named)  # a topic may be where failures go as well
        elif arn.service in _BY_ARN:
            self._once("source policy", arn.text, self._named)
        if arn.service in self._described:
            self._once("source settings", arn.text, partial(self._described[arn.service], arn))

    def bucket(self, name: str) -> None:
        """Asks who may write to a bucket; whether that is blocked only where it may be everyone."""
        policy = text(self._context.call("s3:GetBucketPolicy", name, Bucket=name).body, "Policy")
        granted = rows(self._context.call("s3:GetBucketAcl", name, Bucket=name).body, "Grants")
        groups = any(text(row, "Grantee", "URI") for row in granted)
        if '"*"' in policy or "NotPrincipal" in policy or groups:
            self._context.call("s3:GetPublicAccessBlock", name, Bucket=name)
        self._context.call("s3:GetBucketEncryption", name, Bucket=name)

    def _once(self, kind: str, subject: str, job: Any, lane: str = "bulk") -> None:
        if self._context.asked.first(kind, subject):
            self._context.bulk(partial(job, subject), lane)

    def _queue(self, arn: Arn, subject: str) -> None:
        host, _ = self._context.gateway.session.endpoint("sqs", arn.region)
        url = f"{host.rstrip('/')}/{arn.account}/{arn.resource}"
        # a name that a service does not know fails the whole call, so none is named
        self._context.call("sqs:GetQueueAttributes", subject, QueueUrl=url, AttributeNames=["All"])

    def _named(self, subject: str) -> None:
        operation, parameter = _BY_ARN[subject.split(":")[2]]
        self._context.call(operation, subject, **{parameter: subject})

    def _stream(self, _arn: Arn, subject: str) -> None:
        self._context.call("kinesis:DescribeStreamSummary", subject, StreamARN=subject)

    def _table(self, arn: Arn, subject: str) -> None:
        told = self._context.call("dynamodb:DescribeTable", subject, TableName=arn.name)
        self._referred.key(text(told.body, "Table", "SSEDescription", "KMSMasterKeyArn"))

    def _clusters(self, _arn: Arn, _subject: str) -> None:
        if self._context.asked.first("clusters", self._context.region):
            self._context.listing("kafka:ListClustersV2", MaxResults=_CLUSTERS)

    def _broker(self, arn: Arn, subject: str) -> None:
        self._context.call("mq:DescribeBroker", subject, BrokerId=arn.resource.rpartition(":")[2])
