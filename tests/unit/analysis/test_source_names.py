"""What a sentence calls the source of a trigger."""

import pytest

from auditor.analysis.event_sources import source_values
from auditor.analysis.graph.nodes import resource_node
from auditor.analysis.triggers import source_name
from auditor.model.trigger import Trigger, TriggerKind, TriggerVia

_TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/evts"


def _trigger(service: str, source: str) -> Trigger:
    return Trigger(
        kind=TriggerKind.STREAM,
        service=service,
        source=source,
        account=None,
        via=TriggerVia.MAPPING,
        enabled=True,
        asynchronous=False,
        qualifier=None,
    )


@pytest.mark.parametrize(
    ("service", "source", "name"),
    [
        ("dynamodb", f"{_TABLE}/stream/2026-12-01T12:41:10.143545", "DynamoDB table evts"),
        ("dynamodb", _TABLE, "DynamoDB table evts"),
        ("sqs", "arn:aws:sqs:eu-west-1:111122223333:orders", "SQS queue orders"),
        ("kinesis", "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks", "Kinesis stream clicks"),
        ("events", "arn:aws:events:eu-west-1:111122223333:event-bus/shop", "event bus shop"),
        ("s3", "arn:aws:s3:::uploads", "S3 bucket uploads"),
        ("mq", "arn:aws:mq:eu-west-1:111122223333:broker:legacy:b-1", "MQ broker b-1"),
        ("kafka", "b-1.example:9092", "Kafka cluster b-1.example:9092"),
    ],
)
def test_a_source_is_called_by_its_own_name(service: str, source: str, name: str) -> None:
    assert source_name(_trigger(service, source)) == name


def test_a_stream_is_drawn_and_repaired_as_its_table() -> None:
    stream = f"{_TABLE}/stream/2026-12-01T12:41:10.143545"
    assert resource_node(stream, "dynamodb").name == "evts"
    assert source_values(_trigger("dynamodb", stream))["source_label"] == "evts"
