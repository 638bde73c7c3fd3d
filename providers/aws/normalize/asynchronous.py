"""What becomes of events that fail: dead-letter targets, retries, destinations, and whether they still exist."""

from typing import Any

from auditor.model.asynchronous import AsyncSettings, FailureHandling, Target
from auditor.model.capture import Json
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from providers.aws.arn import parse_arn
from providers.aws.normalize.answers import GLOBAL, Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    filled_text,
    items,
    optional_items,
    optional_member,
    optional_number,
    string,
    text,
)
from providers.aws.normalize.function_list import FunctionList
from providers.aws.normalize.references import qualified

_LISTED = "lambda:ListFunctions"
_SETTINGS = "lambda:ListFunctionEventInvokeConfigs"

_QUEUES = "sqs:ListQueues"
_QUEUE = "sqs:GetQueueUrl"
"""How earlier releases asked for a queue: their snapshots are read as well."""

_TOPIC = "kafka://"
"""Lambda Developer Guide, "Configuring on-failure destinations for Apache Kafka": a topic, in place of an ARN."""

_EXISTENCE = {
    "sns": "sns:GetTopicAttributes",
    "events": "events:DescribeEventBus",
    "s3": "s3:HeadBucket",
}


class Failures:
    """The failure handling of one location's functions."""

    def __init__(self, answers: Answers, listed: FunctionList) -> None:
        self._answers = answers
        self._global = answers.at(GLOBAL)
        self._listed = listed
        self._targets: dict[str, Target] = {}
        queues = answers.flat(answers.bodies(_QUEUES).all(), lambda body: optional_items(body, "QueueUrls"))
        self._queues = answers.readable(queues, _queue_name)  # absent: no queue at all
        self._queue_names = frozenset(self._queues.items)
        self._settings = answers.subjects(
            _SETTINGS, lambda body: [self._read(item) for item in items(body, "FunctionEventInvokeConfigs")]
        )

    def failures(self, config: dict[str, Any], arn: str) -> FailureHandling:
        """The failure handling of a listed function."""
        listing = self._answers.flat(self._settings.all(arn), lambda page: page)
        return FailureHandling(
            dead_letter=self._answers.fact(_LISTED, lambda: self._dead_letter(config), arn),
            settings=listing.complete(),
        )

    def of_mapping(self, body: Json) -> Target | None:
        """Where an event source mapping sends what failed."""
        return self._destination(optional_member(body, "DestinationConfig") or {}, "OnFailure")  # absent: nowhere

    def _dead_letter(self, config: dict[str, Any]) -> Target | None:
        body = optional_member(config, "DeadLetterConfig")  # absent, or without a target: none configured
        target = filled_text(body, "TargetArn") if body is not None else None
        return self._target(target) if target else None

    def _read(self, body: Json) -> AsyncSettings:
        _, qualifier = qualified(text(body, "FunctionArn"))
        destinations = optional_member(body, "DestinationConfig") or {}  # absent: none
        return AsyncSettings(
            qualifier=qualifier,
            max_retries=optional_number(body, "MaximumRetryAttempts"),  # absent: the platform's default
            max_age_seconds=optional_number(body, "MaximumEventAgeInSeconds"),
            on_failure=self._destination(destinations, "OnFailure"),
            on_success=self._destination(destinations, "OnSuccess"),
        )

    def _destination(self, body: dict[str, Any], key: str) -> Target | None:
        entry = optional_member(body, key)
        target = filled_text(entry, "Destination") if entry is not None else None
        if target and target.startswith(_TOPIC):
            offered = not_offered(_SETTINGS, "a topic of the Kafka cluster that is read")
            return Target(id=target, kind="kafka", account=None, exists=offered)
        return self._target(target) if target else None

    def _target(self, target: str) -> Target:
        found = self._targets.get(target)
        if found is None:
            arn = parse_arn(target)
            if arn is None:
                raise UnreadableError("a target is not named by an ARN")
            exists = self._exists(target, arn.service, arn.account)
            found = Target(id=target, kind=arn.service, account=arn.account or None, exists=exists)
            self._targets[target] = found
        return found

    def _exists(self, target: str, service: str, account: str) -> Observed[bool]:
        if service == "lambda":
            return self._listed.exists(target)
        if service == "sqs":
            return self._queue(target)
        operation = _EXISTENCE.get(service)
        if operation is None:
            message = f"targets of the service {service} are not known to us"
            return Unknown(self._answers.gap(_SETTINGS, GapReason.UNRECOGNISED, message, target))
        body = self._answers.one(operation, target)
        if service == "s3" and not body.known:
            elsewhere = self._global.one(operation, target)
            body = elsewhere if elsewhere.known or _recorded(elsewhere) else body
        if isinstance(body, Unknown):
            return body
        return (
            self._answers.absence(operation, target, account)
            if body.value is None
            else known(value=True, source=operation)
        )

    def _queue(self, target: str) -> Observed[bool]:
        """Whether a queue is among the region's own."""
        arn = parse_arn(target)
        if arn is None or target in self._answers.bodies(_QUEUE):
            body = self._answers.one(_QUEUE, target)
            if isinstance(body, Known) and body.value is None:
                return self._answers.absence(_QUEUE, target, arn.account if arn else None)
            return body.map(lambda _: True)
        if (arn.account, arn.region) != (self._answers.account, self._answers.location):
            message = "queues of another account or region are not looked for"
            return Unknown(self._answers.gap(_QUEUES, GapReason.NOT_COLLECTED, message, target))
        if f"{arn.account}/{arn.resource}" in self._queue_names:
            return known(value=True, source=_QUEUES)
        return self._queues.absence(value=False)


def _queue_name(url: Json) -> str:
    """``account/name``: how the URL of a queue ends, whatever its host."""
    return "/".join(string(url, "a queue's URL").rsplit("/", 2)[-2:])


def _recorded(fact: Observed[Any]) -> bool:
    return isinstance(fact, Unknown) and fact.gap.reason not in {GapReason.NOT_COLLECTED, GapReason.NOT_AT_DEPTH}
