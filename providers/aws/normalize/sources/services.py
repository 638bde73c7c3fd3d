"""Services that start functions by the leave of the functions' policies: IoT, logs, rotation, e-mail, AWS Config."""

import json
from collections.abc import Iterator
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.observed import Gap, GapReason, Unknown
from auditor.model.trigger import TriggerKind
from providers.aws.normalize.answers import Answers, Listing, known
from providers.aws.normalize.fields import (
    UnreadableError,
    items,
    member,
    optional_flag,
    optional_items,
    optional_member,
    optional_text,
    optional_texts,
    record,
    text,
)
from providers.aws.normalize.sources.reading import EVERYTHING, Delivery, Reading, delivery, is_function

_RULES: Final = "iot:ListTopicRules"
_RULE: Final = "iot:GetTopicRule"
_FILTERS: Final = "logs:DescribeSubscriptionFilters"
_FOR_ALL: Final = "logs:DescribeAccountPolicies"
_SECRETS: Final = "secretsmanager:ListSecrets"
_RECEIPTS: Final = "ses:DescribeActiveReceiptRuleSet"
_CONFIG: Final = "config:DescribeConfigRules"


def topic_rules(answers: Answers) -> Reading:
    """What rules of IoT start, of those that a policy of a function admits."""
    listed = answers.readable(answers.pages(_RULES, "rules"), lambda body: text(body, "ruleArn"))
    bodies = answers.bodies(_RULE)
    gaps = _gaps(listed)
    deliveries: list[Delivery] = []
    for rule in bodies:
        body = bodies.one(rule)
        if isinstance(body, Unknown):
            gaps[rule] = body.gap
            continue
        answer = body.value or {}
        sent = answers.fact(_RULE, lambda answer=answer, rule=rule: tuple(_published(answer, rule)), rule)  # type: ignore[misc]
        if isinstance(sent, Unknown):
            gaps[rule] = sent.gap
        else:
            deliveries.extend(sent.value)

    def unasked(rule: str) -> Gap | None:
        return None if rule in bodies else answers.missing(_RULE, rule)

    resources = None if listed.gap else frozenset(listed.items)
    return Reading("iot", _RULE, tuple(deliveries), gaps=gaps, resources=resources, unasked=unasked, forwards=False)


def _published(body: Json, arn: str) -> Iterator[Delivery]:
    rule = member(body, "rule")
    on, filters = not optional_flag(rule, "ruleDisabled"), (text(rule, "sql"),)
    for action in (*items(rule, "actions"), optional_member(rule, "errorAction") or {}):
        target = optional_member(record(action), "lambda")
        if target is not None:
            function = text(target, "functionArn")
            yield delivery(function, "iot", arn, TriggerKind.DEVICE, asynchronous=True, enabled=on, filters=filters)


def log_groups(answers: Answers, partition: str) -> Reading:
    """What log groups send, of those that a policy names, and what a policy of the account sends of all of them."""
    bodies = answers.bodies(_FILTERS)
    gaps: dict[str, Gap] = {}
    deliveries: list[Delivery] = []
    gone: set[str] = set()
    for group in bodies:
        if not bodies.refused(group) and not bodies.all(group).items:
            gone.add(group)
            continue
        read = answers.readable(answers.pages(_FILTERS, "subscriptionFilters", group), _filtered)
        if read.gap is not None:
            gaps[group] = read.gap
        deliveries.extend(_logged(target, group, pattern) for target, pattern in read.items)
    everywhere = answers.readable(answers.pages(_FOR_ALL, "accountPolicies"), _of_account)
    every_group = f"arn:{partition}:logs:{answers.location}:{answers.account}:log-group:*"
    deliveries.extend(_logged(target, every_group, "") for target in everywhere.items)

    def unasked(group: str) -> Gap | None:
        return everywhere.gap if group in bodies else answers.missing(_FILTERS, group)

    delivered = tuple(each for each in deliveries if is_function(each.function))
    message = "log groups are named by a pattern, and each would have to be asked"
    unnamed = answers.gap(_FILTERS, GapReason.NOT_COLLECTED, message)
    return Reading(
        "logs",
        _FILTERS,
        delivered,
        gaps=gaps,
        gone=frozenset(gone),
        unasked=unasked,
        unnamed=everywhere.gap or unnamed,
        forwards=False,
    )


