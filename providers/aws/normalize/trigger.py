"""What starts a function, as its own side tells: event source mappings, policies, URLs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple, TypeVar

from auditor.model.capture import Json
from auditor.model.exposure import AccessGrant, Effect, Endpoint, QualifiedPolicy
from auditor.model.observed import Gap, Known, Observed, Unknown, not_offered
from auditor.model.trigger import Trigger, TriggerKind, TriggerVia
from providers.aws.arn import parse_arn
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.asynchronous import Failures
from providers.aws.normalize.fields import (
    UnreadableError,
    choice,
    flag,
    member,
    number,
    optional_items,
    optional_member,
    optional_number,
    optional_text,
    optional_texts,
    text,
    texts,
)
from providers.aws.normalize.references import arn_account, qualified

_MAPPINGS = "lambda:ListEventSourceMappings"

_SETS_ASIDE = frozenset({"dynamodb", "kafka", "kinesis"})
"""Sources whose mappings may send records that failed to a destination. Lambda API reference, DestinationConfig."""
_ENDS = ("MaximumRetryAttempts", "MaximumRecordAgeInSeconds")
"""What ends the retries of a record; absent or -1: nothing but the record's expiry in the source."""
_BROKERS = frozenset({"kafka", "mq"})
_REPORTS = "ReportBatchItemFailures"
_IN_BATCHES = frozenset({"dynamodb", "kinesis", "sqs"})
"""Sources whose batches may fail in part. Lambda API reference, EventSourceMappingConfiguration."""

T = TypeVar("T")
Group = Observed[tuple[Trigger, ...]]

_STATES = {
    "Enabled": True,
    "Enabling": True,
    "Creating": True,
    "Updating": True,
    "Disabled": False,
    "Disabling": False,
    "Deleting": False,
}

_MAPPED = {
    "sqs": TriggerKind.QUEUE,
    "mq": TriggerKind.QUEUE,
    "kinesis": TriggerKind.STREAM,
    "kafka": TriggerKind.STREAM,
    "dynamodb": TriggerKind.DATABASE,
    "rds": TriggerKind.DATABASE,  # DocumentDB clusters carry ARNs of RDS
}


class _Principal(NamedTuple):
    kind: TriggerKind
    asynchronous: bool


_PRINCIPALS = {
    # Lambda Developer Guide, "Invoking Lambda with events from other AWS services" (as of 2026-10).
    "apigateway": _Principal(TriggerKind.HTTP, asynchronous=False),
    "elasticloadbalancing": _Principal(TriggerKind.HTTP, asynchronous=False),
    "vpc-lattice": _Principal(TriggerKind.HTTP, asynchronous=False),
    "edgelambda": _Principal(TriggerKind.HTTP, asynchronous=False),
    "cloudfront": _Principal(TriggerKind.HTTP, asynchronous=False),
    "appsync": _Principal(TriggerKind.HTTP, asynchronous=False),
    "cognito-idp": _Principal(TriggerKind.IDENTITY, asynchronous=False),
    "cognito-sync": _Principal(TriggerKind.IDENTITY, asynchronous=False),
    "lex": _Principal(TriggerKind.OTHER, asynchronous=False),
    "lexv2": _Principal(TriggerKind.OTHER, asynchronous=False),
    "connect": _Principal(TriggerKind.OTHER, asynchronous=False),
    "bedrock": _Principal(TriggerKind.OTHER, asynchronous=False),
    "alexa-appkit": _Principal(TriggerKind.DEVICE, asynchronous=False),
    "alexa-connectedhome": _Principal(TriggerKind.DEVICE, asynchronous=False),
    "secretsmanager": _Principal(TriggerKind.OTHER, asynchronous=True),
    "firehose": _Principal(TriggerKind.STREAM, asynchronous=False),
    "states": _Principal(TriggerKind.WORKFLOW, asynchronous=False),
    "rds": _Principal(TriggerKind.DATABASE, asynchronous=False),
    "s3": _Principal(TriggerKind.STORAGE, asynchronous=True),
    "batchoperations.s3": _Principal(TriggerKind.STORAGE, asynchronous=False),
    "sns": _Principal(TriggerKind.TOPIC, asynchronous=True),
    "events": _Principal(TriggerKind.EVENT_BUS, asynchronous=True),
    "pipes": _Principal(TriggerKind.EVENT_BUS, asynchronous=False),
    "scheduler": _Principal(TriggerKind.SCHEDULE, asynchronous=True),
    "ses": _Principal(TriggerKind.EMAIL, asynchronous=True),
    "cloudformation": _Principal(TriggerKind.OTHER, asynchronous=True),
    "codecommit": _Principal(TriggerKind.OTHER, asynchronous=True),
    "codepipeline": _Principal(TriggerKind.WORKFLOW, asynchronous=True),
    "config": _Principal(TriggerKind.OTHER, asynchronous=True),
    "iot": _Principal(TriggerKind.DEVICE, asynchronous=True),
    "iotevents": _Principal(TriggerKind.DEVICE, asynchronous=True),
    "logs": _Principal(TriggerKind.LOGS, asynchronous=True),
    "lambda.alarms.cloudwatch": _Principal(TriggerKind.EVENT_BUS, asynchronous=True),
}

