"""Who else may write to a source: judged from the source's own policy, and unknown where that was not read."""

from typing import Any

from auditor.model.capture import Depth, Envelope
from auditor.model.exposure import Reach
from auditor.model.observed import GapReason, Known, Observed
from auditor.model.trigger import Trigger
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import (
    ACCOUNT,
    FOREIGN,
    REGION,
    RENDER,
    absent,
    arn,
    capture,
    denied,
    ok,
    policy,
    statement,
)

QUEUE, TOPIC, STREAM = arn("sqs", "work"), arn("sns", "news"), arn("kinesis", "stream/visits")
TABLE, BUS = arn("dynamodb", "table/stock"), arn("events", "event-bus/partners")
RULE = arn("events", "rule/partners/orders")
ATTRIBUTES, TOPICS = "sqs:GetQueueAttributes", "sns:GetTopicAttributes"
STREAMS, TABLES = "kinesis:GetResourcePolicy", "dynamodb:GetResourcePolicy"


def told(source: str, *answers: Envelope, **rest: Any) -> Trigger:
    """The trigger of a mapping from the source, or of a policy that admits it."""
    service = source.split(":")[2]
    given: Envelope
    if service in ("sqs", "kinesis", "dynamodb"):
        row = {"UUID": "9", "FunctionArn": RENDER, "EventSourceArn": source, "State": "Enabled"}
        given = ok("lambda:ListEventSourceMappings", {"EventSourceMappings": [row]})
    else:
        admitted = statement("S", {"Service": f"{service}.amazonaws.com"}, ArnLike={"AWS:SourceArn": source})
        given = ok("lambda:GetPolicy", {"Policy": policy(admitted)}, RENDER)
    functions = {function.name: function for function in normalize(capture(given, *answers, **rest)).functions}
    groups = [group.value for group in functions["render"].triggers if isinstance(group, Known)]
    return next(trigger for group in groups for trigger in group if trigger.service == service)


def queue(*statements: dict[str, Any]) -> Envelope:
    attributes = {"QueueArn": QUEUE} | ({"Policy": policy(*statements)} if statements else {})
    return ok(ATTRIBUTES, {"Attributes": attributes}, QUEUE)


def topic(*statements: dict[str, Any]) -> Envelope:
    return ok(TOPICS, {"Attributes": {"TopicArn": TOPIC, "Policy": policy(*statements)}}, TOPIC)


def sends(principal: Any, action: str = "sqs:SendMessage", **condition: Any) -> dict[str, Any]:
    return statement("S", principal, action, **condition)


def reaches(trigger: Trigger) -> tuple[Reach, ...]:
    return tuple(grant.reach for grant in trigger.source_grants.need())


def why(fact: Observed[Any]) -> tuple[str, GapReason]:
    assert not isinstance(fact, Known), fact
    return fact.gap.operation, fact.gap.reason


