"""What the services of event sources say of those that start functions: encryption, TLS, where failures go."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.event_source import SourceEncryption, SourceSettings
from auditor.model.exposure import Effect
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, not_offered
from auditor.model.resource_names import written_to
from auditor.model.trigger import Certainty, Trigger, TriggerVia
from auditor.model.wildcards import covers
from providers.aws.arn import Arn, parse_arn
from providers.aws.iam.actions import SENDS, names
from providers.aws.iam.document import PolicyMalformedError, Statement, parse_document
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import UnreadableError, filled_text, member, record, text
from providers.aws.normalize.keys import Keys
from providers.aws.normalize.sources.store_settings import STORES, StoreSettings, told

_QUEUE: Final = "sqs:GetQueueAttributes"
_TOPIC: Final = "sns:GetTopicAttributes"
_SUBSCRIPTIONS: Final = "sns:ListSubscriptions"
_KINDS: Final = {"sqs": ResourceKind.QUEUE, "sns": ResourceKind.TOPIC}
_OPERATIONS: Final = {"sqs": _QUEUE, "sns": _TOPIC}
_TELLS: Final = {"sqs": _QUEUE, "kinesis": "kinesis:GetResourcePolicy"}
"""Answers that are absent only where the source does not exist: a stream without a policy is answered with ``{}``."""
_NONE: Final = not_offered("lambda:ListEventSourceMappings", "what this source is set to is not read")
_NOT_LOOKED_FOR: Final = not_offered("lambda:ListEventSourceMappings", "whether this source exists is not asked")
_NOT_KEPT: Final = not_offered("lambda:ListEventSourceMappings", "the source does not keep what fails")

_GONE: Final = frozenset({Certainty.SOURCE_GONE})
_NO_SOURCE: Final = {"s3": _GONE | {Certainty.FUNCTION_ONLY}}
"""Of which sources nothing is judged: those that are gone, and buckets of which it is not known that they send, for one
that was deleted answers as one without encryption does."""

Group = Observed[tuple[Trigger, ...]]


class SourceSettingsReader:
    """The settings of one location's sources, each read once. ``failures`` are queues known to take failed events."""

    def __init__(self, answers: Answers, failures: Iterable[str], keys: Keys) -> None:
        self._answers = answers
        self._stores = StoreSettings(answers, keys)
        self._read: dict[str, Observed[SourceSettings]] = {}
        subscribed = answers.pages(_SUBSCRIPTIONS, "Subscriptions")
        plain = answers.readable(subscribed, _plain_subscriber)
        self._plain, self._unlisted = frozenset(plain.items), plain.gap
        queues = answers.bodies(_QUEUE)
        targets = (answers.fact(_QUEUE, lambda body=body: _redrive(body)) for body in queues.firsts())  # type: ignore[misc]
        self._failures = frozenset({*failures, *(each.value for each in targets if isinstance(each, Known))} - {None})

    def groups(self, groups: Iterable[Group]) -> tuple[Group, ...]:
        """The same triggers, with what their sources' services say."""
        return tuple(group.map(lambda found: tuple(map(self._told, found))) for group in groups)

    def _told(self, trigger: Trigger) -> Trigger:
        arn = parse_arn(written_to(trigger.source))
        settings: Observed[SourceSettings] = _NONE
        known_service = arn is not None and arn.service == trigger.service and arn.service in {*_OPERATIONS, *STORES}
        if arn is not None and known_service and trigger.certainty not in _NO_SOURCE.get(arn.service, _GONE):
            settings = self._settings(arn)
        exists = self._exists(trigger, arn)
        gone = isinstance(exists, Known) and not exists.value
        certainty = Certainty.SOURCE_GONE if gone else trigger.certainty
        kept = self._dead_letter(trigger, arn)
        return replace(trigger, settings=settings, dead_letter=kept, exists=exists, certainty=certainty)

    def _exists(self, trigger: Trigger, arn: Arn | None) -> Observed[bool]:
        """Whether the source of a mapping is there."""
        operation = _TELLS.get(trigger.service)
        if operation is None or arn is None or trigger.via is not TriggerVia.MAPPING:
            return _NOT_LOOKED_FOR
        if not self._own(arn):
            return Unknown(self._elsewhere(operation, arn))
        return self._answers.one(operation, arn.text).map(lambda body: body is not None)

    def _elsewhere(self, operation: str, arn: Arn) -> Gap:
        message = f"{arn.text} is of another account or region, where it was not asked for"
        return self._answers.gap(operation, GapReason.NOT_COLLECTED, message, arn.text)

    def _own(self, arn: Arn) -> bool:
        here = (self._answers.account, self._answers.location)
        return (arn.account or here[0], arn.region or here[1]) == here  # the ARN of a bucket names neither

    def _settings(self, arn: Arn) -> Observed[SourceSettings]:
        found = self._read.get(arn.text)
        if found is None and arn.service in STORES:
            if self._own(arn):
                found = self._read[arn.text] = self._stores.settings(arn)
            else:
                found = Unknown(self._elsewhere(STORES[arn.service], arn))
        if found is None:
            body = self._body(arn)
            found = body.map(lambda answer: self._of(arn, answer))
            if isinstance(body, Unknown) and arn.service == "sns" and self._own(arn):
                found = known(self._subscribed(arn, body), _SUBSCRIPTIONS)
            self._read[arn.text] = found
        return found

    def _body(self, arn: Arn) -> Observed[dict[str, Any]]:
        operation = _OPERATIONS[arn.service]
        if not self._own(arn):
            return Unknown(self._elsewhere(operation, arn))
        body = self._answers.one(operation, arn.text)
        if isinstance(body, Unknown):
            return body
        if body.value is None:
            return not_offered(operation, "it does not exist")
        return known(body.value, operation)

    def _of(self, arn: Arn, body: dict[str, Any]) -> SourceSettings:
        operation, kind = _OPERATIONS[arn.service], _KINDS[arn.service]

        def fact(read: Any) -> Observed[Any]:
            return self._answers.fact(operation, read, arn.text)

        tls = fact(lambda: _requires_tls(_attributes(body, arn.service), kind, arn.text))
        if arn.service == "sns":
            return told(
                operation,
                encryption=fact(lambda: _topic_encryption(_attributes(body, arn.service))),
                tls_required=tls,
                delivers_plain=self._delivers_plain(arn.text),
            )
        return told(
            operation,
            encryption=fact(lambda: _queue_encryption(_attributes(body, arn.service))),
            tls_required=tls,
            visibility_seconds=fact(lambda: _number(_attributes(body, arn.service), "VisibilityTimeout")),
            waiting=fact(lambda: _number(_attributes(body, arn.service), "ApproximateNumberOfMessages")),
        )

    def _subscribed(self, arn: Arn, unread: Unknown) -> SourceSettings:
        """What is known of a topic whose attributes could not be read: its subscriptions."""
        plain = self._delivers_plain(arn.text)
        return told(_TOPIC, encryption=unread, tls_required=unread, delivers_plain=plain)

    def _delivers_plain(self, topic: str) -> Observed[bool]:
        """Whether a topic has a confirmed subscriber that it sends to over plain HTTP."""
        if self._unlisted is not None and topic not in self._plain:
            return Unknown(self._unlisted)
        return known(topic in self._plain, _SUBSCRIPTIONS)

    def _dead_letter(self, trigger: Trigger, arn: Arn | None) -> Observed[bool]:
        """Whether what the function cannot process is set aside: by the queue itself, or by the mapping."""
        if trigger.via is not TriggerVia.MAPPING:
            return trigger.dead_letter if isinstance(trigger.dead_letter, Known) else _NOT_KEPT
        if trigger.service != "sqs" or arn is None:
            return trigger.failure_target.map(lambda target: target is not None)
        if arn.text in self._failures:
            return not_offered(_QUEUE, "it is itself a dead-letter queue")
        return self._body(arn).then(lambda body: self._answers.fact(_QUEUE, lambda: _sets_aside(body), arn.text))


