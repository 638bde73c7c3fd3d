"""Routes of API Gateway that write straight to an event source: integrations with AWS services instead of functions.

"AWS integrations" of REST and WebSocket APIs name a service by ``arn:aws:apigateway:<region>:<service>:path/…`` or
``…:action/…`` (API reference, Integration, ``uri``), HTTP APIs by a subtype with parameters ("Integration subtype
reference", developer guide). Templates of requests are not collected: what only they name is not known.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from auditor.model.gateway import SourceRoute
from auditor.model.observed import Gap, Known, Observed, Unknown
from auditor.model.redacted import is_replaced

_URI: Final = re.compile(r"arn:([^:]*):apigateway:([^:]*):(?:([^:]*)\.)?([a-z0-9-]+):(path|action)/([^&?]*)", re.DOTALL)
"""Partition, region, what stands before the service (a bucket, say), service, form, and the rest."""
_QUEUE_URL: Final = re.compile(r"https://(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.[^/]+/([0-9]+)/([^/]+)")
_DECIDED_LATER: Final = frozenset("${}")
"""Characters of a name that a stage's variable or the caller fills in."""

_WRITES: Final = {
    "dynamodb": frozenset(
        {
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "BatchWriteItem",
            "TransactWriteItems",
            "ExecuteStatement",
            "ExecuteTransaction",
            "BatchExecuteStatement",
        }
    ),
    "events": frozenset({"PutEvents"}),
    "kinesis": frozenset({"PutRecord", "PutRecords"}),
    "s3": frozenset({"PutObject", "CopyObject", "PostObject"}),
    "sns": frozenset({"Publish", "PublishBatch"}),
    "sqs": frozenset({"SendMessage", "SendMessageBatch"}),
    "states": frozenset({"StartExecution", "StartSyncExecution"}),
}
"""The actions that bring something into a source, by service. Service Authorization Reference."""
_READS_OBJECTS: Final = frozenset({"GET", "HEAD", "DELETE"})
_SUBTYPES: Final = {
    "EventBridge-PutEvents": ("events", "EventBusName"),
    "Kinesis-PutRecord": ("kinesis", "StreamName"),
    "SQS-SendMessage": ("sqs", "QueueUrl"),
    "StepFunctions-StartExecution": ("states", "StateMachineArn"),
    "StepFunctions-StartSyncExecution": ("states", "StateMachineArn"),
}


class Place(NamedTuple):
    """Where an API is."""

    partition: str
    region: str
    account: str


class Target(NamedTuple):
    """What an integration writes to: a service, and the source's ARN; None where the answer does not name it."""

    service: str
    source: str | None


def target_of_uri(uri: str, method: str | None) -> Target | None:
    """The source that an integration of a REST or WebSocket API writes to; None where it writes to none."""
    found = _URI.match(uri)
    if found is None:
        return None
    partition, region, before, service, form, rest = found.groups()
    writes = _WRITES.get(service)
    if writes is None or (form == "action" and rest not in writes):
        return None
    if form == "path" and service == "s3":
        if method in _READS_OBJECTS:
            return None
        return Target(service, _fixed(f"arn:{partition}:s3:::{before or rest.partition('/')[0]}"))
    account, _, queue = rest.strip("/").partition("/")
    if form == "path" and service == "sqs" and queue:
        return Target(service, _fixed(f"arn:{partition}:sqs:{region}:{account}:{queue.partition('/')[0]}"))
    return Target(service, None)


def target_of_subtype(subtype: str, parameters: object, place: Place) -> Target | None:
    """The source that an integration of an HTTP API writes to; None for a subtype that writes to none."""
    service, name = _SUBTYPES.get(subtype, ("", ""))
    if not service:
        return None
    if not isinstance(parameters, dict) or is_replaced(parameters):
        return Target(service, None)
    given: Any = parameters.get(name, "default" if service == "events" else None)
    region = parameters.get("Region", place.region)
    if not isinstance(given, str) or not isinstance(region, str):
        return Target(service, None)
    return Target(service, _fixed(_named(service, given, place._replace(region=region))))


def _named(service: str, given: str, place: Place) -> str:
    here = f"arn:{place.partition}:{service}:{place.region}:{place.account}:"
    if service == "sqs":
        url = _QUEUE_URL.fullmatch(given)
        if url is None:
            return "$"
        region = url.group(1) or url.group(2)
        return f"arn:{place.partition}:sqs:{region}:{url.group(3)}:{url.group(4)}"
    if service == "states":
        return ":".join(given.split(":")[:7])  # what follows is a version or an alias
    if service == "events":
        return given if given.startswith("arn:") else f"{here}event-bus/{given}"
    return f"{here}stream/{given}"


def _fixed(arn: str) -> str | None:
    return None if _DECIDED_LATER.intersection(arn) else arn


@dataclass(slots=True)
class Writes:
    """What was read of the routes of one service's APIs that write to sources, and why some may be missing."""

    routes: list[tuple[Target, Known[SourceRoute]]] = field(default_factory=list)
    unnamed: list[tuple[str, Gap]] = field(default_factory=list)
    """By service: open routes whose answer does not name the source."""
    gaps: list[Gap] = field(default_factory=list)

    def missed(self, gap: Gap | None) -> None:
        """Notes what could not be read."""
        if gap is not None:
            self.gaps.append(gap)


Into = tuple[Observed[SourceRoute], ...]


class SourceRoutes:
    """The routes of one location that write to sources, by source."""

    def __init__(self, writes: Iterable[Writes], *, by_role: bool) -> None:
        """``by_role``: some role may trust API Gateway, without which no integration writes anything."""
        named: defaultdict[str, list[Observed[SourceRoute]]] = defaultdict(list)
        unnamed: defaultdict[str, list[Observed[SourceRoute]]] = defaultdict(list)
        gaps: list[Gap] = []
        for each in writes:
            for target, route in each.routes:
                if target.source is not None:
                    named[target.source].append(route)
            for service, gap in each.unnamed:
                unnamed[service].append(Unknown(gap))
            gaps.extend(each.gaps if by_role else ())
        self._unread: Into = tuple(Unknown(gap) for gap in dict.fromkeys(gaps))
        self._named = {source: tuple(routes) for source, routes in named.items()}
        self._any = {service: (*unnamed.get(service, ()), *self._unread) for service in _WRITES}

    def into(self, service: str, source: str) -> Into:
        """The routes that write to a source by its ARN; those that are unknown may."""
        return (*self._named.get(source, ()), *self._any.get(service, ()))