_REGION = re.compile(r"\.[a-z]{2,3}(-[a-z]+)+-\d$")
"""What some statements name a service with: ``logs.eu-west-1``."""

_UNLISTED = _Principal(TriggerKind.OTHER, asynchronous=True)
"""A service we do not know: counted as asynchronous, because then a failure can be lost."""


class Mappings:
    """The event source mappings of one location, by function."""

    def __init__(self, answers: Answers, failures: Failures) -> None:
        self._answers = answers
        self._failures = failures
        self._found: dict[str, list[Trigger]] = {}
        self._gaps: dict[str, Gap] = {}
        listing = answers.pages(_MAPPINGS, "EventSourceMappings")
        named = answers.readable(listing, lambda body: (text(body, "FunctionArn"), body))
        self._gap = named.gap
        for arn, body in named.items:
            function, qualifier = qualified(arn)
            fact = answers.fact(_MAPPINGS, lambda body=body, qualifier=qualifier: _mapping(body, qualifier), arn)  # type: ignore[misc]
            if isinstance(fact, Unknown):
                self._gaps.setdefault(function, fact.gap)
            else:
                mapped = self._with_failures(arn, _with_limits(answers, arn, fact.value, body), body)
                self._found.setdefault(function, []).append(mapped)

    @property
    def failure_targets(self) -> Iterator[str]:
        """Where mappings send what failed, as far as that could be read."""
        for triggers in self._found.values():
            for trigger in triggers:
                if isinstance(trigger.failure_target, Known) and trigger.failure_target.value is not None:
                    yield trigger.failure_target.value.id

    def _with_failures(self, arn: str, trigger: Trigger, body: Json) -> Trigger:
        """The mapping with what becomes of records that the function cannot process."""
        if trigger.service not in _SETS_ASIDE:
            missing = not_offered(_MAPPINGS, f"mappings of {trigger.service} have no failure destination")
            return replace(trigger, failure_target=missing, retry=missing)
        read = self._answers.fact
        return replace(
            trigger,
            failure_target=read(_MAPPINGS, lambda: self._failures.of_mapping(body), arn),
            retry=read(_MAPPINGS, lambda: _endless(body), arn),
        )

    def groups(self, arn: str) -> tuple[Group, ...]:
        """What maps to the function; a second, unknown group where something that may could not be read."""
        found: tuple[Trigger, ...] = tuple(self._found.get(arn, ()))
        gap = self._gaps.get(arn) or self._gap
        if gap is None:
            return (known(found, _MAPPINGS),)
        return (Known(found, _MAPPINGS), Unknown(gap)) if found else (Unknown(gap),)

    def qualifiers(self, arn: str) -> tuple[str | None, ...]:
        """The qualifiers that sources are mapped to."""
        return tuple(trigger.qualifier for trigger in self._found.get(arn, ()))


def _mapping(body: Json, qualifier: str | None) -> Trigger:
    enabled = choice(body, "State", _STATES)
    source = optional_text(body, "EventSourceArn")  # absent: the source is a Kafka cluster of one's own
    if source is None:
        endpoints = member(member(body, "SelfManagedEventSource"), "Endpoints")
        brokers = ",".join(texts(endpoints, "KAFKA_BOOTSTRAP_SERVERS"))
        if not brokers:
            raise UnreadableError("a Kafka cluster without brokers")
        return _trigger(TriggerKind.STREAM, "kafka", brokers, None, enabled, qualifier)
    arn = parse_arn(source)
    if arn is None:
        raise UnreadableError("EventSourceArn is not an ARN")
    kind = _MAPPED.get(arn.service, TriggerKind.OTHER)
    return _trigger(kind, arn.service, source, arn.account or None, enabled, qualifier)


