"""State machines that start a function, and rules and topics by what they do beside it."""

from typing import Any

from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from auditor.model.trigger import Certainty, Trigger, TriggerKind, TriggerVia
from auditor.model.workflow import Workflow
from checks.event_injection.workflow_step_exposed import workflow_step_exposed
from checks.insecure_configuration.workflow_credential import workflow_credential
from checks.insecure_configuration.workflow_no_cmk import workflow_no_cmk
from checks.monitoring.workflow_log_off import workflow_log_off
from checks.monitoring.workflow_tracing_off import workflow_tracing_off
from checks.resilience.delivery_without_dead_letter import delivery_without_dead_letter
from checks.transport.topic_delivers_plain import topic_delivers_plain
from tests.unit.checks.build import arn, found, make, only, source_settings, trigger, unknown, verdicts
from tests.unit.checks.repairs import repairs

MACHINE, LISTED = "states:DescribeStateMachine", "states:ListStateMachines"
TARGETS, TOPICS = "events:ListTargetsByRule", "sns:ListSubscriptions"


def step(**changes: Any) -> Trigger:
    sound: dict[str, Any] = {
        "express": Known(False, MACHINE),
        "log_level": Known("ALL", MACHINE),
        "traced": Known(True, MACHINE),
        "customer_key": Known(True, MACHINE),
        "credentials": Known((), MACHINE),
    }
    workflow = Known(Workflow(**sound | changes), MACHINE)
    source = arn("states", "stateMachine:fulfil")
    return trigger(TriggerKind.WORKFLOW, service="states", source=source, via=TriggerVia.SOURCE, workflow=workflow)


def of(*told: Trigger) -> Function:
    return make(triggers=(Known(told, MACHINE),))


REFUSED = make(triggers=(unknown(LISTED),))


def test_what_a_state_machine_does_not_keep() -> None:
    for check, field, bad in (
        (workflow_log_off, "log_level", "OFF"),
        (workflow_tracing_off, "traced", False),
        (workflow_no_cmk, "customer_key", False),
        (workflow_credential, "credentials", ("States/Pay/Parameters/Payload/apiKey",)),
    ):
        subjects = {
            "bad": of(step(**{field: Known(bad, MACHINE)})),
            "good": of(step()),
            "none": make(),
            "unread": of(step(**{field: unknown(MACHINE)})),
            "refused": REFUSED,
        }
        assert verdicts(check, subjects) == {
            "bad": Status.FAIL,
            "good": Status.PASS,
            "none": Status.PASS,
            "unread": Status.UNKNOWN,
            "refused": Status.UNKNOWN,
        }, check.id
        assert repairs(check, subjects["bad"])
    both = step(traced=Known(False, MACHINE))
    assert len(found(workflow_tracing_off, of(both, both))) == 1


def test_an_express_workflow_without_a_log_leaves_nothing() -> None:
    silent = {"log_level": Known("OFF", MACHINE)}
    assert only(workflow_log_off, of(step(**silent))).severity is None
    assert only(workflow_log_off, of(step(**silent, express=Known(True, MACHINE)))).severity is Severity.MEDIUM
    assert verdicts(workflow_log_off, {"errors": of(step(log_level=Known("ERROR", MACHINE)))}) == {
        "errors": Status.PASS
    }


def test_a_credential_is_told_by_its_place() -> None:
    hit = only(workflow_credential, of(step(credentials=Known(("States/Pay/Parameters/apiKey",), MACHINE))))
    assert hit.message == (
        "The definition of Step Functions state machine fulfil, which starts orders, holds a credential at"
        " States/Pay/Parameters/apiKey"
    )


def test_a_step_that_something_else_starts() -> None:
    url = trigger(TriggerKind.HTTP, service="lambda-url", source="https://x.example/", via=TriggerVia.ENDPOINT)
    dangling = trigger(TriggerKind.STORAGE, service="s3", certainty=Certainty.SOURCE_GONE)
    subjects = {
        "queue": of(step(), trigger()),
        "URL": of(step(), url),
        "alone": of(step(), step()),
        "dangling": of(step(), dangling),
        "no step": of(trigger(), url),
        "others unread": make(triggers=(Known((step(),), MACHINE), unknown("lambda:GetPolicy"))),
        "URLs unread": make(triggers=(Known((step(),), MACHINE), unknown("lambda:ListFunctionUrlConfigs"))),
        "refused": REFUSED,
    }
    assert verdicts(workflow_step_exposed, subjects) == {
        "queue": Status.FAIL,
        "URL": Status.FAIL,
        "alone": Status.PASS,
        "dangling": Status.PASS,
        "no step": Status.PASS,
        "others unread": Status.UNKNOWN,
        "URLs unread": Status.UNKNOWN,
        "refused": Status.UNKNOWN,
    }
    assert only(workflow_step_exposed, subjects["queue"]).severity is None
    assert only(workflow_step_exposed, subjects["URL"]).severity is Severity.MEDIUM
    assert repairs(workflow_step_exposed, subjects["URL"])


def ruled(name: str = "rule/nightly", *, kept: bool | None = False) -> Function:
    fact = unknown(TARGETS) if kept is None else Known(kept, TARGETS)
    rule = {"service": "events", "source": arn("events", name), "via": TriggerVia.POLICY, "dead_letter": fact}
    return of(trigger(TriggerKind.EVENT_BUS, **rule))


def test_events_that_a_rule_cannot_deliver() -> None:
    subjects = {"dropped": ruled(), "kept": ruled(kept=True), "unread": ruled(kept=None), "queue": of(trigger())}
    assert verdicts(delivery_without_dead_letter, subjects) == {
        "dropped": Status.FAIL,
        "kept": Status.PASS,
        "unread": Status.UNKNOWN,
        "queue": Status.PASS,
    }
    assert any(
        "--rule nightly --event-bus-name default" in form for form in repairs(delivery_without_dead_letter, ruled())
    )
    partner = ruled("rule/partners/nightly")
    assert any("--event-bus-name partners" in form for form in repairs(delivery_without_dead_letter, partner))


def test_a_topic_that_delivers_over_plain_http() -> None:
    def topic(fact: Any) -> Function:
        settings = Known(source_settings(delivers_plain=fact), "sns:GetTopicAttributes")
        return of(trigger(TriggerKind.TOPIC, service="sns", source=arn("sns", "news"), settings=settings))

    subjects = {
        "plain": topic(Known(True, TOPICS)),
        "not": topic(Known(False, TOPICS)),
        "unread": topic(unknown(TOPICS)),
        "a queue": of(trigger(settings=Known(source_settings(delivers_plain=not_offered(TOPICS, "none")), TOPICS))),
    }
    assert verdicts(topic_delivers_plain, subjects) == {
        "plain": Status.FAIL,
        "not": Status.PASS,
        "unread": Status.UNKNOWN,
        "a queue": Status.PASS,
    }
    assert repairs(topic_delivers_plain, subjects["plain"])
