"""Queues that functions work: how long a message is hidden, where it goes when it fails, how many wait."""

from typing import Any

from auditor.model.event_source import SourceEncryption
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from auditor.model.trigger import TriggerKind, TriggerVia
from checks.denial_of_wallet.retry_without_dead_letter import retry_without_dead_letter
from checks.insecure_configuration.trigger_source_no_cmk import trigger_source_no_cmk
from checks.insecure_configuration.trigger_source_unencrypted import trigger_source_unencrypted
from checks.resilience.queue_backlog import queue_backlog
from checks.resilience.queue_visibility_short import queue_visibility_short
from checks.transport.trigger_source_no_tls import trigger_source_no_tls
from tests.unit.checks.build import (
    arn,
    found,
    limits,
    make,
    only,
    settings,
    source_settings,
    trigger,
    triggers,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

QUEUE, TOPIC, MAPPINGS = "sqs:GetQueueAttributes", "sns:GetTopicAttributes", "lambda:ListEventSourceMappings"
DENIED = make(triggers=(unknown(MAPPINGS),))


def of_queue(**facts: Any) -> Function:
    return make(
        triggers=triggers(trigger(source=arn("sqs", "in"), settings=Known(source_settings(**facts), QUEUE))),
        limits=limits(timeout_seconds=Known(30, MAPPINGS)),
    )


def of_topic(**facts: Any) -> Function:
    given = {"service": "sns", "source": arn("sns", "news"), "via": TriggerVia.POLICY}
    offered = not_offered(MAPPINGS, "the source does not keep what fails")
    told = trigger(TriggerKind.TOPIC, **given, settings=Known(source_settings(**facts), TOPIC), dead_letter=offered)
    return make(triggers=triggers(told))


def mapped(service: str, **more: Any) -> Function:
    return make(triggers=triggers(trigger(TriggerKind.STREAM, service=service, source=arn(service, "in"), **more)))


def unread() -> Function:
    return make(triggers=triggers(trigger(settings=unknown(QUEUE), dead_letter=unknown(QUEUE))))


def test_a_message_is_hidden_for_six_times_as_long_as_a_run_may_last() -> None:
    subjects = {
        "six times": of_queue(visibility_seconds=Known(180, QUEUE)),
        "five times": of_queue(visibility_seconds=Known(150, QUEUE)),
        "shorter than a run": of_queue(visibility_seconds=Known(29, QUEUE)),
        "unread": unread(),
        "denied": DENIED,
        "a topic": of_topic(visibility_seconds=not_offered(TOPIC, "none")),
    }
    assert verdicts(queue_visibility_short, subjects) == {
        "six times": Status.PASS,
        "five times": Status.FAIL,
        "shorter than a run": Status.FAIL,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
        "a topic": Status.PASS,
    }
    assert only(queue_visibility_short, subjects["five times"]).severity is None
    worse = only(queue_visibility_short, subjects["shorter than a run"])
    assert worse.severity is Severity.MEDIUM
    assert worse.message == (
        "SQS queue in hides a message for 29 s, and a run of orders may last 30 s: 180 s are recommended"
    )
    command, hcl = repairs(queue_visibility_short, subjects["five times"])[-2:]
    assert "--attributes VisibilityTimeout=180" in command
    assert "visibility_timeout_seconds = 180" in hcl


def test_the_batching_window_is_added() -> None:
    waits = trigger(
        settings=Known(source_settings(visibility_seconds=Known(180, QUEUE)), QUEUE), batch_window=Known(20, MAPPINGS)
    )
    subject = make(triggers=triggers(waits), limits=limits(timeout_seconds=Known(30, MAPPINGS)))
    assert "200 s are recommended" in only(queue_visibility_short, subject).message


def test_what_fails_again_and_again_is_set_aside() -> None:
    subjects = {
        "queue": make(triggers=triggers(trigger(dead_letter=Known(False, QUEUE)))),
        "queue with a redrive policy": make(triggers=triggers(trigger())),
        "dead-letter queue": make(triggers=triggers(trigger(dead_letter=not_offered(QUEUE, "is one")))),
        "stream": mapped("kinesis", dead_letter=Known(False, MAPPINGS), retry=Known(True, MAPPINGS)),
        "stream that gives up": mapped("kinesis", dead_letter=Known(False, MAPPINGS), retry=Known(False, MAPPINGS)),
        "stream with a destination": mapped("kinesis", dead_letter=Known(True, MAPPINGS)),
        "topic": of_topic(),
        "unread": unread(),
        "denied": DENIED,
    }
    assert verdicts(retry_without_dead_letter, subjects) == {
        "queue": Status.FAIL,
        "queue with a redrive policy": Status.PASS,
        "dead-letter queue": Status.PASS,
        "stream": Status.FAIL,
        "stream that gives up": Status.FAIL,
        "stream with a destination": Status.PASS,
        "topic": Status.PASS,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    assert only(retry_without_dead_letter, subjects["queue"]).message == (
        "Events from SQS queue orders-in that orders cannot process come again until they expire: the queue has no redrive"
        " policy"
    )
    dropped = only(retry_without_dead_letter, subjects["stream that gives up"])
    assert dropped.severity is Severity.LOW
    assert "are dropped after some retries: the mapping has no on-failure destination" in dropped.message
    assert any("RedrivePolicy" in form for form in repairs(retry_without_dead_letter, subjects["queue"]))
    assert any("--maximum-retry-attempts 5" in form for form in repairs(retry_without_dead_letter, subjects["stream"]))


def test_how_a_source_encrypts() -> None:
    def by(encryption: SourceEncryption) -> dict[str, Function]:
        return {
            "queue": of_queue(encryption=Known(encryption, QUEUE)),
            "topic": of_topic(encryption=Known(encryption, TOPIC)),
        }

    both = {"queue": Status.FAIL, "topic": Status.FAIL}
    neither = {"queue": Status.PASS, "topic": Status.PASS}
    none, service, own = (by(each) for each in SourceEncryption)
    assert verdicts(trigger_source_unencrypted, none) == both
    assert verdicts(trigger_source_unencrypted, service) == neither
    assert verdicts(trigger_source_no_cmk, none) == both
    assert verdicts(trigger_source_no_cmk, service) == both
    assert verdicts(trigger_source_no_cmk, own) == neither
    for check in (trigger_source_unencrypted, trigger_source_no_cmk):
        assert verdicts(check, {"unread": unread(), "denied": DENIED}) == dict.fromkeys(
            ("unread", "denied"), Status.UNKNOWN
        )
        for subject in none.values():
            assert repairs(check, subject)
    assert only(trigger_source_unencrypted, none["topic"]).severity is Severity.LOW
    (one,), (other,) = found(trigger_source_unencrypted, none["queue"]), found(trigger_source_no_cmk, none["queue"])
    assert one.site == other.site


def test_a_policy_that_does_not_deny_plain_http() -> None:
    subjects = {
        "queue": of_queue(tls_required=Known(False, QUEUE)),
        "topic": of_topic(tls_required=Known(False, TOPIC)),
        "denies": of_queue(),
        "unread": unread(),
    }
    assert verdicts(trigger_source_no_tls, subjects) == {
        "queue": Status.FAIL,
        "topic": Status.FAIL,
        "denies": Status.PASS,
        "unread": Status.UNKNOWN,
    }
    assert any('Action    = "sqs:*"' in form for form in repairs(trigger_source_no_tls, subjects["queue"]))
    assert any('Action    = "sns:Publish"' in form for form in repairs(trigger_source_no_tls, subjects["topic"]))


def test_messages_that_pile_up() -> None:
    subjects = {
        "few": of_queue(waiting=Known(100, QUEUE)),
        "many": of_queue(waiting=Known(101, QUEUE)),
        "unread": unread(),
    }
    assert verdicts(queue_backlog, subjects) == {
        "few": Status.PASS,
        "many": Status.FAIL,
        "unread": Status.UNKNOWN,
    }
    assert verdicts(queue_backlog, subjects, settings(queue_backlog=500))["many"] is Status.PASS
    assert (
        only(queue_backlog, subjects["many"]).message
        == "About 101 messages wait in SQS queue in, which orders processes"
    )


def test_a_source_of_several_triggers_is_told_once() -> None:
    plain = source_settings(encryption=Known(SourceEncryption.NONE, TOPIC))
    topic = trigger(TriggerKind.TOPIC, service="sns", source=arn("sns", "news"), settings=Known(plain, TOPIC))
    assert len(found(trigger_source_unencrypted, make(triggers=triggers(topic, topic)))) == 1
