"""Triggers as checks read them: each with its answer and a stable place among its siblings."""

from collections.abc import Collection, Iterator
from typing import Final

from auditor.model.function import Function
from auditor.model.observed import Gap, GapReason, Known, Unanswered, graver
from auditor.model.trigger import Trigger

MAPPINGS: Final = "lambda:ListEventSourceMappings"
DESTINATIONS: Final = "lambda:ListFunctionEventInvokeConfigs"
"""Tells which functions start one another: none of those could be written to by outsiders."""
URLS: Final = "lambda:ListFunctionUrlConfigs"
"""Tells which URLs a function of AWS answers on, and no other trigger."""
NOTIFICATIONS: Final = "s3:GetBucketNotificationConfiguration"
"""Tells which functions a bucket sends its events to."""
Placed = tuple[Known[tuple[Trigger, ...]], Trigger, str]


def known_triggers(function: Function) -> Iterator[Placed]:
    """Every enabled trigger that could be read, with the answer it was read from and its locus."""
    seen: dict[str, int] = {}
    for group in function.triggers:
        if not isinstance(group, Known):
            continue
        for trigger in group.value:
            if trigger.enabled:
                yield group, trigger, _locus(trigger, seen)


def connection_of(function: Function, trigger: Trigger) -> str:
    """The setting that holds the connection to a trigger's source, as its handler names it; "" where none is known."""
    handlers = function.handlers.value if isinstance(function.handlers, Known) else ()
    starters = (handler.trigger for handler in handlers if handler.name == trigger.handler)
    return next((found.connection for found in starters if found and found.connection), "")


ASYNCHRONOUS: Final = frozenset({"codepipeline", "events", "s3", "scheduler", "sns"})
"""Services of AWS that hand events over and do not wait for what becomes of them."""
GATEWAYS: Final = frozenset({"apigateway", "appsync", "cloudfront", "elasticloadbalancing"})
_BY_LEAVE: Final = frozenset({"cognito-idp", "config", "iot", "logs", "secretsmanager", "ses"})
"""Services of AWS that are asked only where a policy of a function admits them."""
CALLERS: Final = frozenset({"cloudscheduler", "cloudtasks", "eventgrid", "workflows"})
"""Services of Azure and Google Cloud that call functions by their URL and have no retries that are read."""
URL: Final = "lambda-url"
"""The service of a function URL."""
_TELL_THEIR_OWN: Final = ASYNCHRONOUS | GATEWAYS | _BY_LEAVE | CALLERS | {URL, "pipes", "states"}
"""Services whose lists tell what they themselves start; every other answer may hold triggers of each service."""

LOSE_EVENTS: Final = _TELL_THEIR_OWN - CALLERS - {URL}


_TOLD_BY: Final = {URLS: URL, "graph:StorageAccounts": "eventgrid"}
"""Operations that tell triggers of another service than their own: where storage accounts could not be listed, Event
Grid's subscriptions to their events could not be either.
"""


def of_outsiders(function: Function) -> Iterator[Gap]:
    """Why triggers may be missing, but for those of the account's other functions: no outsider could write to them, and
    they ask for nothing of the role.
    """
    for group in function.triggers:
        if not isinstance(group, Known) and group.gap.operation != DESTINATIONS:
            yield group.gap


def unread(function: Function, services: Collection[str] = LOSE_EVENTS) -> Iterator[Gap]:
    """Why triggers of outsiders may be missing: those of the services, where only they decide."""
    for gap in of_outsiders(function):
        service = _TOLD_BY.get(gap.operation) or gap.operation.partition(":")[0].removesuffix("v2")
        if service in services or service not in _TELL_THEIR_OWN:
            yield gap


def raise_unread(function: Function, gap: Gap | None = None, *, services: Collection[str] = LOSE_EVENTS) -> None:
    """Raises Unanswered for triggers, of the services, that could not be read, or for the gap given."""
    for missing in unread(function, services):
        gap = graver(gap, missing)
    if gap is not None:
        raise Unanswered(gap)


def raise_unmapped(function: Function, gap: Gap | None = None) -> None:
    """Raises Unanswered where event source mappings, which alone read queues and streams, could not be read."""
    for group in function.triggers:
        if not isinstance(group, Known) and group.gap.operation == MAPPINGS:
            gap = graver(gap, group.gap)
    if gap is not None:
        raise Unanswered(gap)


def heavier(gap: Gap | None, other: Gap) -> Gap | None:
    """The gap that decides among several triggers: a fact this kind of trigger does not have decides nothing."""
    return gap if other.reason is GapReason.NOT_OFFERED else graver(gap, other)


_NOUNS: Final = {
    "apigateway": "API Gateway",
    "appsync": "GraphQL API",
    "cloudfront": "CloudFront distribution",
    "codepipeline": "pipeline",
    "config": "AWS Config rule",
    "cognito-idp": "Cognito user pool",
    "dynamodb": "DynamoDB table",
    "elasticloadbalancing": "load balancer target group",
    "events": "EventBridge rule",
    "firehose": "Firehose stream",
    "iot": "IoT rule",
    "kafka": "Kafka cluster",
    "kinesis": "Kinesis stream",
    "lambda": "function",
    "logs": "CloudWatch log group",
    "mq": "MQ broker",
    "s3": "S3 bucket",
    "scheduler": "EventBridge schedule",
    "secretsmanager": "Secrets Manager secret",
    "ses": "SES receipt rule",
    "sns": "SNS topic",
    "sqs": "SQS queue",
    "states": "Step Functions state machine",
}
"""What the sources of an AWS service are called, one noun each; the other clouds name their sources in full."""
_TYPES: Final = frozenset(
    ("rule", "table", "stream", "schedule", "distribution", "topic", "targetgroup", "userpool", "receipt-rule", "apis")
)
"""What stands before the name in the ARNs of sources."""


def source_name(trigger: Trigger) -> str:
    """A trigger's source as a sentence names it: ``S3 bucket uploads``, ``EventBridge rule order-paid``.

    Where no source is named, only what it would be: ``S3 bucket`` (any).
    """
    noun = _NOUNS.get(trigger.service, trigger.service)
    if not trigger.source:
        return f"any {noun}" if trigger.service in _NOUNS else noun
    name = _named(trigger.source)
    kind, _, rest = name.partition("/")
    if kind == "event-bus":
        return f"event bus {rest}"
    if kind in _TYPES and rest:
        name = rest.partition("/")[0] if kind == "table" else rest
    return f"{noun} {name}"


def _named(source: str) -> str:
    """What an ARN says after account and kind; of a table's stream, whose own name is a time with colons, the table."""
    if not source.startswith("arn:"):
        return source
    resource = source.split(":", 5)[-1]
    return resource.partition("/stream/")[0] if resource.startswith("table/") else resource.rpartition(":")[2]


def _locus(trigger: Trigger, seen: dict[str, int]) -> str:
    named = [name for name in (trigger.handler, trigger.source) if name]
    locus = "/".join(named) or trigger.service
    seen[locus] = seen.get(locus, 0) + 1
    return locus if seen[locus] == 1 else f"{locus} ({seen[locus]})"
