"""Who can send a function the events that its code passes on: by its triggers, and by who may set them off."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from auditor.analysis.cost.outsiders import OpenWay, open_ways
from auditor.analysis.policy_statements import allowing, of_policies
from auditor.analysis.triggers import known_triggers, of_outsiders, source_name
from auditor.model.code_analysis import CodeFinding
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.observed import Gap, GapReason, Known, Unanswered, graver
from auditor.model.trigger import Trigger, TriggerKind


class Sender(StrEnum):
    """Who can send an event. Ordered worst first."""

    ANYONE = "anyone"
    """Callers whom nothing identifies, or any account's."""
    IDENTIFIED = "identified"
    """Callers who sign in, users who signed up, principals of other accounts."""
    NOT_READ = "not-read"
    """What could admit others was not read."""
    INSIDE = "inside"
    """Whoever may write to the source of a trigger."""
    NOBODY = "nobody"
    """No trigger carries it: only principals that may invoke the function themselves."""


@dataclass(frozen=True, slots=True)
class Senders:
    """Who can send it, as the end of a sentence, with the answers that say so."""

    sender: Sender
    words: str
    proof: tuple[tuple[str, str], ...] = ()


_FIELDS: Final = {
    "alexa": ("alexa-appkit", "alexa-connectedhome"),
    "appsync": ("appsync",),
    "bedrock": ("bedrock",),
    "cloudfront": ("cloudfront", "edgelambda"),
    "cognito": ("cognito-idp", "cognito-sync"),
    "connect": ("connect",),
    "documentdb": ("rds",),
    "dynamodb": ("dynamodb", "pipes"),
    "eventbridge": ("events", "lambda.alarms.cloudwatch"),
    "firehose": ("firehose",),
    "http": ("http", "lambda-url", "apigateway", "elasticloadbalancing", "vpc-lattice"),
    "kafka": ("kafka",),
    "kinesis": ("kinesis",),
    "lex": ("lex", "lexv2"),
    "logs": ("logs",),
    "mq": ("mq",),
    "s3": ("s3", "batchoperations.s3"),
    "ses": ("ses",),
    "sns": ("sns",),
    "sqs": ("sqs",),
}
"""The services whose events hold the fields of a kind of trigger."""
_OF_ANOTHER_CLOUD: Final = frozenset({"queue", "cloudevent"})
"""Kinds that any trigger of Azure or Google Cloud may be, but HTTP and schedules."""
_KNOWN_FORMS: Final = frozenset(service for services in _FIELDS.values() for service in services)
_CONTAINERS: Final = frozenset({"Records", "records", "requestContext", "request", "events", "messages", "session"})
"""First parts of a field under which the events of several services hold what is sent."""
_SIGNED_UP: Final = frozenset(
    {"alexa-appkit", "alexa-connectedhome", "bedrock", "cognito-idp", "cognito-sync", "connect", "lex", "lexv2", "ses"}
)
"""Services whose events hold what their users write."""
_OTHERS: Final = frozenset({Reach.CROSS_ACCOUNT, Reach.CONDITIONAL, Reach.ORGANISATION, Reach.UNRECOGNISED})
_ON_BEHALF: Final = frozenset({Reach.SERVICE_WITHOUT_SOURCE, Reach.SERVICE_WITHOUT_ACCOUNT})
_SHOWN: Final = 2


def senders(function: Function, finding: CodeFinding) -> Senders:
    """Who can send what a defect reads. Never less than is known: a trigger that was not read may carry it too."""
    ways, gap = _ways(function)
    open_to_all = [way for way in ways if _carries(function, finding, way.service)]
    if open_to_all:
        told = "; ".join(way.what for way in open_to_all[:_SHOWN])
        return Senders(Sender.ANYONE, f"anyone can send it: {told}", tuple(one for w in open_to_all for one in w.proof))
    if "stored" in finding.triggers:
        return Senders(Sender.INSIDE, "principals that may write to the store can send it")
    carrying = list(_carrying(function, finding))
    identified = [*_callers(carrying), *_principals(function, finding)]
    if identified:
        told = " and ".join(said for said, _ in identified[:_SHOWN])
        return Senders(Sender.IDENTIFIED, f"{told} can send it", tuple(proof for _, proof in identified))
    if gap is not None:
        missing = gap.permission or gap.operation
        return Senders(Sender.NOT_READ, f"who can send it could not be read ({missing})")
    if carrying:
        told = " and ".join(dict.fromkeys(source_name(trigger) for trigger, _ in carrying[:_SHOWN]))
        proof = tuple((source, source_name(trigger)) for trigger, source in carrying)
        return Senders(Sender.INSIDE, f"principals that may write to {told} can send it", proof)
    return Senders(Sender.NOBODY, "no trigger carries it, so only principals that may invoke the function can send it")


