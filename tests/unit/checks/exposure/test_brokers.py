"""Brokers of Amazon MSK and Amazon MQ that set functions off, and streams that forget soon."""

from typing import Any

from auditor.model.event_source import SourceEncryption
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from auditor.model.trigger import TriggerKind
from checks.exposure.broker_exposed import broker_exposed
from checks.insecure_configuration.trigger_source_no_cmk import trigger_source_no_cmk
from checks.insecure_configuration.trigger_source_unencrypted import trigger_source_unencrypted
from checks.monitoring.broker_log_off import broker_log_off
from checks.resilience.stream_retention_short import stream_retention_short
from tests.unit.checks.build import arn, make, only, source_settings, trigger, triggers, unknown, verdicts
from tests.unit.checks.repairs import repairs

MAPPINGS, CLUSTERS, BROKER = "lambda:ListEventSourceMappings", "kafka:ListClustersV2", "mq:DescribeBroker"
STREAM = "kinesis:DescribeStreamSummary"
MSK, MQ = arn("kafka", "cluster/orders/1f2e-5"), arn("mq", "broker:legacy:b-7")
YES, NO = Known(True, CLUSTERS), Known(False, CLUSTERS)
NONE = not_offered(CLUSTERS, "not of this service")


def cluster(source: str = MSK, **changes: Any) -> Function:
    facts = {"public": NO, "anonymous": NO, "plain_clients": NO, "logged": YES, "encryption": NONE} | changes
    service = source.split(":")[2]
    told = trigger(
        TriggerKind.STREAM, service=service, source=source, settings=Known(source_settings(**facts), CLUSTERS)
    )
    return make(triggers=triggers(told))


UNREAD = make(triggers=triggers(trigger(TriggerKind.STREAM, service="kafka", source=MSK, settings=unknown(CLUSTERS))))
DENIED = make(triggers=(unknown(MAPPINGS),))


def test_brokers_that_are_open() -> None:
    subjects = {
        "sound": cluster(),
        "anonymous": cluster(anonymous=YES),
        "public": cluster(public=YES),
        "plain": cluster(plain_clients=YES),
        "public broker of MQ": cluster(MQ, public=Known(True, BROKER)),
        "half read": cluster(public=unknown(CLUSTERS)),
        "half read and anonymous": cluster(public=unknown(CLUSTERS), anonymous=YES),
        "unread": UNREAD,
        "denied": DENIED,
        "queue": make(triggers=triggers(trigger())),
    }
    assert verdicts(broker_exposed, subjects) == {
        "sound": Status.PASS,
        "anonymous": Status.FAIL,
        "public": Status.FAIL,
        "plain": Status.FAIL,
        "public broker of MQ": Status.FAIL,
        "half read": Status.UNKNOWN,
        "half read and anonymous": Status.FAIL,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
        "queue": Status.PASS,
    }
    assert only(broker_exposed, subjects["anonymous"]).severity is None
    assert only(broker_exposed, subjects["public"]).severity is Severity.MEDIUM
    both = only(broker_exposed, cluster(anonymous=YES, plain_clients=YES))
    assert both.message == (
        "The brokers of Kafka cluster cluster/orders/1f2e-5, an event source of orders, take clients without credentials"
        " and take connections without TLS"
    )
    assert any('cluster_name = "orders"' in form for form in repairs(broker_exposed, subjects["public"]))
    assert any("--broker-id b-7" in form for form in repairs(broker_exposed, subjects["public broker of MQ"]))


def test_brokers_that_keep_no_log() -> None:
    subjects = {
        "logs": cluster(),
        "silent": cluster(logged=NO),
        "silent broker": cluster(MQ, logged=Known(False, BROKER)),
        "half read": cluster(logged=unknown(CLUSTERS)),
        "unread": UNREAD,
        "denied": DENIED,
    }
    assert verdicts(broker_log_off, subjects) == {
        "logs": Status.PASS,
        "silent": Status.FAIL,
        "silent broker": Status.FAIL,
        "half read": Status.UNKNOWN,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    assert any("--logs General=true,Audit=true" in form for form in repairs(broker_log_off, subjects["silent broker"]))


def stored(service: str, **changes: Any) -> Function:
    name = {"kinesis": "stream/visits", "dynamodb": "table/stock"}[service]
    facts = {"retention_hours": Known(168, STREAM)} | changes
    told = trigger(
        TriggerKind.STREAM,
        service=service,
        source=arn(service, name),
        settings=Known(source_settings(**facts), STREAM),
    )
    return make(triggers=triggers(told))


def test_a_stream_that_forgets_within_a_week() -> None:
    subjects = {
        "a week": stored("kinesis"),
        "a day": stored("kinesis", retention_hours=Known(24, STREAM)),
        "table": stored("dynamodb", retention_hours=NONE),
        "unread": stored("kinesis", retention_hours=unknown(STREAM)),
        "denied": DENIED,
    }
    assert verdicts(stream_retention_short, subjects) == {
        "a week": Status.PASS,
        "a day": Status.FAIL,
        "table": Status.PASS,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    assert any("--stream-name visits" in form for form in repairs(stream_retention_short, subjects["a day"]))


def test_streams_and_tables_are_encrypted_by_a_key_of_the_customer() -> None:
    plain = stored("kinesis", encryption=Known(SourceEncryption.NONE, STREAM))
    assert only(trigger_source_unencrypted, plain).message == (
        "Kinesis stream visits, an event source of orders, has no server-side encryption"
    )
    assert any("start-stream-encryption" in form for form in repairs(trigger_source_unencrypted, plain))
    default = stored("dynamodb", encryption=Known(SourceEncryption.SERVICE_KEY, "dynamodb:DescribeTable"))
    assert verdicts(trigger_source_unencrypted, {"table": default}) == {"table": Status.PASS}
    assert any("--table-name stock" in form for form in repairs(trigger_source_no_cmk, default))
