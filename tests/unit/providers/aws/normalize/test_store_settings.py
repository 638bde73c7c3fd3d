"""What the services of streams, tables, buckets and brokers say of those that start functions.

Answers as the API references of Kinesis, DynamoDB, S3, MSK (2.0) and Amazon MQ give them.
"""

from typing import Any

import pytest

from auditor.model.capture import Envelope
from auditor.model.event_source import SourceEncryption, SourceSettings
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.trigger import Certainty, Trigger
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import KEY, RENDER, absent, arn, capture, denied, ok, policy, statement

STREAM, TABLE, BUCKET = arn("kinesis", "stream/visits"), arn("dynamodb", "table/stock"), "arn:aws:s3:::pictures"
CLUSTER, BROKER = arn("kafka", "cluster/orders/1f2e-5"), arn("mq", "broker:legacy:b-7")
STREAMS, TABLES, BUCKETS = "kinesis:DescribeStreamSummary", "dynamodb:DescribeTable", "s3:GetBucketEncryption"
CLUSTERS, BROKERS = "kafka:ListClustersV2", "mq:DescribeBroker"
MANAGED = arn("kms", "key/managed")


SENDS = ok(
    "s3:GetBucketNotificationConfiguration",
    {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": RENDER, "Events": ["s3:ObjectCreated:*"]}]},
    "pictures",
)


def told(source: str, *answers: Envelope, sends: bool = True) -> Trigger:
    service = source.split(":")[2]
    if service == "s3":
        admitted = statement("S", {"Service": "s3.amazonaws.com"}, ArnLike={"AWS:SourceArn": source})
        given = [ok("lambda:GetPolicy", {"Policy": policy(admitted)}, RENDER), *([SENDS] if sends else [])]
    else:
        row = {"UUID": "9", "FunctionArn": RENDER, "EventSourceArn": source, "State": "Enabled"}
        given = [ok("lambda:ListEventSourceMappings", {"EventSourceMappings": [row]})]
    functions = {function.name: function for function in normalize(capture(*given, *answers)).functions}
    groups = [group.value for group in functions["render"].triggers if isinstance(group, Known)]
    return next(trigger for group in groups for trigger in group if trigger.service == service)


def settings(source: str, *answers: Envelope) -> SourceSettings:
    return told(source, *answers).settings.need()


def stream(**changes: Any) -> Envelope:
    summary = {"StreamARN": STREAM, "EncryptionType": "NONE", "RetentionPeriodHours": 24} | changes
    return ok(STREAMS, {"StreamDescriptionSummary": summary}, STREAM)


def test_a_stream_says_with_which_key_it_encrypts_and_how_long_it_keeps() -> None:
    plain = settings(STREAM, stream())
    assert plain.encryption == Known(SourceEncryption.NONE, STREAMS)
    assert plain.retention_hours == Known(24, STREAMS)
    assert reason(plain.public) is GapReason.NOT_OFFERED
    default = settings(STREAM, stream(EncryptionType="KMS", KeyId="alias/aws/kinesis"))
    assert default.encryption == Known(SourceEncryption.SERVICE_KEY, STREAMS)
    assert settings(STREAM, stream(EncryptionType="KMS", KeyId=KEY)).encryption.need() is SourceEncryption.CUSTOMER_KEY
    assert reason(settings(STREAM, stream(EncryptionType="QUANTUM")).encryption) is GapReason.UNRECOGNISED
    assert reason(settings(STREAM, stream(RetentionPeriodHours="a day")).retention_hours) is GapReason.MALFORMED


def table(**description: Any) -> Envelope:
    return ok(TABLES, {"Table": {"TableArn": TABLE} | description}, TABLE)


def test_whose_key_a_table_has_is_told_by_kms() -> None:
    assert settings(TABLE, table()).encryption == Known(SourceEncryption.SERVICE_KEY, TABLES)
    own = table(SSEDescription={"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": MANAGED})
    by_aws = ok("kms:DescribeKey", {"KeyMetadata": {"Arn": MANAGED, "KeyManager": "AWS"}}, MANAGED)
    by_us = ok("kms:DescribeKey", {"KeyMetadata": {"Arn": MANAGED, "KeyManager": "CUSTOMER"}}, MANAGED)
    assert settings(TABLE, own, by_aws).encryption == Known(SourceEncryption.SERVICE_KEY, "kms:DescribeKey")
    assert settings(TABLE, own, by_us).encryption == Known(SourceEncryption.CUSTOMER_KEY, "kms:DescribeKey")
    assert reason(settings(TABLE, own, denied("kms:DescribeKey", MANAGED)).encryption) is GapReason.DENIED


def bucket(**default: Any) -> Envelope:
    rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    return ok(BUCKETS, {"ServerSideEncryptionConfiguration": {"Rules": rules}}, "pictures")


@pytest.mark.parametrize(
    ("answer", "encryption"),
    [
        (bucket(SSEAlgorithm="AES256"), SourceEncryption.SERVICE_KEY),
        (bucket(SSEAlgorithm="aws:kms"), SourceEncryption.SERVICE_KEY),
        (bucket(SSEAlgorithm="aws:kms", KMSMasterKeyID=KEY), SourceEncryption.CUSTOMER_KEY),
        (absent(BUCKETS, "pictures"), SourceEncryption.SERVICE_KEY),
    ],
)
def test_a_bucket_encrypts_what_is_put_into_it(answer: Envelope, encryption: SourceEncryption) -> None:
    assert settings(BUCKET, answer).encryption == Known(encryption, BUCKETS)


def test_a_bucket_that_does_not_say_that_it_sends_is_judged_by_nothing() -> None:
    found = told(BUCKET, absent(BUCKETS, "pictures"), sends=False)
    assert found.certainty is Certainty.FUNCTION_ONLY
    assert isinstance(found.settings, Unknown)
    assert found.settings.gap.reason is GapReason.NOT_OFFERED


def cluster(**changes: Any) -> Envelope:
    provisioned = {
        "BrokerNodeGroupInfo": {"ConnectivityInfo": {"PublicAccess": {"Type": "DISABLED"}}},
        "ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}},
        "EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": "TLS", "InCluster": True}},
        "LoggingInfo": {"BrokerLogs": {"CloudWatchLogs": {"Enabled": True, "LogGroup": "brokers"}}},
    } | changes
    row = {"ClusterArn": CLUSTER, "ClusterType": "PROVISIONED", "Provisioned": provisioned}
    return ok(CLUSTERS, {"ClusterInfoList": [row]})


