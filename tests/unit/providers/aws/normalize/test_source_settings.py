"""What the services of queues and topics say of those that start functions.

Attributes as the SQS and SNS API references name them (GetQueueAttributes, GetTopicAttributes).
"""

import json
from typing import Any

import pytest

from auditor.model.capture import Envelope
from auditor.model.event_source import SourceEncryption
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.trigger import Certainty, Trigger
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import (
    ACCOUNT,
    FOREIGN,
    KEY,
    RENDER,
    absent,
    arn,
    capture,
    denied,
    ok,
    policy,
    render,
    statement,
)
from tests.unit.providers.aws.normalize.test_writers import ATTRIBUTES, QUEUE, TOPIC, TOPICS, told

LETTERS = arn("sqs", "letters")
DEFAULTS = {
    "QueueArn": QUEUE,
    "VisibilityTimeout": "30",
    "SqsManagedSseEnabled": "true",
    "ApproximateNumberOfMessages": "7",
}


def queue(subject: str = QUEUE, **attributes: str) -> Envelope:
    return ok(ATTRIBUTES, {"Attributes": DEFAULTS | {"QueueArn": subject} | attributes}, subject)


def settled(*answers: Envelope, source: str = QUEUE) -> Any:
    return told(source, *answers).settings.need()


def redrive(target: str) -> str:
    return json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": 5})


def test_a_queue_says_how_it_is_set_up() -> None:
    plain = settled(queue())
    assert plain.visibility_seconds == Known(30, ATTRIBUTES)
    assert plain.waiting == Known(7, ATTRIBUTES)
    assert plain.tls_required == Known(False, ATTRIBUTES)


@pytest.mark.parametrize(
    ("attributes", "encryption"),
    [
        ({}, SourceEncryption.SERVICE_KEY),
        ({"SqsManagedSseEnabled": "false"}, SourceEncryption.NONE),
        ({"KmsMasterKeyId": "alias/aws/sqs"}, SourceEncryption.SERVICE_KEY),
        ({"KmsMasterKeyId": arn("kms", "alias/aws/sqs")}, SourceEncryption.SERVICE_KEY),
        ({"KmsMasterKeyId": KEY, "SqsManagedSseEnabled": "false"}, SourceEncryption.CUSTOMER_KEY),
        ({"KmsMasterKeyId": "alias/orders"}, SourceEncryption.CUSTOMER_KEY),
    ],
)
def test_a_queue_is_encrypted_by_a_key_of_its_own_or_of_the_service(
    attributes: dict[str, str], encryption: SourceEncryption
) -> None:
    assert settled(queue(**attributes)).encryption == Known(encryption, ATTRIBUTES)


def test_a_topic_is_encrypted_where_it_names_a_key() -> None:
    def topic(**attributes: str) -> Any:
        body = {"Attributes": {"TopicArn": TOPIC, "Policy": policy(), **attributes}}
        return settled(ok(TOPICS, body, TOPIC), source=TOPIC).encryption

    assert topic() == Known(SourceEncryption.NONE, TOPICS)
    assert topic(KmsMasterKeyId="alias/aws/sns") == Known(SourceEncryption.SERVICE_KEY, TOPICS)
    assert topic(KmsMasterKeyId=KEY) == Known(SourceEncryption.CUSTOMER_KEY, TOPICS)


def denies(principal: Any = "*", action: Any = "sqs:*", **condition: Any) -> dict[str, Any]:
    condition = condition or {"Bool": {"aws:SecureTransport": "false"}}
    return statement("tls", principal, action, **condition) | {"Effect": "Deny", "Resource": QUEUE}


