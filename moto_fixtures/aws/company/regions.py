"""Where functions stand and what becomes of their failures and logs."""

from typing import Any

from moto_fixtures.aws.company.blueprint import Blueprint, LogGroup
from moto_fixtures.aws.company.deploy_context import FOREIGN, HOME, Workbench


def functions(bench: Workbench) -> list[Blueprint]:
    """Functions by the defect of their place, their failure path or their logs."""
    return [*_networks(bench), *_failures(bench), *_logs()]


def _networks(bench: Workbench) -> list[Blueprint]:
    def inside(subnets: tuple[str, ...], group: str, **more: Any) -> dict[str, Any]:
        return {
            "VpcConfig": {
                "SubnetIds": [bench.made[f"subnet:{subnet}"] for subnet in subnets],
                "SecurityGroupIds": [bench.made[f"group:{group}"]],
                **more,
            }
        }

    both = ("private-a", "private-b")
    return [
        Blueprint("pos-sync", "In a public subnet of the old network", inside(("public-a", "public-b"), "old")),
        Blueprint("loyalty-db-reader", "In one zone only", inside(("private-a",), "narrow")),
        Blueprint("refund-worker", "Its security group was deleted", inside(both, "doomed")),
        Blueprint("stock-db-writer", "Its security group lets the internet in", inside(both, "wide-in")),
        Blueprint("price-watch", "Its security group lets it go anywhere", inside(both, "wide-out")),
        Blueprint("cdn-invalidator", "May leave over IPv6", inside(both, "wide-out", Ipv6AllowedForDualStack=True)),
        Blueprint("flash-sale-queue", "In subnets too small to scale", inside(("tiny", "tiny-b"), "narrow")),
        Blueprint(
            "media-transcoder",
            "Mounts the root of an open, unencrypted file system",
            inside(both, "narrow")
            | {"FileSystemConfigs": [{"Arn": bench.made["mount:media"], "LocalMountPath": "/mnt/media"}]},
        ),
    ]


def _failures(bench: Workbench) -> list[Blueprint]:
    event = {
        "Principal": "events.amazonaws.com",
        "SourceArn": bench.arn("events", "rule/parcel-late"),
        "SourceAccount": bench.account,
    }
    archive = bench.made["bucket:order-archive"]
    return [
        Blueprint(
            "sms-notifier",
            "Event-triggered, and failures go nowhere",
            {"DeadLetterConfig": None},
            permissions=(event,),
        ),
        Blueprint(
            "returns-intake",
            "Its dead-letter queue was deleted",
            {"DeadLetterConfig": {"TargetArn": bench.made[f"queue:returns-dead-letters:{HOME}"]}},
            permissions=(event,),
        ),
        Blueprint(
            "parcel-alerts",
            "Failures go to a topic",
            {"DeadLetterConfig": {"TargetArn": bench.made["topic:late"]}},
            permissions=(event,),
        ),
        Blueprint(
            "analytics-forwarder",
            "Results go to a queue of another account",
            invoke={"DestinationConfig": {"OnSuccess": {"Destination": bench.arn("sqs", "intake", account=FOREIGN)}}},
        ),
        Blueprint(
            "returns-scoring",
            "Results go to a queue that was deleted",
            invoke={
                "DestinationConfig": {"OnSuccess": {"Destination": bench.made[f"queue:returns-dead-letters:{HOME}"]}}
            },
        ),
        Blueprint(
            "archive-exporter",
            "Failures go to a bucket that is gone",
            invoke={"DestinationConfig": {"OnFailure": {"Destination": archive}}, "MaximumRetryAttempts": 1},
        ),
    ]


def _logs() -> list[Blueprint]:
    return [
        Blueprint("abandoned-cart", "No log group", log=None),
        Blueprint("gift-wrap-rules", "Logs are kept for ever", log=LogGroup(None)),
        Blueprint("parcel-tracker", "Logs are kept for a week", log=LogGroup(7)),
        Blueprint("store-stock-push", "Logs under no customer key", log=LogGroup(400, "")),
        Blueprint(
            "audit-tail",
            "Logs go to a shared group, and only fatal lines",
            {
                "LoggingConfig": {
                    "LogFormat": "JSON",
                    "LogGroup": "/fernhollow/shared",
                    "ApplicationLogLevel": "FATAL",
                    "SystemLogLevel": "WARN",
                }
            },
            log=LogGroup(name="/fernhollow/shared"),
        ),
        Blueprint("checkout-trace-off", "Not traced", {"TracingConfig": {"Mode": "PassThrough"}}),
        Blueprint("reviews-api", "No reserved concurrency", reserved=None),
    ]
