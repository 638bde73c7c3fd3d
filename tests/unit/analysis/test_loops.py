"""Loops of the trigger graph: found through every kind of hop, disproved by filters, never by silence."""

from dataclasses import replace

from auditor.analysis.graph.build import build
from auditor.analysis.graph.loops import Loop, loops
from auditor.analysis.graph.writes import with_writes
from auditor.model.asynchronous import FailureHandling
from auditor.model.exposure import Effect
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.identity import PolicyStatement
from auditor.model.inventory import Inventory
from auditor.model.observed import Known
from auditor.model.severity import Confidence
from auditor.model.trigger import Certainty, Flow, Trigger, TriggerKind, TriggerVia
from checks.denial_of_wallet.trigger_loop import trigger_loop
from tests.unit.checks.build import (
    LISTED,
    Surroundings,
    arn,
    async_settings,
    failures,
    found,
    grant,
    identity,
    limits,
    location,
    make,
    target,
    trigger,
    triggers,
    unknown,
    verdicts,
)

PHOTOS, QUEUE, TABLE = "arn:aws:s3:::photos", arn("sqs", "orders-in"), arn("dynamodb", "table/orders")


def mapped(kind: TriggerKind, service: str, source: str) -> Trigger:
    return trigger(kind, service=service, source=source)


def notified(*filters: str) -> Trigger:
    told = trigger(TriggerKind.STORAGE, service="s3", source=PHOTOS, via=TriggerVia.POLICY)
    return replace(told, filters=("s3:ObjectCreated:*", *filters))


def function(
    name: str, *ways: Trigger, may: tuple[PolicyStatement, ...], handling: FailureHandling | None = None
) -> Function:
    return make(
        name,
        id=arn("lambda", f"function:{name}"),
        triggers=triggers(*ways),
        identity=Known(identity(*may, name=name), LISTED),
        failures=handling or failures(),
    )


def circles(*functions: Function, flows: tuple[Flow, ...] = ()) -> tuple[Loop, ...]:
    places = (location(flows=(Known(flows, "events:ListRules"),)),)
    return loops(with_writes(build(Inventory(scopes=(), locations=places, functions=functions)), functions))


def puts(pattern: str) -> PolicyStatement:
    return grant(("s3:put*",), (pattern,))


def test_the_prefix_of_a_bucket_decides_whether_its_notification_comes_back() -> None:
    cases = {
        "same prefix": (notified("prefix=in/"), puts(f"{PHOTOS}/*")),
        "inside": (notified("prefix=in/"), puts(f"{PHOTOS}/in/small/*")),
        "another prefix": (notified("prefix=in/"), puts(f"{PHOTOS}/out/*")),
        "another suffix": (notified("suffix=.jpg"), puts(f"{PHOTOS}/out/*.png")),
        "any bucket": (notified(), puts("*")),
        "the bucket without its objects": (notified(), puts(PHOTOS)),
        "another bucket": (notified(), puts("arn:aws:s3:::photos-small/*")),
        "reads": (notified(), grant(("s3:getobject",), (f"{PHOTOS}/*",))),
    }
    found_in = {name: bool(circles(function("thumbnails", told, may=(may,)))) for name, (told, may) in cases.items()}
    assert found_in == {
        "same prefix": True,
        "inside": True,
        "another prefix": False,
        "another suffix": False,
        "any bucket": True,
        "the bucket without its objects": False,
        "another bucket": False,
        "reads": False,
    }


def test_a_deny_takes_the_write_back() -> None:
    deny = grant(("s3:*",), (f"{PHOTOS}/*",), effect=Effect.DENY)
    assert circles(function("thumbnails", notified(), may=(puts(f"{PHOTOS}/*"), deny))) == ()


def test_a_loop_through_several_functions_is_one_and_names_each() -> None:
    takes = function("takes", mapped(TriggerKind.QUEUE, "sqs", QUEUE), may=(grant(("dynamodb:putitem",), (TABLE,)),))
    stream = f"{TABLE}/stream/2026-11-01T00:00:00.000"
    sends = function(
        "sends", mapped(TriggerKind.DATABASE, "dynamodb", stream), may=(grant(("sqs:sendmessage",), (QUEUE,)),)
    )
    (loop,) = circles(takes, sends)
    assert str(loop) == ("function sends → queue orders-in → function takes → table orders → function sends")
    assert not loop.proved
    around = Surroundings(circles=(loop,))
    assert verdicts(trigger_loop, {"takes": takes, "sends": sends}, around) == {
        "takes": Status.FAIL,
        "sends": Status.FAIL,
    }
    assert {hit.confidence for hit in found(trigger_loop, takes, around)} == {Confidence.MEDIUM}
    configured = tuple(replace(edge, certainty=Certainty.BOTH_ENDS) for edge in loop.edges)
    beside = Surroundings(circles=(loop, replace(loop, edges=configured)))
    (hit,) = found(trigger_loop, takes, beside)  # two connections between the same places are one loop
    assert hit.confidence is None