def _ways(function: Function) -> tuple[list[OpenWay], Gap | None]:
    """The ways of outsiders, and why there may be more triggers or ways."""
    found: list[OpenWay] = []
    gap: Gap | None = None
    try:
        found.extend(open_ways(function))
    except Unanswered as unanswered:
        gap = unanswered.gap
    for missing in of_outsiders(function):
        if missing.reason is not GapReason.NOT_OFFERED:
            gap = graver(gap, missing)
    return found, gap


def _carries(function: Function, finding: CodeFinding, service: str, kind: TriggerKind | None = None) -> bool:
    """Whether what a service hands over can hold the field that a defect reads."""
    if service == "":
        return "stored" not in finding.triggers
    if kind is TriggerKind.SCHEDULE:
        return False  # its input is the operator's own
    if finding.triggers:
        return any(_holds(named, service, kind) for named in finding.triggers)
    field = finding.source.removeprefix("event").lstrip(".").partition(".")[0].partition("[")[0]
    if not finding.source.startswith("event") or (field and field not in _CONTAINERS):
        return service not in _KNOWN_FORMS or (service == "apigateway" and _maps(function))
    return True  # the event as a whole


def _holds(named: str, service: str, kind: TriggerKind | None) -> bool:
    if named in _OF_ANOTHER_CLOUD:
        return kind is not TriggerKind.HTTP and service not in _FIELDS["http"]
    if named == "http" and kind is TriggerKind.HTTP:
        return service not in (*_FIELDS["appsync"], *_FIELDS["cloudfront"])
    return service in _FIELDS.get(named, ())


def _maps(function: Function) -> bool:
    """Whether an API in front may form events by a mapping template of its own: a REST API."""
    gateways = function.gateways
    return not isinstance(gateways, Known) or any(gateway.kind == "rest" for gateway in gateways.value)


def _carrying(function: Function, finding: CodeFinding) -> Iterator[tuple[Trigger, str]]:
    for group, trigger, _locus in known_triggers(function):
        if _carries(function, finding, trigger.service, trigger.kind):
            yield trigger, group.source


def _callers(carrying: list[tuple[Trigger, str]]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Triggers whose events hold what callers or users of theirs write."""
    for trigger, source in carrying:
        if trigger.kind is TriggerKind.HTTP:
            yield f"callers of {_called(trigger)}", (source, source_name(trigger))
        elif trigger.service in _SIGNED_UP:
            yield f"users of {source_name(trigger)}", (source, source_name(trigger))


def _called(trigger: Trigger) -> str:
    return trigger.source or "its URL" if trigger.service == "lambda-url" else source_name(trigger)


def _principals(function: Function, finding: CodeFinding) -> Iterator[tuple[str, tuple[str, str]]]:
    """Principals of others whom a policy lets invoke the function, with an event of any form; and services that do so
    on anybody's behalf, with events of theirs.
    """
    policies = function.policies.value if isinstance(function.policies, Known) else ()
    for stated in allowing(group for group in of_policies(policies) if isinstance(group, Known)):
        grant = stated.grant
        if not grant.invokes:
            continue
        if grant.reach in _OTHERS and grant.principals:
            yield f"principals that {stated.label} admits", (stated.fact.source, grant.text)
        elif grant.reach in _ON_BEHALF and any(
            _carries(function, finding, service.partition(".amazonaws.")[0]) for service in grant.services
        ):
            yield f"any account through {', '.join(grant.services)}", (stated.fact.source, grant.text)
