"""What starts functions by calling their URL, as triggers: told by the caller alone, for the function only answers."""

from collections.abc import Iterator
from typing import Any, Final

from auditor.model.observed import Known, Observed, Unknown, not_offered
from auditor.model.trigger import Certainty, Flow, Trigger, TriggerKind, TriggerVia
from providers.gcp.normalize.answers import Told, known
from providers.gcp.normalize.assets import JOB, QUEUE, SUBSCRIPTION, WORKFLOW
from providers.gcp.normalize.callers import LISTS, Call, Callers
from providers.gcp.normalize.event_source_access import EventSourceAccess
from providers.gcp.normalize.events import Events
from providers.gcp.normalize.fields import member, optional_member, optional_text, text
from providers.gcp.normalize.function_list import Entry
from providers.gcp.normalize.names import last, project_in
from providers.gcp.normalize.project_index import Grants, ProjectIndex

Group = Observed[tuple[Trigger, ...]]

_KINDS: Final = {
    SUBSCRIPTION: (TriggerKind.TOPIC, "pubsub.googleapis.com"),
    JOB: (TriggerKind.SCHEDULE, "cloudscheduler.googleapis.com"),
    QUEUE: (TriggerKind.QUEUE, "cloudtasks.googleapis.com"),
    WORKFLOW: (TriggerKind.WORKFLOW, "workflows.googleapis.com"),
}
_STOPPED: Final = frozenset({"DISABLED", "PAUSED", "RESOURCE_ERROR", "UNAVAILABLE", "UPDATE_FAILED"})
"""States of callers in which they call nothing."""
_MADE_BY_EVENTARC: Final = "eventarc-"


class CallingTriggers:
    """The callers of the functions of one project, as triggers."""

    def __init__(self, estate: ProjectIndex, project: str, callers: Callers, events: Events) -> None:
        self._estate = estate
        self._project = project
        self._callers = callers
        self._events = events
        self._writers = EventSourceAccess(estate, project)
        self._delivering, self._doubt = events.own_subscriptions()

    def groups(
        self, entry: Entry, urls: tuple[str, ...], email: Observed[str], policies: tuple[Observed[Grants], ...]
    ) -> tuple[Group, ...]:
        """The callers of a function, and a group of its own for each list that may hold more."""
        calls = [call for call in self._callers.calls(entry, urls) if not self._of_eventarc(call)]
        found = tuple(dict.fromkeys(self._trigger(call, entry, email, policies) for call in calls))
        source = calls[0].told.source if calls else LISTS[SUBSCRIPTION][0]
        gaps = self._callers.gaps(self._project) if urls else {}
        groups: tuple[Group, ...] = (known(found, source),) if found or not gaps else ()
        return (*groups, *(Unknown(gap) for gap in gaps.values()))

    def _of_eventarc(self, call: Call) -> bool:
        """Whether it is the way by which a trigger of Eventarc delivers: that trigger is told by itself."""
        if call.kind != SUBSCRIPTION:
            return False
        name = self._estate.canonical(call.told.name)
        return name in self._delivering or (self._doubt is not None and last(name).startswith(_MADE_BY_EVENTARC))

    def _trigger(
        self, call: Call, entry: Entry, email: Observed[str], policies: tuple[Observed[Grants], ...]
    ) -> Trigger:
        kind, service = _KINDS[call.kind]
        told = call.told
        name = self._estate.canonical(told.name)
        topic = self._topic(told) if call.kind == SUBSCRIPTION else None
        none = not_offered(told.source, "it makes its calls itself")
        deliverer = told.fact(lambda body: _account(body, call.kind))
        invokes = deliverer.then(lambda account: self._events.may_invoke(entry, policies, account))
        source = topic or name
        written = None if call.kind == JOB else source
        return Trigger(
            kind=kind,
            service=service,
            source=source,
            account=project_in(source),
            via=TriggerVia.SOURCE,
            enabled=not _stopped(told.body),
            asynchronous=True,
            qualifier=None,
            filters=_filters(told.body),
            authentication=not_offered(told.source, "nothing is fetched from it"),
            open_to=self._writers.strangers(written) if written else none,
            retry=known(True, told.source) if topic else none,
            dead_letter=told.fact(_kept) if topic else none,
            writes_back=self._writers.may_write(written, email) if written else none,
            writers=self._writers.writers(written) if written else none,
            can_invoke=invokes,
            deliverer=deliverer if call.kind == SUBSCRIPTION else none,
            certainty=Certainty.SOURCE_ONLY,
        )

    def _topic(self, told: Told) -> str | None:
        topic = told.fact(lambda body: optional_text(body, "topic"))
        return self._estate.canonical(topic.value) if isinstance(topic, Known) and topic.value else None

    def flows(self) -> tuple[Observed[tuple[Flow, ...]], ...]:
        """What schedules and subscriptions pass on to topics and buckets."""
        gaps = self._callers.gaps(self._project)
        groups: list[Observed[tuple[Flow, ...]]] = []
        for kind, read in ((JOB, self._scheduled), (SUBSCRIPTION, self._passed_on)):
            told = self._callers.told(self._project, kind)
            facts = [each.fact(lambda body, name=each.name, read=read: tuple(read(body, name))) for each in told]  # type: ignore[misc]
            found = tuple(flow for fact in facts if isinstance(fact, Known) for flow in fact.value)
            gap = gaps.get(kind) or next((fact.gap for fact in facts if isinstance(fact, Unknown)), None)
            if found or gap is None:
                groups.append(known(found, told[0].source if told else LISTS[kind][0]))
            if gap is not None:
                groups.append(Unknown(gap))
        return tuple(groups)

    def _scheduled(self, body: dict[str, Any], name: str) -> Iterator[Flow]:
        topic = optional_text(optional_member(body, "pubsubTarget"), "topicName")
        if topic:
            yield self._flow(name, topic, JOB)

    def _passed_on(self, body: dict[str, Any], _name: str) -> Iterator[Flow]:
        topic = text(body, "topic")
        dead = optional_text(optional_member(body, "deadLetterPolicy"), "deadLetterTopic")
        if dead:
            yield self._flow(topic, dead, SUBSCRIPTION)
        bucket = optional_text(optional_member(body, "cloudStorageConfig"), "bucket")
        if bucket:
            yield self._flow(topic, f"projects/_/buckets/{bucket}", SUBSCRIPTION)

    def _flow(self, source: str, target: str, kind: str) -> Flow:
        canonical, service = self._estate.canonical, _KINDS[kind][1]
        return Flow(source=canonical(source), target=canonical(target), service=service, operation=LISTS[kind][0])


def _stopped(body: dict[str, Any]) -> bool:
    state = body.get("state")
    return isinstance(state, str) and state in _STOPPED


def _filters(body: dict[str, Any]) -> tuple[str, ...]:
    """The expression by which a subscription chooses among the messages of its topic."""
    expression = body.get("filter")
    return (f"filter={expression}",) if isinstance(expression, str) and expression else ()


def _account(body: dict[str, Any], kind: str) -> str | None:
    """The account whose token a caller sends; None for one that sends none."""
    if kind == WORKFLOW:
        return (optional_text(body, "serviceAccount") or "").rpartition("/")[2] or None
    config = optional_member(body, "pushConfig" if kind == SUBSCRIPTION else "httpTarget")
    return optional_text(member(config, "oidcToken"), "serviceAccountEmail") if "oidcToken" in config else None


def _kept(body: dict[str, Any]) -> bool:
    return bool(optional_text(optional_member(body, "deadLetterPolicy"), "deadLetterTopic"))
