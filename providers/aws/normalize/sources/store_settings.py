"""What the services of streams, tables, buckets and brokers say of those that start functions."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.event_source import SourceEncryption, SourceSettings
from auditor.model.observed import Known, Observed, Unknown, not_offered
from providers.aws.arn import Arn
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    choice,
    flag,
    items,
    member,
    number,
    optional_flag,
    optional_items,
    optional_member,
    optional_text,
    text,
)
from providers.aws.normalize.keys import Keys

_STREAM: Final = "kinesis:DescribeStreamSummary"
_TABLE: Final = "dynamodb:DescribeTable"
_BUCKET: Final = "s3:GetBucketEncryption"
_CLUSTERS: Final = "kafka:ListClustersV2"
_BROKER: Final = "mq:DescribeBroker"
STORES: Final = {"kinesis": _STREAM, "dynamodb": _TABLE, "s3": _BUCKET, "kafka": _CLUSTERS, "mq": _BROKER}
"""The operation that tells of a source, by service."""


def told(operation: str, **facts: Observed[Any]) -> SourceSettings:
    """Settings of a source whose service has these and no others."""
    missing = not_offered(operation, "sources of this service have no such setting")
    return SourceSettings(**{each.name: facts.get(each.name, missing) for each in fields(SourceSettings)})


class StoreSettings:
    """The sources of one location that keep data, and what their own services say of them."""

    def __init__(self, answers: Answers, keys: Keys) -> None:
        self._answers = answers
        self._keys = keys
        self._readers: dict[str, Callable[[Arn, Json], SourceSettings]] = {
            "kinesis": self._stream,
            "dynamodb": self._table,
            "s3": self._bucket,
            "kafka": self._cluster,
            "mq": self._broker,
        }
        listed = answers.readable(
            answers.pages(_CLUSTERS, "ClusterInfoList"), lambda body: (text(body, "ClusterArn"), body)
        )
        self._clusters, self._unlisted = dict(listed.items), listed.gap

    def settings(self, arn: Arn) -> Observed[SourceSettings]:
        """What is known of a source of one of :data:`STORES`."""
        operation, read = STORES[arn.service], self._readers[arn.service]
        if arn.service == "kafka":
            body = self._listed(arn)
        else:
            body = self._answers.one(operation, arn.resource if arn.service == "s3" else arn.text)
        if isinstance(body, Unknown):
            return body
        answer = body.value
        if answer is None and arn.service == "s3":
            return known(told(_BUCKET, encryption=known(SourceEncryption.SERVICE_KEY, _BUCKET)), _BUCKET)
        if answer is None:
            return not_offered(operation, "it does not exist")
        return known(read(arn, answer), operation)

    def _listed(self, arn: Arn) -> Observed[dict[str, Any] | None]:
        if arn.text in self._clusters:
            return known(self._clusters[arn.text], _CLUSTERS)
        return known(None, _CLUSTERS) if self._unlisted is None else Unknown(self._unlisted)

    def _stream(self, arn: Arn, body: Json) -> SourceSettings:
        def fact(read: Callable[[Json], Any]) -> Observed[Any]:
            return self._answers.fact(_STREAM, lambda: read(member(body, "StreamDescriptionSummary")), arn.text)

        return told(
            _STREAM,
            encryption=fact(_stream_encryption),
            retention_hours=fact(lambda found: number(found, "RetentionPeriodHours")),
        )

    def _table(self, arn: Arn, body: Json) -> SourceSettings:
        """DynamoDB API reference, SSEDescription: absent where the table has a key of DynamoDB's own."""
        read = self._answers.fact(_TABLE, lambda: _table_key(member(body, "Table")), arn.text)
        return told(_TABLE, encryption=read.then(lambda key: self._owned(key, _TABLE)))

    def _bucket(self, arn: Arn, body: Json) -> SourceSettings:
        read = self._answers.fact(_BUCKET, lambda: _bucket_key(body), arn.text)
        return told(_BUCKET, encryption=read.then(lambda key: known(_by_name(key), _BUCKET)))

    def _owned(self, key: str | None, operation: str) -> Observed[SourceEncryption]:
        """Of a key that an ARN names, only KMS tells whether AWS manages it."""
        if key is None:
            return known(SourceEncryption.SERVICE_KEY, operation)
        return self._keys.customer(key).map(
            lambda own: SourceEncryption.CUSTOMER_KEY if own else SourceEncryption.SERVICE_KEY
        )

    def _cluster(self, arn: Arn, body: Json) -> SourceSettings:
        def fact(read: Callable[[Json], bool]) -> Observed[bool]:
            return self._answers.fact(_CLUSTERS, lambda: read(body), arn.text)

        return told(
            _CLUSTERS,
            public=fact(_cluster_public),
            anonymous=fact(_cluster_anonymous),
            plain_clients=fact(_cluster_plain),
            logged=fact(_cluster_logged),
        )

    def _broker(self, arn: Arn, body: Json) -> SourceSettings:
        """Amazon MQ asks every client for a user, and its brokers have no endpoint without TLS."""

        def fact(read: Callable[[], bool]) -> Observed[bool]:
            return self._answers.fact(_BROKER, read, arn.text)

        return told(
            _BROKER,
            public=fact(lambda: flag(body, "PubliclyAccessible")),
            anonymous=Known(False, _BROKER),
            plain_clients=Known(False, _BROKER),
            logged=fact(lambda: _broker_logged(body)),
        )