def _filtered(body: Json) -> tuple[str, str]:
    return text(body, "destinationArn"), optional_text(body, "filterPattern") or ""


def _of_account(body: Json) -> str:
    """Where a policy of the account sends the events of every log group."""
    try:
        document = record(json.loads(text(body, "policyDocument")))
    except ValueError as error:
        raise UnreadableError("policyDocument is no JSON") from error
    return text(document, "DestinationArn")


def _logged(target: str, group: str, pattern: str) -> Delivery:
    filters = (pattern,) if pattern else ()
    return delivery(target, "logs", group, TriggerKind.LOGS, asynchronous=True, filters=filters)


def secrets(answers: Answers) -> Reading:
    """Which secrets are rotated by functions."""
    listed = answers.readable(answers.pages(_SECRETS, "SecretList"), _rotated)
    deliveries = (
        delivery(function, "secretsmanager", secret, TriggerKind.OTHER, asynchronous=True, enabled=on)
        for secret, function, on in listed.items
        if function
    )
    resources = None if listed.gap else frozenset(secret for secret, _, _ in listed.items)
    return Reading(
        "secretsmanager", _SECRETS, tuple(deliveries), gaps=_gaps(listed), resources=resources, forwards=False
    )


def _rotated(body: Json) -> tuple[str, str, bool]:
    return text(body, "ARN"), optional_text(body, "RotationLambdaARN") or "", optional_flag(body, "RotationEnabled")


def receipts(answers: Answers, partition: str) -> Reading:
    """What e-mail starts: the rules of the one rule set that is active."""
    body = answers.one(_RECEIPTS)
    read = body.then(lambda found: answers.fact(_RECEIPTS, lambda: tuple(_received(found or {}, answers, partition))))
    if isinstance(read, Unknown):
        return Reading("ses", _RECEIPTS, gaps={EVERYTHING: read.gap}, forwards=False)
    return Reading("ses", _RECEIPTS, read.value, forwards=False)


def _received(body: dict[str, Any], answers: Answers, partition: str) -> Iterator[Delivery]:
    metadata = optional_member(body, "Metadata")
    if metadata is None:
        return  # no rule set is active
    name = text(metadata, "Name")
    for rule in optional_items(body, "Rules"):
        rule_name, on = text(rule, "Name"), optional_flag(rule, "Enabled")
        source = (
            f"arn:{partition}:ses:{answers.location}:{answers.account}:receipt-rule-set/{name}:receipt-rule/{rule_name}"
        )
        for action in optional_items(rule, "Actions"):
            target = optional_member(record(action), "LambdaAction")
            if target is not None:
                kind = optional_text(target, "InvocationType") or "Event"
                yield delivery(
                    text(target, "FunctionArn"),
                    "ses",
                    source,
                    TriggerKind.EMAIL,
                    asynchronous=kind == "Event",
                    enabled=on,
                    filters=optional_texts(rule, "Recipients"),
                    open_to=known((SENDER,), _RECEIPTS),
                )


SENDER: Final = "anyone who sends e-mail"


def config_rules(answers: Answers) -> Reading:
    """Which rules of AWS Config are evaluated by functions."""
    listed = answers.readable(answers.pages(_CONFIG, "ConfigRules"), _evaluated)
    deliveries = (
        delivery(function, "config", rule, TriggerKind.OTHER, asynchronous=True)
        for rule, function in listed.items
        if function
    )
    resources = None if listed.gap else frozenset(rule for rule, _ in listed.items)
    return Reading("config", _CONFIG, tuple(deliveries), gaps=_gaps(listed), resources=resources, forwards=False)


def _evaluated(body: Json) -> tuple[str, str]:
    source = member(body, "Source")
    own = text(source, "Owner") == "CUSTOM_LAMBDA"
    return text(body, "ConfigRuleArn"), text(source, "SourceIdentifier") if own else ""


def _gaps(listed: Listing[Any]) -> dict[str, Gap]:
    return {EVERYTHING: listed.gap} if listed.gap else {}