def _plain_subscriber(body: Json) -> str | None:
    """The topic of a subscription that is confirmed and over plain HTTP."""
    confirmed = text(body, "SubscriptionArn").startswith("arn:")  # else PendingConfirmation or Deleted
    return text(body, "TopicArn") if confirmed and text(body, "Protocol") == "http" else None


def _attributes(body: Json, service: str = "sqs") -> dict[str, Any]:
    """The attributes of a queue or topic. Earlier releases asked a queue for its policy alone, and every queue has a
    time for which messages are hidden: without one, the others were not asked for.
    """
    attributes = member(body, "Attributes")
    if service == "sqs" and "VisibilityTimeout" not in attributes:
        raise UnreadableError("only the policy of the queue was asked for", GapReason.NOT_COLLECTED)
    return attributes


def _number(attributes: dict[str, Any], name: str) -> int:
    written = text(attributes, name)
    if not (written.isascii() and written.isdecimal()):
        raise UnreadableError(f"{name} is not a number")
    return int(written)


def _parsed(attributes: dict[str, Any], name: str) -> dict[str, Any] | None:
    document = filled_text(attributes, name)  # absent: none
    if document is None:
        return None
    try:
        return record(json.loads(document), name)
    except ValueError as error:
        raise UnreadableError(f"{name} is no JSON") from error