def _with_limits(answers: Answers, arn: str, trigger: Trigger, body: Json) -> Trigger:
    """The mapping with what bounds it; a bound that cannot be read leaves the rest known."""
    scaling = _offered(answers, arn, body, "ScalingConfig", lambda: optional_member(body, "ScalingConfig"))
    return replace(
        trigger,
        id=answers.fact(_MAPPINGS, lambda: text(body, "UUID"), arn),
        batch_size=_offered(answers, arn, body, "BatchSize", lambda: number(body, "BatchSize")),
        parallelization=_offered(
            answers, arn, body, "ParallelizationFactor", lambda: number(body, "ParallelizationFactor")
        ),
        partial_batches=answers.fact(_MAPPINGS, lambda: _REPORTS in optional_texts(body, "FunctionResponseTypes"), arn)
        if trigger.service in _IN_BATCHES
        else not_offered(_MAPPINGS, f"sources of {trigger.service} take no partial answers"),
        bisects=_offered(
            answers, arn, body, "BisectBatchOnFunctionError", lambda: flag(body, "BisectBatchOnFunctionError")
        ),
        batch_window=answers.fact(_MAPPINGS, lambda: optional_number(body, "MaximumBatchingWindowInSeconds") or 0, arn),
        filtered=answers.fact(_MAPPINGS, lambda: _filters(body), arn),
        filter_key=answers.fact(_MAPPINGS, lambda: optional_text(body, "KMSKeyArn"), arn),
        access=answers.fact(_MAPPINGS, lambda: _access(body), arn)
        if trigger.service in _BROKERS
        else not_offered(_MAPPINGS, f"sources of {trigger.service} ask for a role alone"),
        max_concurrency=Known(None, _MAPPINGS)
        if trigger.service == "sqs" and "ScalingConfig" not in body
        else scaling.then(
            lambda found: answers.fact(_MAPPINGS, lambda: optional_number(found or {}, "MaximumConcurrency"), arn)
        ),
    )


def _filters(body: Json) -> bool:
    """A filter under a key that Lambda may not use is left out, and the error says so."""
    criteria = optional_member(body, "FilterCriteria")  # absent: none
    return optional_member(body, "FilterCriteriaError") is not None or bool(
        criteria is not None and optional_items(criteria, "Filters")
    )


def _access(body: Json) -> tuple[str, ...]:
    given = optional_items(body, "SourceAccessConfigurations")  # absent: none
    return tuple(dict.fromkeys(text(item, "Type") for item in given))


def _endless(body: Json) -> bool:
    bounds = (optional_number(body, name) for name in _ENDS)
    return all(bound is None or bound < 0 for bound in bounds)


def _offered(answers: Answers, arn: str, body: Json, name: str, read: Callable[[], T]) -> Observed[T]:
    """A member of a mapping; sources that have no such bound leave it out."""
    if name not in body:
        return not_offered(_MAPPINGS, f"this mapping has no {name}")
    return answers.fact(_MAPPINGS, read, arn)


def _trigger(
    kind: TriggerKind, service: str, source: str, account: str | None, enabled: bool, qualifier: str | None
) -> Trigger:
    return Trigger(
        kind=kind,
        service=service,
        source=source,
        account=account,
        via=TriggerVia.MAPPING,
        enabled=enabled,
        asynchronous=False,  # the source keeps the event until the function has succeeded
        qualifier=qualifier,
    )


def from_policies(policies: tuple[QualifiedPolicy, ...]) -> tuple[Group, ...]:
    """The services that each qualifier's policy lets invoke the function: one group a policy.

    Versions without a policy, of which a function may have thousands, make no group.
    """
    return tuple(
        policy.statements
        if isinstance(policy.statements, Unknown)
        else known(tuple(_services(policy.statements.value)), policy.statements.source)
        for policy in policies
        if not (_version(policy.qualifier) and policy.statements == _NO_POLICY)
    )


_NO_POLICY = Known((), "lambda:GetPolicy")


def _version(qualifier: str | None) -> bool:
    return qualifier is not None and qualifier.isdecimal()


def _services(grants: tuple[AccessGrant, ...]) -> Iterator[Trigger]:
    for grant in grants:
        if grant.effect is not Effect.ALLOW or not grant.invokes:
            continue
        for principal in grant.services:
            service = _REGION.sub("", principal.partition(".amazonaws.")[0])
            for source in grant.sources or (None,):
                yield _granted(grant, service, source)


def _granted(grant: AccessGrant, service: str, source: str | None) -> Trigger:
    known_service = _PRINCIPALS.get(service) or _PRINCIPALS.get(service.partition(".")[0], _UNLISTED)
    account = arn_account(source) if source else None
    return Trigger(
        kind=known_service.kind,
        service=service,
        source=source,
        account=account or (grant.accounts[0] if len(grant.accounts) == 1 else None),
        via=TriggerVia.POLICY,
        enabled=True,
        asynchronous=known_service.asynchronous,
        qualifier=grant.qualifier,
    )


def from_endpoints(endpoints: Observed[tuple[Endpoint, ...]]) -> Group:
    """The URLs as triggers."""
    if isinstance(endpoints, Unknown):
        return endpoints
    return known(tuple(_answering(endpoint) for endpoint in endpoints.value), endpoints.source)


def _answering(endpoint: Endpoint) -> Trigger:
    return Trigger(
        kind=TriggerKind.HTTP,
        service="lambda-url",
        source=endpoint.url,
        account=None,
        via=TriggerVia.ENDPOINT,
        enabled=True,
        asynchronous=False,
        qualifier=endpoint.qualifier,
    )