def test_a_loop_goes_through_topics_buses_and_state_machines_that_the_identity_may_write_to() -> None:
    topic, bus, rule = arn("sns", "news"), arn("events", "event-bus/default"), arn("events", "rule/orders")
    machine, queue = arn("states", "stateMachine:fulfil"), arn("sqs", "orders-in")
    told = trigger(TriggerKind.TOPIC, service="sns", source=topic, via=TriggerVia.POLICY)
    ruled = trigger(TriggerKind.EVENT_BUS, service="events", source=rule, via=TriggerVia.POLICY)
    stepped = trigger(TriggerKind.WORKFLOW, service="states", source=machine, via=TriggerVia.POLICY)
    matched = Flow(source=bus, target=rule, service="events", operation="events:ListRules")
    subscribed = Flow(source=topic, target=queue, service="sns", operation="sns:ListSubscriptions")

    def shown(way: Trigger, action: str, resource: str, *flows: Flow) -> list[str]:
        return [str(each) for each in circles(function("f", way, may=(grant((action,), (resource,)),)), flows=flows)]

    assert shown(told, "sns:publish", topic) == ["function f → topic news → function f"]
    assert shown(told, "sns:publish", arn("sns", "other")) == []
    assert shown(ruled, "events:putevents", bus, matched) == [
        "function f → event-bus default → event-rule orders → function f"
    ]
    assert shown(ruled, "events:putevents", bus) == [], "the rule is of another bus"
    assert shown(stepped, "states:startexecution", machine) == ["function f → workflow fulfil → function f"]
    fed = mapped(TriggerKind.QUEUE, "sqs", queue)
    assert shown(fed, "sns:publish", topic, subscribed) == ["function f → topic news → queue orders-in → function f"]
    off = replace(told, enabled=False)
    assert shown(off, "sns:publish", topic) == [], "nothing is delivered"


def test_functions_that_send_to_one_another_are_a_proved_loop() -> None:
    def sending(name: str, other: str) -> Function:
        setting = async_settings(on_success=target(arn("lambda", f"function:{other}")))
        handling = failures(settings=Known((setting,), "lambda:ListFunctionEventInvokeConfigs"))
        back = trigger(
            TriggerKind.OTHER, service="lambda", source=arn("lambda", f"function:{other}"), via=TriggerVia.SOURCE
        )
        return replace(function(name, may=(), handling=handling), triggers=(Known((back,), LISTED),))

    (loop,) = circles(sending("ping", "pong"), sending("pong", "ping"))
    assert str(loop) == "function ping → function pong → function ping"
    assert loop.proved


def test_a_destination_that_starts_the_function_is_a_proved_loop() -> None:
    setting = async_settings(on_failure=target(QUEUE))
    handling = failures(settings=Known((setting,), "lambda:ListFunctionEventInvokeConfigs"))
    (loop,) = circles(function("again", mapped(TriggerKind.QUEUE, "sqs", QUEUE), may=(), handling=handling))
    assert loop.proved


def test_detection_ends_a_loop_through_a_queue_and_what_is_unread_is_unknown() -> None:
    may = (grant(("sqs:sendmessage",), (QUEUE,)),)
    base = function("loops", mapped(TriggerKind.QUEUE, "sqs", QUEUE), may=may)
    around = Surroundings(circles=circles(base))
    assert len(around.circles) == 1
    subjects = {
        "detected": base,
        "allowed": replace(base, limits=limits(recursion_allowed=Known(True, LISTED))),
        "not-read": replace(base, limits=limits(recursion_allowed=unknown("lambda:GetFunctionRecursionConfig"))),
        "no-loop": make(),
        "role-not-read": make(identity=unknown("iam:GetRole")),
        "triggers-not-read": make(triggers=(unknown("lambda:ListEventSourceMappings"),)),
    }
    assert verdicts(trigger_loop, subjects, around) == {
        "detected": Status.PASS,
        "allowed": Status.FAIL,
        "not-read": Status.UNKNOWN,
        "no-loop": Status.PASS,
        "role-not-read": Status.UNKNOWN,
        "triggers-not-read": Status.UNKNOWN,
    }


def test_a_function_that_its_own_log_group_starts_goes_round_and_one_that_another_group_starts_does_not() -> None:
    def tails(group: str) -> Function:
        source = arn("logs", f"log-group:{group}")
        told = trigger(TriggerKind.LOGS, service="logs", source=source, via=TriggerVia.POLICY)
        return function("tail", told, may=())

    (loop,) = circles(tails("/aws/lambda/tail"))
    assert loop.proved
    assert str(loop) == "function tail → log-group /aws/lambda/tail → function tail"
    assert circles(tails("/aws/lambda/shop")) == ()
    around = Surroundings(circles=(loop,))
    assert verdicts(trigger_loop, {"tail": tails("/aws/lambda/tail")}, around) == {"tail": Status.FAIL}
