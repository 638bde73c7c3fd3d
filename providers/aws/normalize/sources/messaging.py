"""What topics and buckets send."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.observed import Gap, Unknown
from auditor.model.trigger import Flow, TriggerKind
from providers.aws.normalize.answers import Answers
from providers.aws.normalize.fields import items, optional_items, optional_member, text, texts
from providers.aws.normalize.sources.reading import EVERYTHING, Delivery, Reading, delivery, is_function

_SUBSCRIPTIONS = "sns:ListSubscriptions"
_BUCKETS = "s3:ListBuckets"
_NOTIFICATIONS = "s3:GetBucketNotificationConfiguration"
_FORWARDING = {"sqs", "firehose"}


def topics(answers: Answers) -> Reading:
    """The subscriptions of topics."""
    read = answers.readable(answers.pages(_SUBSCRIPTIONS, "Subscriptions"), _subscription)
    return Reading(
        service="sns",
        operation=_SUBSCRIPTIONS,
        deliveries=tuple(
            delivery(endpoint, "sns", topic, TriggerKind.TOPIC, asynchronous=True, enabled=confirmed)
            for topic, protocol, endpoint, confirmed in read.items
            if protocol == "lambda"
        ),
        flows=tuple(
            Flow(source=topic, target=endpoint, service="sns", operation=_SUBSCRIPTIONS)
            for topic, protocol, endpoint, confirmed in read.items
            if protocol in _FORWARDING and confirmed
        ),
        gaps={EVERYTHING: read.gap} if read.gap else {},
    )


def _subscription(body: Json) -> tuple[str, str, str, bool]:
    confirmed = text(body, "SubscriptionArn").startswith("arn:")  # else PendingConfirmation or Deleted
    return text(body, "TopicArn"), text(body, "Protocol"), text(body, "Endpoint"), confirmed


def buckets(answers: Answers, partition: str) -> Reading:
    """The notifications of the buckets that were asked."""
    bodies = answers.bodies(_NOTIFICATIONS)
    deliveries: list[Delivery] = []
    flows: list[Flow] = []
    gaps: dict[str, Gap] = {}
    gone: set[str] = set()

    def unasked(bucket: str) -> Gap | None:
        name = bucket.rpartition(":")[2]
        return None if name in bodies else answers.missing(_NOTIFICATIONS, name)

    for name in bodies:
        bucket = f"arn:{partition}:s3:::{name}"
        found = bodies.one(name)
        if isinstance(found, Unknown):
            gaps[bucket] = found.gap
            continue
        if found.value is None:
            gone.add(bucket)
            continue
        read = answers.fact(_NOTIFICATIONS, lambda body=found.value, bucket=bucket: _sent(body, bucket), name)  # type: ignore[misc]
        if isinstance(read, Unknown):
            gaps[bucket] = read.gap
            continue
        deliveries.extend(read.value[0])
        flows.extend(read.value[1])
    return Reading(
        service="s3",
        operation=_NOTIFICATIONS,
        deliveries=tuple(deliveries),
        flows=tuple(flows),
        gaps=gaps,
        gone=frozenset(gone),
        unasked=unasked,
        unnamed=answers.readable(answers.pages(_BUCKETS, "Buckets"), lambda body: text(body, "Name")).gap,
    )


def _sent(body: dict[str, Any], bucket: str) -> tuple[list[Delivery], list[Flow]]:
    deliveries = []
    for item in optional_items(body, "LambdaFunctionConfigurations"):  # absent: none
        filters = (*texts(item, "Events"), *_keys(item))
        target = text(item, "LambdaFunctionArn")
        made = delivery(target, "s3", bucket, TriggerKind.STORAGE, asynchronous=True, filters=filters)
        deliveries.append(made)
    flows = []
    for configurations, name in (("QueueConfigurations", "QueueArn"), ("TopicConfigurations", "TopicArn")):
        for item in optional_items(body, configurations):  # absent: none
            filters = (*texts(item, "Events"), *_keys(item))
            flows.append(
                Flow(source=bucket, target=text(item, name), service="s3", operation=_NOTIFICATIONS, filters=filters)
            )
    return [each for each in deliveries if is_function(each.function)], flows


def _keys(item: Json) -> tuple[str, ...]:
    """The names of objects a notification is for, such as ``prefix=uploads/``; empty: all."""
    key = optional_member(optional_member(item, "Filter") or {}, "Key") or {}  # absent: no filter
    rules = items(key, "FilterRules") if key else []
    return tuple(f"{text(rule, 'Name').lower()}={text(rule, 'Value')}" for rule in rules)