def test_a_queue_is_open_to_whom_its_policy_lets_send() -> None:
    topic_of_ours: dict[str, Any] = {"ArnEquals": {"aws:SourceArn": TOPIC}}
    cases: dict[str, tuple[tuple[dict[str, Any], ...], tuple[Reach, ...]]] = {
        "no policy": ((), ()),
        "everyone": ((sends("*"),), (Reach.ANONYMOUS,)),
        "everyone, any action": ((sends("*", "sqs:*"),), (Reach.ANONYMOUS,)),
        "everyone may read": ((sends("*", "sqs:ReceiveMessage"),), ()),
        "our own": ((sends({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),), ()),
        "a topic of ours, as everyone": ((sends("*", **topic_of_ours),), ()),
        "any topic": ((sends({"Service": "sns.amazonaws.com"}),), (Reach.SERVICE_WITHOUT_SOURCE,)),
        "another account": ((sends({"AWS": FOREIGN}),), (Reach.CROSS_ACCOUNT,)),
        "an account by condition": (
            (sends("*", StringEquals={"aws:PrincipalAccount": FOREIGN}),),
            (Reach.CROSS_ACCOUNT,),
        ),
        "an organization": ((sends("*", StringEquals={"aws:PrincipalOrgID": "o-other"}),), (Reach.ORGANISATION,)),
        "an address": ((sends("*", IpAddress={"aws:SourceIp": "198.51.100.7/32"}),), (Reach.CONDITIONAL,)),
        "denied to all": ((sends("*"), sends("*") | {"Effect": "Deny"}), ()),
        "denied to other accounts": (
            (
                sends("*", "sqs:*"),
                sends("*", StringNotEquals={"aws:PrincipalAccount": ACCOUNT}) | {"Effect": "Deny"},
            ),
            (),
        ),
    }
    found = {name: reaches(told(QUEUE, queue(*statements))) for name, (statements, _) in cases.items()}
    assert found == {name: expected for name, (_, expected) in cases.items()}


def test_open_to_names_the_principals_and_the_statement_is_kept() -> None:
    trigger = told(QUEUE, queue(sends({"AWS": [FOREIGN, "*"]}, "sqs:*")))
    assert trigger.open_to == Known((FOREIGN, "*"), ATTRIBUTES)
    (grant,) = trigger.source_grants.need()
    assert (grant.sid, grant.actions) == ("S", ("sqs:SendMessage",))
    assert '"sqs:*"' in grant.text


def test_topics_streams_tables_and_buses_have_policies_too() -> None:
    anyone = {"AWS": FOREIGN}
    assert reaches(told(TOPIC, topic(sends(anyone, "SNS:Publish")))) == (Reach.CROSS_ACCOUNT,)
    of_its_owner = sends({"AWS": "*"}, "SNS:Publish", StringEquals={"AWS:SourceOwner": ACCOUNT})
    assert reaches(told(TOPIC, topic(of_its_owner))) == ()
    stream = ok(STREAMS, {"Policy": policy(sends(anyone, "kinesis:PutRecord"))}, STREAM)
    assert reaches(told(f"{STREAM}/consumer/a:1", stream)) == (Reach.CROSS_ACCOUNT,)
    assert told(STREAM, ok(STREAMS, {"Policy": "{}"}, STREAM)).open_to == Known((), STREAMS)
    table = ok(TABLES, {"Policy": policy(sends(anyone, "dynamodb:*"))}, TABLE)
    assert reaches(told(f"{TABLE}/stream/2026-01-01", table)) == (Reach.CROSS_ACCOUNT,)
    assert told(f"{TABLE}/stream/2026-01-01", absent(TABLES, TABLE)).open_to == Known((), TABLES)
    listed = {"Name": "partners", "Arn": BUS, "Policy": policy(sends("*", "events:PutEvents"))}
    buses = ok("events:ListEventBuses", {"EventBuses": [listed]})
    rules = ok(
        "events:ListRules",
        {"Rules": [{"Name": "orders", "Arn": RULE, "State": "ENABLED", "EventPattern": "{}"}]},
        "partners",
    )
    targets = ok("events:ListTargetsByRule", {"Targets": [{"Id": "1", "Arn": RENDER}]}, RULE)
    assert reaches(told(RULE, buses, rules, targets)) == (Reach.ANY_PRINCIPAL,)


def test_what_was_not_read_is_unknown_and_what_nobody_writes_to_is_not_asked() -> None:
    assert why(told(QUEUE, denied(ATTRIBUTES, QUEUE)).open_to) == (ATTRIBUTES, GapReason.DENIED)
    assert why(told(QUEUE).source_grants) == (ATTRIBUTES, GapReason.NOT_COLLECTED)
    assert why(told(QUEUE, depth=Depth.QUICK).open_to) == (ATTRIBUTES, GapReason.NOT_AT_DEPTH)
    assert why(told(TOPIC, ok(TOPICS, {"Attributes": {}}, TOPIC)).open_to) == (TOPICS, GapReason.MALFORMED)
    assert (
        why(told(QUEUE, ok(ATTRIBUTES, {"Attributes": {"Policy": "no JSON"}}, QUEUE)).open_to)[1] is GapReason.MALFORMED
    )
    theirs = arn("sqs", "work", account=FOREIGN)
    assert why(told(theirs).open_to) == (ATTRIBUTES, GapReason.NOT_COLLECTED)
    refused = denied("events:ListEventBuses")
    assert why(told(RULE, refused).open_to) == ("events:ListEventBuses", GapReason.DENIED)
    assert why(told(f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/k/1").open_to)[1] is GapReason.NOT_COLLECTED
    assert why(told(arn("cognito-idp", "userpool/p")).open_to)[1] is GapReason.NOT_OFFERED
    assert why(told(f"arn:aws:sns:{REGION}:{ACCOUNT}:*").open_to)[1] is GapReason.NOT_OFFERED
