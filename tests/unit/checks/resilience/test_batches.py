"""Batches of event source mappings, and what one record that fails does to the rest."""

from typing import Any

from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known, not_offered
from auditor.model.trigger import TriggerKind
from checks.resilience.partial_batch_off import partial_batch_off
from tests.unit.checks.build import arn, make, only, trigger, triggers, unknown, verdicts
from tests.unit.checks.repairs import repairs

MAPPINGS = "lambda:ListEventSourceMappings"


def mapped(service: str = "sqs", *, partial: bool | None = False, bisects: bool | None = None, **more: Any) -> Function:
    kept = {
        "partial_batches": unknown(MAPPINGS) if partial is None else Known(partial, MAPPINGS),
        "bisects": not_offered(MAPPINGS, "no stream") if bisects is None else Known(bisects, MAPPINGS),
        "batch_size": Known(10, MAPPINGS),
    }
    return make(
        triggers=triggers(trigger(TriggerKind.QUEUE, service=service, source=arn(service, "in"), **kept | more))
    )


def test_a_batch_that_comes_back_whole_for_one_record() -> None:
    subjects = {
        "queue": mapped(),
        "partial": mapped(partial=True),
        "one by one": mapped(batch_size=Known(1, MAPPINGS)),
        "stream": mapped("kinesis", bisects=False),
        "stream that splits": mapped("kinesis", bisects=True),
        "kafka": mapped("kafka"),
        "switched off": mapped(enabled=False),
        "unread": mapped(partial=None),
        "denied": make(triggers=(unknown(MAPPINGS),)),
    }
    assert verdicts(partial_batch_off, subjects) == {
        "queue": Status.FAIL,
        "partial": Status.PASS,
        "one by one": Status.PASS,
        "stream": Status.FAIL,
        "stream that splits": Status.PASS,
        "kafka": Status.PASS,
        "switched off": Status.PASS,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    assert only(partial_batch_off, subjects["queue"]).message == (
        "One record that fails brings the whole batch from SQS queue in back to orders"
    )
    assert repairs(partial_batch_off, subjects["queue"])
