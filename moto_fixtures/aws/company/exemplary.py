"""What a careful team deploys with AWS SAM: roles for one purpose each, and what SAM sets where it is asked to."""

from typing import Any

from moto_fixtures.aws.company.blueprint import Blueprint, LogGroup
from moto_fixtures.aws.company.deploy_context import HOME, Workbench, allow, policy

_MANAGED = (
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess",  # SAM attaches it where tracing is on
)
_TAGS = {"lambda:createdBy": "SAM", "company": "fernhollow", "environment": "production", "cost-center": "digital"}


def roles(bench: Workbench) -> None:
    """A role for each function, as SAM makes it: its statements are an inline policy."""
    table = bench.arn("dynamodb", "table/gift-registry")
    queue = bench.made[f"queue:orders:{HOME}"]
    letters = bench.made[f"queue:dead-letters:{HOME}"]
    reads = ["dynamodb:GetItem", "dynamodb:Query"]
    for name, statements in {
        "gift-registry-api": [allow([*reads, "dynamodb:PutItem"], [table, f"{table}/index/by-owner"])],
        "gift-wrapper": [allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue)],
        "gift-reminder": [allow("sqs:SendMessage", letters), allow(reads, table)],
    }.items():
        document = policy(*statements)
        bench.made[f"role:{name}"] = bench.role(f"sam-{name}-role", managed=_MANAGED, inline=document)


def functions(bench: Workbench) -> list[Blueprint]:
    """One behind an HTTP API, one that works a queue, one that a schedule starts."""
    queue = bench.made[f"queue:orders:{HOME}"]
    letters = bench.made[f"queue:dead-letters:{HOME}"]
    return [
        Blueprint(
            "gift-registry-api",
            "One route of an HTTP API, one table, an alias that SAM publishes",
            _settings(bench, TABLE_NAME="gift-registry"),
            role="role:gift-registry-api",
            alias_permissions=(
                {
                    "Principal": "apigateway.amazonaws.com",
                    "SourceArn": bench.arn("execute-api", "g1f7r3g1st/*/GET/gifts"),
                    "SourceAccount": bench.account,
                },
            ),
            **_sound(reserved=20),
        ),
        Blueprint(
            "gift-wrapper",
            "Works a queue whose own redrive policy sets failures aside, and reports failed items one by one",
            _settings(bench, PAPER="recycled"),
            role="role:gift-wrapper",
            source={
                "EventSourceArn": queue,
                "BatchSize": 10,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "ScalingConfig": {"MaximumConcurrency": 5},
            },
            **_sound(reserved=10),
        ),
        Blueprint(
            "gift-reminder",
            "Started by one schedule; what fails goes to a queue",
            _settings(bench, SENDER="hello@fernhollow.example"),
            role="role:gift-reminder",
            permissions=(
                {
                    "Principal": "events.amazonaws.com",
                    "SourceArn": bench.arn("events", "rule/gift-reminder-daily"),
                    "SourceAccount": bench.account,
                },
            ),
            invoke={
                "MaximumRetryAttempts": 1,
                "MaximumEventAgeInSeconds": 3600,
                "DestinationConfig": {"OnFailure": {"Destination": letters}},
            },
            **_sound(reserved=2),
        ),
    ]


def _sound(*, reserved: int) -> dict[str, Any]:
    return {"log": LogGroup(90), "reserved": reserved, "signing": "", "tags": _TAGS}


def _settings(bench: Workbench, **variables: str) -> dict[str, Any]:
    """What the template says: a customer-managed key for the variables, neither layers nor a dead-letter queue."""
    return {
        "KMSKeyArn": bench.made["key:env"],
        "Environment": {"Variables": {"LOG_LEVEL": "INFO", **variables}},
        "Layers": None,
        "DeadLetterConfig": None,
    }
