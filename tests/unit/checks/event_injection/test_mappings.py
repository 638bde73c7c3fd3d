"""Event source mappings: where they read, how they sign in there, what they let through and where failures go."""

from typing import Any

from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from auditor.model.trigger import Certainty, Trigger, TriggerKind, TriggerVia
from checks.denial_of_wallet.mapping_unfiltered import mapping_unfiltered
from checks.event_injection.trigger_other_account import trigger_other_account
from checks.event_injection.trigger_source_gone import trigger_source_gone
from checks.insecure_configuration.mapping_filter_no_cmk import mapping_filter_no_cmk
from checks.resilience.dlq_target_gone import dlq_target_gone
from checks.resilience.success_target_gone import success_target_gone
from checks.runtime_protection.destination_external import destination_external
from checks.runtime_protection.destination_s3_gone import destination_s3_gone
from checks.transport.kafka_access_weak import kafka_access_weak
from tests.unit.checks.build import (
    arn,
    failures,
    found,
    make,
    only,
    settings,
    target,
    trigger,
    triggers,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

MAPPINGS, KEY = "lambda:ListEventSourceMappings", "arn:aws:kms:eu-central-1:111122223333:key/1"
PARTNER = "444455556666"
DENIED = make(triggers=(unknown(MAPPINGS),))


def mapped(service: str = "kinesis", **more: Any) -> Trigger:
    given: dict[str, Any] = {
        "source": arn(service, "in"),
        "service": service,
        "access": not_offered(MAPPINGS, "a role"),
    }
    return trigger(TriggerKind.STREAM, **given | more)


def of(*told: Trigger) -> Function:
    return make(
        triggers=triggers(*told), failures=failures(dead_letter=Known(None, MAPPINGS), settings=Known((), MAPPINGS))
    )


def test_a_stream_of_which_every_record_starts_the_function() -> None:
    subjects = {
        "no filter": of(mapped(filtered=Known(False, MAPPINGS))),
        "filter": of(mapped(filtered=Known(True, MAPPINGS))),
        "queue": of(mapped("sqs", filtered=Known(False, MAPPINGS))),
        "by policy": of(mapped("sns", via=TriggerVia.POLICY)),
        "unread": of(mapped(filtered=unknown(MAPPINGS))),
        "denied": DENIED,
    }
    assert verdicts(mapping_unfiltered, subjects) == {
        "no filter": Status.FAIL,
        "filter": Status.PASS,
        "queue": Status.PASS,
        "by policy": Status.PASS,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    assert repairs(mapping_unfiltered, subjects["no filter"])


def test_a_filter_that_no_key_of_the_customer_encrypts() -> None:
    subjects = {
        "no key": of(mapped(filtered=Known(True, MAPPINGS), filter_key=Known(None, MAPPINGS))),
        "key": of(mapped(filtered=Known(True, MAPPINGS), filter_key=Known(KEY, MAPPINGS))),
        "no filter": of(mapped(filtered=Known(False, MAPPINGS), filter_key=Known(None, MAPPINGS))),
        "unread": of(mapped(filtered=Known(True, MAPPINGS), filter_key=unknown(MAPPINGS))),
        "denied": DENIED,
    }
    assert verdicts(mapping_filter_no_cmk, subjects) == {
        "no key": Status.FAIL,
        "key": Status.PASS,
        "no filter": Status.PASS,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    assert repairs(mapping_filter_no_cmk, subjects["no key"])


def kafka(*access: str, source: str = "broker.example:9092") -> Function:
    return of(mapped("kafka", source=source, account=None, access=Known(access, MAPPINGS)))


def test_kafka_brokers_that_are_read_without_strong_authentication() -> None:
    subjects = {
        "password hashed, inside": kafka("SASL_SCRAM_512_AUTH", "VPC_SUBNET"),
        "certificate, inside": kafka("CLIENT_CERTIFICATE_TLS_AUTH", "VPC_SUBNET"),
        "nothing, inside": kafka("VPC_SUBNET"),
        "plain, outside": kafka("BASIC_AUTH"),
        "hashed, outside": kafka("SASL_SCRAM_256_AUTH"),
        "Amazon MSK": kafka(source=arn("kafka", "cluster/main/1")),
        "broker of MQ": of(mapped("mq", access=Known(("BASIC_AUTH",), MAPPINGS))),
        "queue": of(trigger(access=not_offered(MAPPINGS, "a role"))),
        "unread": of(mapped("kafka", source="broker.example:9092", access=unknown(MAPPINGS))),
        "denied": DENIED,
    }
    assert verdicts(kafka_access_weak, subjects) == {
        "password hashed, inside": Status.PASS,
        "certificate, inside": Status.PASS,
        "nothing, inside": Status.FAIL,
        "plain, outside": Status.FAIL,
        "hashed, outside": Status.FAIL,
        "Amazon MSK": Status.PASS,
        "broker of MQ": Status.PASS,
        "queue": Status.PASS,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    assert only(kafka_access_weak, subjects["nothing, inside"]).severity is Severity.MEDIUM
    plain = only(kafka_access_weak, subjects["plain, outside"])
    assert plain.message == "orders reads the Kafka brokers broker.example:9092 with SASL/PLAIN and over the internet"
    assert plain.severity is None
    assert repairs(kafka_access_weak, subjects["plain, outside"])


def test_a_mapping_that_reads_in_another_account() -> None:
    foreign = {"source": arn("sqs", "in").replace("111122223333", PARTNER), "account": PARTNER}
    subjects = {
        "foreign": of(mapped("sqs", **foreign)),
        "own": of(mapped("sqs")),
        "by policy": of(mapped("sns", via=TriggerVia.POLICY, account=PARTNER)),
        "denied": DENIED,
    }
    assert verdicts(trigger_other_account, subjects) == {
        "foreign": Status.FAIL,
        "own": Status.PASS,
        "by policy": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    trusting = settings(trusted_accounts=(PARTNER,))
    assert verdicts(trigger_other_account, {"foreign": subjects["foreign"]}, trusting) == {"foreign": Status.PASS}
    assert only(trigger_other_account, subjects["foreign"]).severity is Severity.MEDIUM
    assert repairs(trigger_other_account, subjects["foreign"])


def test_a_mapping_whose_source_is_gone() -> None:
    gone = of(mapped("sqs", certainty=Certainty.SOURCE_GONE))
    hit = only(trigger_source_gone, gone)
    assert hit.message == "An event source mapping of orders reads SQS queue in, which does not exist"
    assert hit.severity is Severity.MEDIUM
    assert [item.source for item in hit.evidence] == [MAPPINGS, "sqs:GetQueueAttributes"]
    assert verdicts(trigger_source_gone, {"unread": of(mapped("sqs", exists=unknown("sqs:GetQueueAttributes")))}) == {
        "unread": Status.UNKNOWN
    }
    assert any("delete-event-source-mapping" in form for form in repairs(trigger_source_gone, gone))


def test_statements_of_one_policy_that_dangle_are_one_cause() -> None:
    admitted = [
        mapped("events", via=TriggerVia.POLICY, source=arn("events", f"rule/{name}"), certainty=Certainty.SOURCE_GONE)
        for name in ("one", "two")
    ]
    assert len({hit.site for hit in found(trigger_source_gone, of(*admitted))}) == 1


def test_where_a_mapping_sends_what_failed() -> None:
    def sends(**changes: Any) -> Function:
        kind = changes.pop("kind", "sqs")
        return of(mapped(failure_target=Known(target(kind=kind, **changes), MAPPINGS)))

    gone = Known(False, "sqs:ListQueues")
    foreign, lost = sends(account=PARTNER), sends(exists=gone)
    bucket = sends(id="arn:aws:s3:::failed", kind="s3", account=None, exists=gone)
    nowhere, unread = of(mapped(failure_target=Known(None, MAPPINGS))), of(mapped(failure_target=unknown(MAPPINGS)))
    assert verdicts(destination_external, {"foreign": foreign, "own": lost, "unread": unread, "denied": DENIED}) == {
        "foreign": Status.FAIL,
        "own": Status.PASS,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    assert verdicts(dlq_target_gone, {"gone": lost, "foreign": foreign, "nowhere": nowhere, "unread": unread}) == {
        "gone": Status.FAIL,
        "foreign": Status.PASS,
        "nowhere": Status.NOT_APPLICABLE,
        "unread": Status.UNKNOWN,
    }
    assert verdicts(destination_s3_gone, {"bucket": bucket, "queue": lost}) == {
        "bucket": Status.FAIL,
        "queue": Status.NOT_APPLICABLE,
    }
    assert verdicts(success_target_gone, {"unread": unread}) == {"unread": Status.NOT_APPLICABLE}
    topic = sends(id="kafka://failed", kind="kafka", account=None, exists=not_offered(MAPPINGS, "a topic"))
    assert verdicts(dlq_target_gone, {"topic": topic}) == {"topic": Status.PASS}
    for check, subject in ((destination_external, foreign), (dlq_target_gone, lost), (destination_s3_gone, bucket)):
        assert any("update-event-source-mapping" in form for form in repairs(check, subject)), check.id