def facts(found: SourceSettings) -> tuple[bool, bool, bool, bool]:
    return found.public.need(), found.anonymous.need(), found.plain_clients.need(), found.logged.need()


def test_a_cluster_says_who_may_connect_and_how() -> None:
    assert facts(settings(CLUSTER, cluster())) == (False, False, False, True)
    public = {"ConnectivityInfo": {"PublicAccess": {"Type": "SERVICE_PROVIDED_EIPS"}}}
    assert settings(CLUSTER, cluster(BrokerNodeGroupInfo=public)).public == Known(True, CLUSTERS)
    also = {"Sasl": {"Scram": {"Enabled": True}}, "Unauthenticated": {"Enabled": True}}
    certificates = {"Tls": {"CertificateAuthorityArnList": [arn("acm-pca", "certificate-authority/1")]}}
    asked = {
        "nothing": {},
        "also without": also,
        "certificates": certificates,
        "iam": {"Sasl": {"Iam": {"Enabled": True}}},
    }
    found = {
        name: settings(CLUSTER, cluster(ClientAuthentication=each)).anonymous.need() for name, each in asked.items()
    }
    assert found == {"nothing": True, "also without": True, "certificates": False, "iam": False}
    mixed = {"EncryptionInTransit": {"ClientBroker": "TLS_PLAINTEXT"}}
    assert settings(CLUSTER, cluster(EncryptionInfo=mixed)).plain_clients == Known(True, CLUSTERS)
    newer = {"EncryptionInTransit": {"ClientBroker": "QUANTUM"}}
    assert reason(settings(CLUSTER, cluster(EncryptionInfo=newer)).plain_clients) is GapReason.UNRECOGNISED
    assert settings(CLUSTER, cluster(LoggingInfo={})).logged == Known(False, CLUSTERS)


def test_a_serverless_cluster_has_nothing_to_open() -> None:
    row = {"ClusterArn": CLUSTER, "ClusterType": "SERVERLESS", "Serverless": {}}
    assert facts(settings(CLUSTER, ok(CLUSTERS, {"ClusterInfoList": [row]}))) == (False, False, False, True)


def test_a_broker_says_whether_the_internet_reaches_it_and_what_it_logs() -> None:
    def broker(**changes: Any) -> SourceSettings:
        body = {"BrokerArn": BROKER, "EngineType": "ACTIVEMQ", "PubliclyAccessible": False, "Logs": {"General": True}}
        return settings(BROKER, ok(BROKERS, body | changes, BROKER))

    assert facts(broker()) == (False, False, False, False)  # the audit log is off
    assert broker(Logs={"General": True, "Audit": True}).logged == Known(True, BROKERS)
    assert broker(EngineType="RabbitMQ").logged == Known(True, BROKERS)
    assert broker(PubliclyAccessible=True).public == Known(True, BROKERS)
    assert reason(broker(PubliclyAccessible="perhaps").public) is GapReason.MALFORMED


def test_what_was_not_read_or_is_elsewhere_is_not_known() -> None:
    assert reason(told(STREAM, denied(STREAMS, STREAM)).settings) is GapReason.DENIED
    assert reason(told(CLUSTER, denied(CLUSTERS)).settings) is GapReason.DENIED
    assert reason(told(TABLE, absent(TABLES, TABLE)).settings) is GapReason.NOT_OFFERED
    elsewhere = CLUSTER.replace("orders", "other")
    assert reason(told(elsewhere, cluster()).settings) is GapReason.NOT_OFFERED


def reason(fact: Any) -> GapReason:
    assert isinstance(fact, Unknown), fact
    return fact.gap.reason
