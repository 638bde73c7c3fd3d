"""Who can set a function off through one of its triggers."""

from enum import StrEnum
from typing import Final

from auditor.analysis.source_routes import open_source_routes
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.observed import Known, Unanswered
from auditor.model.trigger import Trigger, TriggerKind


class TriggerReach(StrEnum):
    """Who can send through a trigger. Ordered widest first."""

    PUBLIC = "public"
    """Anybody: callers from the internet, or every customer of the cloud."""
    EXTERNAL = "external"
    """Others than the account and its organization: named principals, holders of a key, services for anybody."""
    INTERNAL = "internal"
    """The account and its organization alone."""


_INTERNAL: Final = frozenset({Reach.SCOPED, Reach.ORGANISATION, Reach.NONE})
_EVERYBODY: Final = frozenset({"*", "allUsers", "allAuthenticatedUsers"})
_ANYONE: Final = "anyone "
"""With which sources say that they ask nobody who sends."""


def trigger_reach(function: Function, trigger: Trigger) -> TriggerReach | None:
    """Who can send through it; None where that is not known, or a gateway in front of the function decides."""
    if _routed(trigger):
        return TriggerReach.PUBLIC
    if isinstance(trigger.source_grants, Known):
        others = [grant.reach for grant in trigger.source_grants.value if not grant.own_organization]
        return _widest(others) if others else TriggerReach.INTERNAL
    if isinstance(trigger.open_to, Known):
        return _of_names(trigger.open_to.value)
    if trigger.kind is TriggerKind.SCHEDULE:
        return TriggerReach.INTERNAL
    if trigger.kind is TriggerKind.HTTP:
        return _of_endpoints(function, trigger)
    return None


def _routed(trigger: Trigger) -> bool:
    """Whether an open route of an API writes to its source, of those that could be read."""
    try:
        return next(open_source_routes(trigger), None) is not None
    except Unanswered:
        return False


def _of_names(names: tuple[str, ...]) -> TriggerReach:
    if any(name in _EVERYBODY or name.startswith(_ANYONE) for name in names):
        return TriggerReach.PUBLIC
    return TriggerReach.EXTERNAL if names else TriggerReach.INTERNAL


def _of_endpoints(function: Function, trigger: Trigger) -> TriggerReach | None:
    """That of the endpoint which is the trigger; a handler answers on every endpoint of its app."""
    endpoints = function.endpoints.value if isinstance(function.endpoints, Known) else ()
    own = [each for each in endpoints if trigger.handler is not None or each.url == trigger.source]
    known = [each.reach.value for each in own if isinstance(each.reach, Known)]
    if any(reach.public for reach in known):
        return TriggerReach.PUBLIC
    return _widest(known) if known and len(known) == len(own) else None


def _widest(reaches: list[Reach]) -> TriggerReach | None:
    if any(reach.public for reach in reaches):
        return TriggerReach.PUBLIC
    if Reach.UNRECOGNISED in reaches:
        return None
    return TriggerReach.INTERNAL if _INTERNAL.issuperset(reaches) else TriggerReach.EXTERNAL
