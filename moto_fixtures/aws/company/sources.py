"""Events: rules, schedules, a pipe, topics and buckets that start functions, and one source that is gone."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto_fixtures.aws.company.blueprint import Blueprint
from moto_fixtures.aws.company.deploy_context import FOREIGN, HOME, Workbench, allow, policy
from moto_fixtures.emulation.fake_secrets import letters

_RULES = {
    "order-paid": ("order.paid", ("receipt-mailer",)),
    "parcel-late": ("parcel.late", ("sms-notifier", "returns-intake", "parcel-alerts")),
}


def events(bench: Workbench) -> None:
    """What sends events, before there is a function to receive them."""
    client = bench.client("events")
    for name, (kind, functions) in _RULES.items():
        pattern = {"source": ["fernhollow.shop"], "detail-type": [kind]}
        client.put_rule(Name=name, EventPattern=json.dumps(pattern))
        _targets(bench, name, functions, {"DeadLetterConfig": {"Arn": bench.made[f"queue:dead-letters:{HOME}"]}})
    client.put_rule(Name="gift-reminder-daily", ScheduleExpression="rate(1 day)")
    _targets(bench, "gift-reminder-daily", ("gift-reminder",))
    bench.client("scheduler").create_schedule(
        Name="stock-count",
        ScheduleExpression="cron(0 3 * * ? *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": _function(bench, "stock-counter"), "RoleArn": bench.arn("iam", "role/scheduler")},
    )
    bench.client("pipes").create_pipe(
        Name="orders-to-ledger",
        RoleArn=bench.arn("iam", "role/pipes"),
        Source=bench.made[f"queue:orders:{HOME}"],
        Target=_function(bench, "ledger-writer"),
    )
    topic = bench.made["topic:orders"]
    sns = bench.client("sns")
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=_function(bench, "order-announcer"))
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://warehouse.fernhollow.example/orders")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=bench.made[f"queue:orders:{HOME}"])


def open_queue(bench: Workbench) -> None:
    """A queue whose policy lets everyone send, and of which nothing else was set with care; its messages pile up."""
    sqs, name = bench.client("sqs"), "supplier-feedback"
    arn = bench.made[f"queue:{name}:{HOME}"] = bench.arn("sqs", name)
    anyone = {"Sid": "suppliers", "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    attributes = {"SqsManagedSseEnabled": "false", "Policy": policy(anyone)}
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    batch = [{"Id": str(place), "MessageBody": "{}"} for place in range(10)]
    for _ in range(11):  # more than a hundred
        sqs.send_message_batch(QueueUrl=url, Entries=batch)


def brokers(bench: Workbench) -> None:
    """What came with a marketplace that was bought: a stream, a cluster and a broker, of which nothing was set with care."""
    kinesis = bench.client("kinesis")
    kinesis.create_stream(StreamName="marketplace-offers", ShardCount=1)
    bench.made["stream:offers"] = bench.arn("kinesis", "stream/marketplace-offers")
    cluster = bench.client("kafka").create_cluster_v2(
        ClusterName="marketplace-offers",
        Provisioned={
            "BrokerNodeGroupInfo": {
                "InstanceType": "kafka.m7g.large",
                "ClientSubnets": ["subnet-0a1b2c3d", "subnet-1b2c3d4e"],
                "ConnectivityInfo": {"PublicAccess": {"Type": "DISABLED"}},
            },
            "ClientAuthentication": {"Unauthenticated": {"Enabled": True}},
            "EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": "TLS_PLAINTEXT", "InCluster": True}},
            "KafkaVersion": "3.8.x",
            "NumberOfBrokerNodes": 2,
        },
    )
    bench.made["cluster:offers"] = cluster["ClusterArn"]
    broker = bench.client("mq").create_broker(
        AutoMinorVersionUpgrade=True,
        BrokerName="marketplace-offers",
        DeploymentMode="SINGLE_INSTANCE",
        EngineType="ACTIVEMQ",
        EngineVersion="5.18",
        HostInstanceType="mq.m5.large",
        PubliclyAccessible=True,
        Logs={"General": False, "Audit": False},
        Users=[{"Username": "offers", "Password": letters("offers", 24)}],
    )
    bench.made["broker:offers"] = broker["BrokerArn"]


def notifications(bench: Workbench) -> None:
    """What a bucket sends, once its functions stand: S3 checks that it may call them."""
    pictures = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "originals/"}]}}
    bench.client("s3").put_bucket_notification_configuration(
        Bucket=bench.made["bucket:product-images"].rpartition(":")[2],
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {
                    "LambdaFunctionArn": _function(bench, "image-resizer"),
                    "Events": ["s3:ObjectCreated:*"],
                    "Filter": pictures,
                }
            ]
        },
    )
    bench.client("s3").put_bucket_notification_configuration(
        Bucket=bench.made["bucket:parcel-labels"].rpartition(":")[2],
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {"LambdaFunctionArn": _function(bench, "parcel-labeler"), "Events": ["s3:ObjectCreated:*"]}
            ]
        },
    )


def _function(bench: Workbench, name: str) -> str:
    return bench.arn("lambda", f"function:{name}")


def _targets(
    bench: Workbench, rule: str, functions: tuple[str, ...], settings: Mapping[str, Any] | None = None
) -> None:
    targets = [{"Id": name, "Arn": _function(bench, name), **(settings or {})} for name in functions]
    bench.client("events").put_targets(Rule=rule, Targets=targets)


def functions(bench: Workbench) -> list[Blueprint]:
    """What a schedule, a pipe, a topic and an open queue start, and a function whose bucket was deleted."""
    return [
        Blueprint("stock-counter", "Started by a schedule, through the schedule's own role"),
        Blueprint("ledger-writer", "Started by a pipe from the orders queue"),
        Blueprint(
            "order-announcer",
            "Started by the topic of orders",
            permissions=(_admits(bench, "sns", bench.made["topic:orders"]),),
        ),
        Blueprint(
            "feedback-intake",
            "Works a queue to which everyone may send, for suppliers who have no account",
            access=(
                allow(
                    ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
                    bench.made[f"queue:supplier-feedback:{HOME}"],
                ),
            ),
            source={
                "EventSourceArn": bench.made[f"queue:supplier-feedback:{HOME}"],
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
            },
        ),
        Blueprint(
            "marketplace-bridge",
            "Reads brokers and a stream that nobody secured, a queue of an agency, and a queue that was deleted",
            after=_careless_mappings(bench),
        ),
        Blueprint(
            "parcel-labeler",
            "Started by a bucket; its policy admits S3 of the account and names no bucket, as templates of SAM do",
            permissions=({"Principal": "s3.amazonaws.com", "SourceAccount": bench.account},),
        ),
        Blueprint(
            "archive-restorer",
            "Admits a bucket that was deleted: whoever takes the name next starts it",
            permissions=({"Principal": "s3.amazonaws.com", "SourceArn": bench.made["bucket:order-archive"]},),
        ),
    ]


def _careless_mappings(bench: Workbench) -> Callable[[Any, str], None]:
    foreign = bench.arn("sqs", "campaign-failures", account=FOREIGN)
    mappings: tuple[dict[str, Any], ...] = (
        {
            "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["feed.marketplace.example:9096"]}},
            "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": bench.made["secret:erp"]}],
            "Topics": ["offers"],
            "DestinationConfig": {"OnFailure": {"Destination": foreign}},
        },
        {"EventSourceArn": bench.arn("sqs", "campaign-clicks", account=FOREIGN)},
        {"EventSourceArn": bench.made[f"queue:returns-dead-letters:{HOME}"]},
        {"EventSourceArn": bench.made["stream:offers"], "StartingPosition": "LATEST"},
        {"EventSourceArn": bench.made["cluster:offers"], "StartingPosition": "LATEST", "Topics": ["offers"]},
        {"EventSourceArn": bench.made["broker:offers"], "Queues": ["offers"]},
    )

    def mapped(client: Any, name: str) -> None:
        for mapping in mappings:
            client.create_event_source_mapping(FunctionName=name, **mapping)

    return mapped


def _admits(bench: Workbench, service: str, source: str) -> Mapping[str, Any]:
    return {"Principal": f"{service}.amazonaws.com", "SourceArn": source, "SourceAccount": bench.account}