def test_only_a_deny_for_everyone_and_everything_sent_makes_tls_a_rule() -> None:
    more = {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
    cases = {
        "a deny": (denies(), True),
        "as AWS accounts": (denies({"AWS": "*"}), True),
        "of sending alone": (denies(action="sqs:SendMessage"), True),
        "of reading alone": (denies(action="sqs:ReceiveMessage"), False),
        "of one account": (denies({"AWS": f"arn:aws:iam::{FOREIGN}:root"}), False),
        "under a further condition": (denies(**more), False),
        "of TLS": (denies(Bool={"aws:SecureTransport": "true"}), False),
        "for another queue": (denies() | {"Resource": LETTERS}, False),
        "an allow": (denies() | {"Effect": "Allow"}, False),
    }
    found = {name: settled(queue(Policy=policy(made))).tls_required.need() for name, (made, _) in cases.items()}
    assert found == {name: required for name, (_, required) in cases.items()}


def test_a_queue_sets_aside_what_fails_or_is_where_that_goes() -> None:
    assert told(QUEUE, queue()).dead_letter == Known(False, ATTRIBUTES)
    assert told(QUEUE, queue(RedrivePolicy=redrive(LETTERS))).dead_letter == Known(True, ATTRIBUTES)
    allowed = json.dumps({"redrivePermission": "allowAll"})
    assert told(QUEUE, queue(RedriveAllowPolicy=allowed)).dead_letter == Known(True, ATTRIBUTES)
    refused = json.dumps({"redrivePermission": "denyAll"})
    assert told(QUEUE, queue(RedriveAllowPolicy=refused)).dead_letter == Known(False, ATTRIBUTES)
    other = queue(LETTERS, RedrivePolicy=redrive(QUEUE))
    assert why(told(QUEUE, queue(), other).dead_letter) is GapReason.NOT_OFFERED
    failing = ok("lambda:ListFunctions", {"Functions": [render() | {"DeadLetterConfig": {"TargetArn": QUEUE}}]})
    assert why(told(QUEUE, queue(), failing).dead_letter) is GapReason.NOT_OFFERED


def why(fact: Any) -> GapReason:
    assert isinstance(fact, Unknown), fact
    return fact.gap.reason


def test_what_was_not_answered_is_unknown() -> None:
    assert why(told(QUEUE, denied(ATTRIBUTES, QUEUE)).settings) is GapReason.DENIED
    assert why(told(QUEUE, denied(ATTRIBUTES, QUEUE)).dead_letter) is GapReason.DENIED
    assert why(told(QUEUE, absent(ATTRIBUTES, QUEUE)).settings) is GapReason.NOT_OFFERED
    assert why(told(arn("sqs", "work", FOREIGN)).settings) is GapReason.NOT_COLLECTED
    unasked = ok(ATTRIBUTES, {"Attributes": {"QueueArn": QUEUE}}, QUEUE)
    earlier = told(QUEUE, unasked)
    assert {why(fact) for fact in (earlier.dead_letter, earlier.settings.need().encryption)} == {
        GapReason.NOT_COLLECTED
    }
    assert isinstance(earlier.source_grants, Known)


@pytest.mark.parametrize(
    ("attributes", "fact"),
    [
        ({"VisibilityTimeout": "soon"}, "visibility_seconds"),
        ({"ApproximateNumberOfMessages": "-1"}, "waiting"),
        ({"SqsManagedSseEnabled": "perhaps"}, "encryption"),
        ({"Policy": "{"}, "tls_required"),
    ],
)
def test_an_attribute_that_cannot_be_read_is_malformed(attributes: dict[str, str], fact: str) -> None:
    assert why(getattr(settled(queue(**attributes)), fact)) is GapReason.MALFORMED


def test_a_redrive_policy_that_cannot_be_read_is_malformed() -> None:
    assert why(told(QUEUE, queue(RedrivePolicy="{")).dead_letter) is GapReason.MALFORMED


def stream(**row: Any) -> Trigger:
    given = {
        "UUID": "9",
        "FunctionArn": RENDER,
        "EventSourceArn": arn("kinesis", "stream/in"),
        "State": "Enabled",
        **row,
    }
    found = normalize(capture(ok("lambda:ListEventSourceMappings", {"EventSourceMappings": [given]}))).functions
    (function,) = [each for each in found if each.name == "render"]
    return next(each for group in function.triggers if isinstance(group, Known) for each in group.value)


def test_a_mapping_says_where_failures_go_and_when_it_gives_up() -> None:
    endless = stream(MaximumRetryAttempts=-1, MaximumRecordAgeInSeconds=-1, DestinationConfig={"OnFailure": {}})
    assert (endless.dead_letter.need(), endless.retry.need(), endless.failure_target.need()) == (False, True, None)
    assert stream(MaximumRetryAttempts=0).retry.need() is False
    assert stream(MaximumRecordAgeInSeconds=60).retry.need() is False
    kept = stream(DestinationConfig={"OnFailure": {"Destination": LETTERS}})
    target = kept.failure_target.need()
    assert kept.dead_letter.need() is True
    assert target is not None
    assert (target.id, target.kind, target.account) == (LETTERS, "sqs", ACCOUNT)
    topic = stream(DestinationConfig={"OnFailure": {"Destination": "kafka://failed"}}).failure_target.need()
    assert topic is not None
    assert (topic.kind, topic.account) == ("kafka", None)
    damaged = stream(DestinationConfig={"OnFailure": {"Destination": "nowhere"}})
    assert why(damaged.dead_letter) is GapReason.MALFORMED


def test_a_mapping_says_what_it_lets_through_and_how_it_signs_in() -> None:
    plain = stream()
    assert (plain.filtered.need(), plain.filter_key.need()) == (False, None)
    assert why(plain.access) is GapReason.NOT_OFFERED
    filtered = stream(FilterCriteria={"Filters": [{"Pattern": "{}"}]}, KMSKeyArn=KEY)
    assert (filtered.filtered.need(), filtered.filter_key.need()) == (True, KEY)
    assert stream(FilterCriteria={"Filters": []}).filtered.need() is False
    assert stream(FilterCriteriaError={"ErrorCode": "DisabledException", "Message": "off"}).filtered.need() is True
    access = [
        {"Type": "BASIC_AUTH", "URI": "a"},
        {"Type": "VPC_SUBNET", "URI": "b"},
        {"Type": "VPC_SUBNET", "URI": "c"},
    ]
    cluster = stream(EventSourceArn=arn("kafka", "cluster/main/1"), SourceAccessConfigurations=access)
    assert cluster.access == Known(("BASIC_AUTH", "VPC_SUBNET"), "lambda:ListEventSourceMappings")
    assert why(stream(FilterCriteria="all").filtered) is GapReason.MALFORMED


def test_the_source_of_a_mapping_is_gone_where_its_service_says_so() -> None:
    work = arn("kinesis", "stream/visits")
    policies = "kinesis:GetResourcePolicy"
    assert told(QUEUE, absent(ATTRIBUTES, QUEUE)).certainty is Certainty.SOURCE_GONE
    assert told(work, absent(policies, work)).certainty is Certainty.SOURCE_GONE
    assert told(work, ok(policies, {"Policy": "{}"}, work)).certainty is not Certainty.SOURCE_GONE
    assert told(QUEUE, denied(ATTRIBUTES, QUEUE)).certainty is not Certainty.SOURCE_GONE
    table = arn("dynamodb", "table/stock")
    assert told(table, absent("dynamodb:GetResourcePolicy", table)).certainty is not Certainty.SOURCE_GONE