def _redrive(body: Json) -> str | None:
    """The queue to which another one moves what fails too often."""
    policy = _parsed(_attributes(body), "RedrivePolicy")
    return text(policy, "deadLetterTargetArn") if policy is not None else None


def _sets_aside(body: Json) -> bool:
    """Whether a queue moves what fails, or says that it takes what others move.

    SQS API reference, SetQueueAttributes: RedriveAllowPolicy is of the dead-letter queue; ``denyAll`` refuses them.
    """
    allowed = _parsed(_attributes(body), "RedriveAllowPolicy")
    if allowed is not None and text(allowed, "redrivePermission") != "denyAll":
        return True
    return _redrive(body) is not None


def _queue_encryption(attributes: dict[str, Any]) -> SourceEncryption:
    key = filled_text(attributes, "KmsMasterKeyId")  # absent: no key of KMS
    if key is not None:
        return _by_key(key)
    managed = text(attributes, "SqsManagedSseEnabled")
    if managed not in ("true", "false"):
        raise UnreadableError("SqsManagedSseEnabled is neither true nor false")
    return SourceEncryption.SERVICE_KEY if managed == "true" else SourceEncryption.NONE


def _topic_encryption(attributes: dict[str, Any]) -> SourceEncryption:
    text(attributes, "TopicArn")  # every topic has one: an answer without it says nothing of the others
    key = filled_text(attributes, "KmsMasterKeyId")  # absent: server-side encryption is off
    return SourceEncryption.NONE if key is None else _by_key(key)


def _by_key(key: str) -> SourceEncryption:
    """Aliases with this prefix are reserved for keys that AWS manages."""
    managed = key.rpartition(":")[2].startswith("alias/aws/")
    return SourceEncryption.SERVICE_KEY if managed else SourceEncryption.CUSTOMER_KEY


def _requires_tls(attributes: dict[str, Any], kind: ResourceKind, arn: str) -> bool:
    """Whether a Deny takes every sender's requests over plain HTTP away."""
    document = filled_text(attributes, "Policy")  # absent: none
    if document is None:
        return False
    try:
        statements = parse_document(document)
    except PolicyMalformedError as error:
        raise UnreadableError(f"the policy cannot be read: {error}") from error
    return any(_denies_plain(statement, kind, arn) for statement in statements)


def _denies_plain(statement: Statement, kind: ResourceKind, arn: str) -> bool:
    if statement.effect is not Effect.DENY or statement.unknown_elements or len(statement.conditions) != 1:
        return False
    everyone = any(kind in ("", "AWS") and who == "*" for kind, who in statement.principals or ())
    sends = all(names(statement.actions, action) for action in SENDS[kind])
    there = any(covers(pattern, arn) for pattern in statement.resources)
    (condition,) = statement.conditions
    plain = condition.operator.lower() in ("bool", "boolifexists") and condition.key.lower() == "aws:securetransport"
    return everyone and sends and there and plain and [value.lower() for value in condition.values] == ["false"]