def _stream_encryption(found: Json) -> SourceEncryption:
    kind = choice(found, "EncryptionType", {"NONE": "", "KMS": "kms"})
    return _by_name(text(found, "KeyId")) if kind else SourceEncryption.NONE


def _by_name(key: str | None) -> SourceEncryption:
    """Kinesis and S3 keep a key as it was named; aliases with this prefix are reserved for keys that AWS manages."""
    managed = key is None or key.rpartition(":")[2].startswith("alias/aws/")
    return SourceEncryption.SERVICE_KEY if managed else SourceEncryption.CUSTOMER_KEY


def _table_key(table: Json) -> str | None:
    description = optional_member(table, "SSEDescription")
    if description is None or optional_text(description, "Status") not in ("ENABLED", "UPDATING"):
        return None
    return optional_text(description, "KMSMasterKeyArn")


def _bucket_key(body: Json) -> str | None:
    """The key that new objects get; None: one of S3, or (``aws:kms`` without a key) the one that AWS manages."""
    for rule in items(member(body, "ServerSideEncryptionConfiguration"), "Rules"):
        default = optional_member(rule, "ApplyServerSideEncryptionByDefault")
        if default is not None:
            text(default, "SSEAlgorithm")
            return optional_text(default, "KMSMasterKeyID")
    return None


_MECHANISMS: Final = (("Sasl", "Scram"), ("Sasl", "Iam"), ("Tls",))


def _provisioned(body: Json) -> Json | None:
    """The part of a cluster with brokers of its own; None: serverless, which asks IAM over TLS inside its VPC alone."""
    kind = choice(body, "ClusterType", {"PROVISIONED": True, "SERVERLESS": False})
    return member(body, "Provisioned") if kind else None


def _cluster_public(body: Json) -> bool:
    found = _provisioned(body)
    if found is None:
        return False
    nodes = member(found, "BrokerNodeGroupInfo")
    access = optional_member(optional_member(nodes, "ConnectivityInfo") or {}, "PublicAccess")  # absent: disabled
    kinds = {"DISABLED": False, "SERVICE_PROVIDED_EIPS": True}
    return access is not None and "Type" in access and choice(access, "Type", kinds)


def _cluster_anonymous(body: Json) -> bool:
    """A cluster that asks for no kind of credentials lets clients in without any."""
    found = _provisioned(body)
    if found is None:
        return False
    asked = optional_member(found, "ClientAuthentication") or {}
    open_too = optional_member(asked, "Unauthenticated")
    if open_too is not None and optional_flag(open_too, "Enabled"):
        return True
    return not any(_enabled(asked, path) for path in _MECHANISMS)


def _enabled(asked: Json, path: tuple[str, ...]) -> bool:
    for name in path:
        asked = optional_member(asked, name) or {}
    return optional_flag(asked, "Enabled") or bool(optional_items(asked, "CertificateAuthorityArnList"))


def _cluster_plain(body: Json) -> bool:
    found = _provisioned(body)
    if found is None:
        return False
    transit = optional_member(optional_member(found, "EncryptionInfo") or {}, "EncryptionInTransit")
    if transit is None or "ClientBroker" not in transit:
        raise UnreadableError("EncryptionInTransit is missing")
    return choice(transit, "ClientBroker", {"TLS": False, "TLS_PLAINTEXT": True, "PLAINTEXT": True})


def _cluster_logged(body: Json) -> bool:
    found = _provisioned(body)
    if found is None:
        return True  # what a serverless cluster logs is no setting
    logs = optional_member(optional_member(found, "LoggingInfo") or {}, "BrokerLogs") or {}
    return any(
        optional_flag(optional_member(logs, name) or {}, "Enabled") for name in ("CloudWatchLogs", "Firehose", "S3")
    )


def _broker_logged(body: Json) -> bool:
    """Amazon MQ API reference, Logs: RabbitMQ has no audit log."""
    logs = optional_member(body, "Logs") or {}
    general = optional_flag(logs, "General")
    rabbit = text(body, "EngineType").upper() == "RABBITMQ"
    return general and (rabbit or optional_flag(logs, "Audit"))
