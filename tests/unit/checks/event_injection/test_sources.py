"""Checks of event sources and routes by what the sources themselves say."""

from auditor.model.exposure import AuthMode
from auditor.model.finding import Status
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from auditor.model.trigger import Certainty, TriggerKind, TriggerVia
from checks.event_injection.api_route_unvalidated import api_route_unvalidated
from checks.event_injection.trigger_source_gone import trigger_source_gone
from tests.unit.checks.build import arn, behind, gateway, make, only, route, trigger, triggers, unknown, verdicts
from tests.unit.checks.repairs import repairs


def test_a_source_that_is_gone_is_grave_where_anyone_can_take_its_name() -> None:
    gone = trigger(
        TriggerKind.STORAGE,
        service="s3",
        source="arn:aws:s3:::old-uploads",
        account=None,
        via=TriggerVia.POLICY,
        certainty=Certainty.SOURCE_GONE,
    )
    own = trigger(via=TriggerVia.POLICY, certainty=Certainty.SOURCE_GONE)
    rule = trigger(TriggerKind.EVENT_BUS, service="events", source=arn("events", "rule/nightly"), via=TriggerVia.POLICY)
    subjects = {
        "free": make(triggers=triggers(gone)),
        "own": make(triggers=triggers(own)),
        "there": make(),
        "unread": make(triggers=(*triggers(rule), unknown("events:ListRules"))),
        "unread, of which it admits none": make(triggers=(Known((), "lambda:GetPolicy"), unknown("events:ListRules"))),
    }
    assert verdicts(trigger_source_gone, subjects) == {
        "free": Status.FAIL,
        "own": Status.FAIL,
        "there": Status.PASS,
        "unread": Status.UNKNOWN,
        "unread, of which it admits none": Status.PASS,
    }
    assert only(trigger_source_gone, subjects["free"]).severity is Severity.HIGH
    assert only(trigger_source_gone, subjects["own"]).severity is None
    assert repairs(trigger_source_gone, subjects["free"])


def test_requests_that_nobody_validates_count_where_any_stranger_sends_them() -> None:
    loose = Known(False, "apigateway:GetResources")
    subjects = {
        "open": make(gateways=behind(gateway(route(auth=AuthMode.NONE, validated=loose)))),
        "keyed": make(gateways=behind(gateway(route(auth=AuthMode.KEY, validated=loose)))),
        "signed": make(gateways=behind(gateway(route(validated=loose)))),
        "validated": make(gateways=behind(gateway(route(auth=AuthMode.NONE)))),
        "http": make(
            gateways=behind(gateway(route(auth=AuthMode.NONE, validated=not_offered("r", "none")), kind="http"))
        ),
        "unread": make(gateways=behind(gateway(route(auth=AuthMode.NONE, validated=unknown("r"))))),
    }
    assert verdicts(api_route_unvalidated, subjects) == {
        "open": Status.FAIL,
        "keyed": Status.FAIL,
        "signed": Status.PASS,
        "validated": Status.PASS,
        "http": Status.PASS,
        "unread": Status.UNKNOWN,
    }
    assert repairs(api_route_unvalidated, subjects["open"])
