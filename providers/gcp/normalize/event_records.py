"""Event triggers as they were read: of a function's record, or of Eventarc."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from auditor.model.observed import Observed, not_offered
from auditor.model.trigger import TriggerKind
from providers.gcp.normalize.answers import known
from providers.gcp.normalize.fields import (
    Enumeration,
    UnreadableError,
    member,
    optional_items,
    optional_member,
    optional_text,
    record,
    text,
)
from providers.gcp.normalize.names import last, project_in

TRIGGERS: Final = "eventarc:ListTriggers"

Canonical: TypeAlias = Callable[[str], str]
"""A resource's relative name, with ids instead of the numbers of projects."""

_RETRY: Final[Enumeration[bool]] = Enumeration(RETRY_POLICY_DO_NOT_RETRY=False, RETRY_POLICY_RETRY=True)
_KINDS: Final = (
    ("pubsub", TriggerKind.TOPIC, "pubsub.googleapis.com"),
    ("storage", TriggerKind.STORAGE, "storage.googleapis.com"),
    ("firestore", TriggerKind.DATABASE, "firestore.googleapis.com"),
    ("datastore", TriggerKind.DATABASE, "datastore.googleapis.com"),
    ("database", TriggerKind.DATABASE, "firebasedatabase.googleapis.com"),
    ("auth", TriggerKind.IDENTITY, "firebaseauth.googleapis.com"),
    ("scheduler", TriggerKind.SCHEDULE, "cloudscheduler.googleapis.com"),
    ("iot", TriggerKind.DEVICE, "cloudiot.googleapis.com"),
    ("workflows", TriggerKind.WORKFLOW, "workflows.googleapis.com"),
    ("audit", TriggerKind.EVENT_BUS, "logging.googleapis.com"),
)
_PATTERN: Final = "match-path-pattern"


@dataclass(frozen=True, slots=True)
class Event:
    """What starts a function. ``trigger`` names Eventarc's own, ``deliverer`` the account that delivers."""

    type: str
    service: str | None
    topic: str | None
    bucket: str | None
    resource: str | None
    account: str | None
    filters: tuple[str, ...]
    broad: tuple[str, ...]
    retry: Observed[bool]
    trigger: str | None
    deliverer: str | None


def of_record(body: dict[str, Any], canonical: Canonical) -> tuple[Event, ...]:
    """The event trigger of a function's record, none where it has none."""
    if "eventTrigger" not in body:
        return ()
    event = member(body, "eventTrigger")
    filters = [record(item) for item in optional_items(event, "eventFilters")]
    trigger = optional_text(event, "trigger")
    read = _event(
        canonical=canonical,
        kind=text(event, "eventType"),
        filters=filters,
        topic=optional_text(event, "pubsubTopic") or None,
        deliverer=optional_text(event, "serviceAccountEmail") or None,
        retry=known(_RETRY.read(event, "retryPolicy", lambda: False), ""),  # absent: failures are ignored
    )
    named = canonical(trigger) if trigger else None
    service = optional_text(event, "service") or read.service
    account = read.account or project_in(optional_text(event, "channel"))
    return (replace(read, trigger=named, service=service, account=account),)


def of_trigger(body: dict[str, Any], canonical: Canonical) -> Event:
    """A trigger of Eventarc."""
    filters = [record(item) for item in optional_items(body, "eventFilters")]
    kind = next((text(item, "value") for item in filters if item.get("attribute") == "type"), "")
    transport = optional_member(optional_member(body, "transport"), "pubsub")
    read = _event(
        canonical=canonical,
        kind=kind,
        filters=filters,
        topic=optional_text(transport, "topic") or None if "pubsub" in kind else None,
        deliverer=optional_text(body, "serviceAccount") or None,
        retry=not_offered(TRIGGERS, "an Eventarc trigger of a service has no switch for retries"),
    )
    return replace(read, trigger=canonical(text(body, "name")))


def _event(
    *,
    canonical: Canonical,
    kind: str,
    filters: list[dict[str, Any]],
    topic: str | None,
    deliverer: str | None,
    retry: Observed[bool],
) -> Event:
    shown = tuple((text(item, "attribute"), text(item, "value"), optional_text(item, "operator")) for item in filters)
    values = {attribute: value for attribute, value, _ in shown}
    resource = values.get("resource", "")
    if topic is None and "/topics/" in resource:
        topic = resource
    bucket = values.get("bucket") or (last(resource) if resource.startswith("projects/_/buckets/") else "")
    if not kind:
        raise UnreadableError("the event type is empty")
    if "pubsub" in kind and not topic:
        raise UnreadableError("the topic is missing")
    told = tuple(pair for pair in shown if pair[0] != "type")
    return Event(
        type=kind,
        service=values.get("serviceName"),
        topic=canonical(topic) if topic else None,
        bucket=bucket or None,
        resource=resource or values.get("database") or values.get("resourceName") or None,
        account=project_in(canonical(topic)) if topic else project_in(resource),
        filters=tuple(f"{attribute}={value}" for attribute, value, _ in told),
        broad=tuple(f"{attribute}={value}" for attribute, value, how in told if _is_broad(value, how)),
        retry=retry,
        trigger=None,
        deliverer=deliverer,
    )


def kind_of(event_type: str) -> tuple[TriggerKind, str]:
    """The kind of an event type, and the service it comes from."""
    lowered = event_type.lower()
    for word, kind, service in _KINDS:
        if word in lowered:
            return kind, service
    return (
        (TriggerKind.EVENT_BUS, "eventarc.googleapis.com") if lowered.startswith("google.") else (TriggerKind.OTHER, "")
    )


def _is_broad(value: str, operator: str) -> bool:
    return value == "*" or (operator == _PATTERN and "*" in value)
