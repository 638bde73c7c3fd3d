"""What starts a function by calling its URL: subscriptions, schedules, queues of tasks and workflows."""

from typing import Any

import pytest

from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.trigger import Certainty, Flow, Trigger, TriggerKind, TriggerVia
from providers.gcp.normalize import normalize
from tests.unit.providers.gcp.normalize.capture import ORDERS_URL, PROJECT, REGION, TOPIC, WHERE, capture, ok
from tests.unit.providers.gcp.normalize.test_function import function

SUBSCRIPTIONS = "pubsub:ListSubscriptions"
PUSH = f"projects/{PROJECT}/subscriptions/order-pushes"
SENDER = "partner@elsewhere.iam.gserviceaccount.com"


def pushed(**more: Any) -> Any:
    push = {"pushEndpoint": f"{ORDERS_URL}/push", "oidcToken": {"serviceAccountEmail": SENDER}}
    return ok(SUBSCRIPTIONS, {"subscriptions": [{"name": PUSH, "topic": TOPIC, "pushConfig": push, **more}]})


def calling(*changes: Any, name: str = "orders", **rest: Any) -> dict[str, Trigger]:
    groups = function(name, *changes, **rest).triggers
    told = [trigger for group in groups if isinstance(group, Known) for trigger in group.value]
    return {str(trigger.source): trigger for trigger in told if trigger.via is TriggerVia.SOURCE}


def test_each_caller_is_a_trigger_under_its_own_name() -> None:
    found = calling(pushed()) | calling(name="checkout")
    assert {(name, each.kind, each.service) for name, each in found.items()} == {
        (TOPIC, TriggerKind.TOPIC, "pubsub.googleapis.com"),
        (f"{WHERE}/queues/orders", TriggerKind.QUEUE, "cloudtasks.googleapis.com"),
        (f"{WHERE}/workflows/weekly", TriggerKind.WORKFLOW, "workflows.googleapis.com"),
    }


def test_the_subscription_of_an_eventarc_trigger_is_told_by_that_trigger_alone() -> None:
    assert TOPIC not in calling()


def test_a_push_is_repeated_until_it_is_kept_elsewhere() -> None:
    plain, kept = calling(pushed())[TOPIC], calling(pushed(deadLetterPolicy={"deadLetterTopic": "dead"}))[TOPIC]
    assert (plain.retry.need(), plain.dead_letter.need(), kept.dead_letter.need()) == (True, False, True)
    assert plain.deliverer.need() == SENDER
    assert plain.certainty is Certainty.SOURCE_ONLY


@pytest.mark.parametrize(("state", "enabled"), [("ACTIVE", True), ("RESOURCE_ERROR", False)])
def test_a_subscription_that_stopped_starts_nothing(state: str, enabled: bool) -> None:
    assert calling(pushed(state=state))[TOPIC].enabled is enabled


@pytest.mark.parametrize(
    ("operation", "lost"),
    [("cloudtasks:ListQueues", f"{WHERE}/queues/orders"), ("workflows:ListWorkflows", f"{WHERE}/workflows/weekly")],
)
def test_a_list_that_was_refused_is_a_gap_among_the_triggers(operation: str, lost: str) -> None:
    without = ("asset:ListResources", operation)
    assert lost not in calling(name="checkout", without=without)
    gaps = [group.gap for group in function("checkout", without=without).triggers if isinstance(group, Unknown)]
    assert operation in {gap.operation for gap in gaps} or "asset:ListResources" in {gap.operation for gap in gaps}


def test_a_workflow_whose_source_was_not_told_may_call_the_function() -> None:
    silent = ok("workflows:ListWorkflows", {"workflows": [{"name": f"{WHERE}/workflows/w"}]}, location=REGION)
    gaps = [group.gap for group in function("checkout", silent).triggers if isinstance(group, Unknown)]
    assert [(gap.reason, gap.operation) for gap in gaps] == [(GapReason.MALFORMED, "workflows:ListWorkflows")]


def test_what_sources_pass_on() -> None:
    job = {"name": f"{WHERE}/jobs/tick", "pubsubTarget": {"topicName": TOPIC}}
    stored = pushed(deadLetterPolicy={"deadLetterTopic": f"{TOPIC}-dead"}, cloudStorageConfig={"bucket": "archive"})
    inventory = normalize(capture(stored, ok("cloudscheduler:ListJobs", {"jobs": [job]}, location=REGION)))
    told = [flow for place in inventory.locations for group in place.flows for flow in group.need()]
    pubsub, scheduler = "pubsub.googleapis.com", "cloudscheduler.googleapis.com"
    assert set(told) == {
        Flow(source=f"{WHERE}/jobs/tick", target=TOPIC, service=scheduler, operation="cloudscheduler:ListJobs"),
        Flow(source=TOPIC, target=f"{TOPIC}-dead", service=pubsub, operation=SUBSCRIPTIONS),
        Flow(source=TOPIC, target="projects/_/buckets/archive", service=pubsub, operation=SUBSCRIPTIONS),
    }
