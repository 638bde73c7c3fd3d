"""The most a platform sells to one function of each kind: how long it may run, how much memory it may have."""

from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.trigger import TriggerVia

_EVENT = 540
_REQUEST = 3600


def longest_run(function: Function) -> int:
    """Seconds of the longest time-out functions of its kind may have; where none is set, what its plans start with."""
    if function.cloud is Cloud.AWS:
        return 900
    if function.cloud is Cloud.AZURE:
        return 600 if _kind(function) is HostingKind.CONSUMPTION else 1800
    return _EVENT if _kind(function) is HostingKind.FIRST_GENERATION or _starts_by_event(function) else _REQUEST


def most_memory(function: Function) -> int | None:
    """Megabytes; None where memory belongs to the plan and not to the function."""
    if function.cloud is Cloud.AWS:
        return 10240
    if function.cloud is Cloud.AZURE:
        return 4096 if _kind(function) is HostingKind.FLEX_CONSUMPTION else None
    return 8192 if _kind(function) is HostingKind.FIRST_GENERATION else 32768


def _kind(function: Function) -> HostingKind:
    return function.hosting.need().kind


def _starts_by_event(function: Function) -> bool:
    """A trigger makes a function of the second generation one for events, whatever else may call its address."""
    return any(
        isinstance(group, Known) and any(t.via is TriggerVia.EVENT_TRIGGER for t in group.value)
        for group in function.triggers
    )
