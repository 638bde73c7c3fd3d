"""EventBridge: rules, pipes and schedules."""

from dataclasses import replace

from auditor.model.capture import Json
from auditor.model.observed import Gap
from auditor.model.trigger import Flow, TriggerKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import choice, filled_text, member, optional_member, optional_text, text
from providers.aws.normalize.sources.reading import EVERYTHING, Delivery, Reading, delivery, is_function

_BUSES = "events:ListEventBuses"
_RULES = "events:ListRules"
_TARGETS = "events:ListTargetsByRule"
_PIPES = "pipes:ListPipes"
_SCHEDULES = "scheduler:ListSchedules"

_RULE_STATES = {"ENABLED": True, "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS": True, "DISABLED": False}
_ON = {"ENABLED": True, "DISABLED": False}
_PIPE_STATES = {
    **dict.fromkeys(("RUNNING", "CREATING", "UPDATING", "STARTING", "UPDATE_FAILED", "START_FAILED"), True),
    **dict.fromkeys(("STOPPED", "STOPPING", "DELETING", "CREATE_FAILED", "DELETE_FAILED", "STOP_FAILED"), False),
    **dict.fromkeys(("CREATE_ROLLBACK_FAILED", "DELETE_ROLLBACK_FAILED", "UPDATE_ROLLBACK_FAILED"), True),
}


class _Rules:
    """The rules of every bus of a location."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.deliveries: list[Delivery] = []
        self.flows: list[Flow] = []
        self.gaps: dict[str, Gap] = {}
        self.resources: set[str] = set()

    def read(self) -> Reading:
        """Bus by bus, rule by rule."""
        buses = self._answers.pages(_BUSES, "EventBuses")
        listed = self._answers.readable(buses, lambda body: (text(body, "Name"), text(body, "Arn")))
        self._missed(EVERYTHING, listed.gap)
        for name, arn in listed.items:
            self._bus(name, arn)
        return Reading(
            service="events",
            operation=_TARGETS,
            deliveries=tuple(self.deliveries),
            flows=tuple(self.flows),
            gaps=self.gaps,
            resources=frozenset(self.resources) if EVERYTHING not in self.gaps else None,
            by_role=True,
        )

    def _missed(self, resource: str, gap: Gap | None) -> None:
        if gap is not None:
            self.gaps.setdefault(resource, gap)

    def _bus(self, name: str, arn: str) -> None:
        rules = self._answers.pages(_RULES, "Rules", name)
        listed = self._answers.readable(rules, _rule)
        self._missed(EVERYTHING, listed.gap)
        for rule, enabled, pattern, scheduled in listed.items:
            self.resources.add(rule)
            if enabled and not scheduled:
                filters = (pattern,) if pattern else ()
                self.flows.append(Flow(source=arn, target=rule, service="events", operation=_RULES, filters=filters))
            self._rule(rule, enabled=enabled, pattern=pattern, scheduled=scheduled)

    def _rule(self, rule: str, *, enabled: bool, pattern: str | None, scheduled: bool) -> None:
        targets = self._answers.pages(_TARGETS, "Targets", rule)
        listed = self._answers.readable(targets, _target)
        self._missed(rule, listed.gap)
        kind = TriggerKind.SCHEDULE if scheduled else TriggerKind.EVENT_BUS
        for target, kept in listed.items:
            if is_function(target):
                filters = (pattern,) if pattern else ()
                made = delivery(target, "events", rule, kind, asynchronous=True, enabled=enabled, filters=filters)
                self.deliveries.append(
                    Delivery(made.function, replace(made.trigger, dead_letter=known(kept, _TARGETS)))
                )
            elif enabled:
                self.flows.append(Flow(source=rule, target=target, service="events", operation=_TARGETS))


def _target(body: Json) -> tuple[str, bool]:
    """Where a rule sends its events, and whether those that cannot be delivered are kept."""
    kept = optional_member(body, "DeadLetterConfig")  # absent: they are dropped
    return text(body, "Arn"), kept is not None and filled_text(kept, "Arn") is not None


def _rule(body: Json) -> tuple[str, bool, str | None, bool]:
    pattern = optional_text(body, "EventPattern")
    scheduled = pattern is None and optional_text(body, "ScheduleExpression") is not None
    return text(body, "Arn"), choice(body, "State", _RULE_STATES), pattern, scheduled


def rules(answers: Answers) -> Reading:
    """What rules send."""
    return _Rules(answers).read()


def pipes(answers: Answers) -> Reading:
    """What pipes send, as their target or for enrichment."""
    listing = answers.pages(_PIPES, "Pipes")
    read = answers.readable(listing, _pipe)
    gaps = {EVERYTHING: read.gap} if read.gap else {}
    deliveries: list[Delivery] = []
    flows: list[Flow] = []
    for arn, enabled, source, targets in read.items:
        if enabled:
            flows.append(Flow(source=source, target=arn, service="pipes", operation=_PIPES))
        for target in targets:
            if is_function(target):
                made = delivery(target, "pipes", arn, TriggerKind.EVENT_BUS, asynchronous=False, enabled=enabled)
                deliveries.append(made)
            elif enabled:
                flows.append(Flow(source=arn, target=target, service="pipes", operation=_PIPES))
    return Reading(
        service="pipes",
        operation=_PIPES,
        deliveries=tuple(deliveries),
        flows=tuple(flows),
        gaps=gaps,
        resources=None if read.gap else frozenset(arn for arn, *_ in read.items),
        by_role=True,
    )


def _pipe(body: Json) -> tuple[str, bool, str, tuple[str, ...]]:
    enrichment = optional_text(body, "Enrichment")
    enabled = choice(body, "CurrentState", _PIPE_STATES)
    targets = (text(body, "Target"), *((enrichment,) if enrichment else ()))
    return text(body, "Arn"), enabled, text(body, "Source"), targets


def schedules(answers: Answers) -> Reading:
    """What schedules start."""
    listing = answers.pages(_SCHEDULES, "Schedules")
    read = answers.readable(listing, _schedule)
    return Reading(
        service="scheduler",
        operation=_SCHEDULES,
        deliveries=tuple(
            delivery(target, "scheduler", arn, TriggerKind.SCHEDULE, asynchronous=True, enabled=enabled)
            for arn, target, enabled in read.items
            if is_function(target)
        ),
        flows=tuple(
            Flow(source=arn, target=target, service="scheduler", operation=_SCHEDULES)
            for arn, target, enabled in read.items
            if enabled and not is_function(target)
        ),
        gaps={EVERYTHING: read.gap} if read.gap else {},
        resources=None if read.gap else frozenset(arn for arn, _, _ in read.items),
        by_role=True,
    )


def _schedule(body: Json) -> tuple[str, str, bool]:
    return text(body, "Arn"), text(member(body, "Target"), "Arn"), choice(body, "State", _ON)
